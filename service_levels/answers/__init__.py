"""常见问题 and 答复模板: what is asked again and again is answered once (S14)."""
