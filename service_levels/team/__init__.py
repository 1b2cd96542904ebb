"""团队: what colleagues bring along, families shared out by rules, leave with a stand-in, planned training (SPEC K32, K33, S23a)."""
