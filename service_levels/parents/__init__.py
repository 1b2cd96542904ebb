"""家长的一边: asking without an account, looking what became of it, saying whether it helped (K43, S14, S21)."""
