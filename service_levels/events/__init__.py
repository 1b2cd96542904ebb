"""活动: planned for whom they suit, prepared by a list, answered and signed in to by a link (SPEC K17, K27, K31c, K35)."""
