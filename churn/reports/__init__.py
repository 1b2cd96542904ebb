"""流失分析报告: what losses are made of, for the weekly meeting and the management (C4c, C14f)."""
