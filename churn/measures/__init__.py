"""改进措施: what was done about a cause, and whether it helped (C15–C20, B8)."""
