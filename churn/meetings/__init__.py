"""每周例会: the agenda that builds itself, the meeting as it is held, its minutes (C3, C4, C12, B16)."""
