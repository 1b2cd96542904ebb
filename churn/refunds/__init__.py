"""退费: what a refund comes to by local rules, and what a save offer would cost instead (C10b, C23b, B23)."""
