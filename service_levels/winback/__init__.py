"""挽回: a group of colleagues wins a family back by a strategy of its own, and shows it what was done (SPEC K28–K31, X8)."""
