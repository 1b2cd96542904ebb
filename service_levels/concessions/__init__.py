"""优惠: what a published rule gives a family, within a budget, approved by a second person (SPEC X10)."""
