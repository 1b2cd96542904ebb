"""Who is about to leave, why, and whether the cure worked. 流失."""
