"""原因和改进: why a family is less content, what is changed for it, and that it hears of it (SPEC K24e, K25)."""
