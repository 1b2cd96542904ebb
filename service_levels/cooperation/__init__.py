"""深度合作: families that help to shape the school, what they say and what comes of it (SPEC K18)."""
