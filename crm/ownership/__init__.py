"""撞单裁决: the same family reached two colleagues or campuses; evidence, a proposal by rule, a supervisor's word, undo (B25)."""
