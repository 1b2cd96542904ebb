"""流失个案: opened by rules or by hand, their causes, what became of them."""
