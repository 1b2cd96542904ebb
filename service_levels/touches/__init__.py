"""应触达: contacts that plans owe to families, what settles them, and whether they were kept (SPEC B7)."""
