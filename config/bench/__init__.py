"""Long measurements against the smallest honest program that does the same work on the same engine (QUALITY E)."""
