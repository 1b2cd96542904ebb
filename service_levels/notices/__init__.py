"""变化通知: a family is told what it has more of since its plan changed, and by a person what it has less of (SPEC X6)."""
