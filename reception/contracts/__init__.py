"""电子合同 (R24–R29, R44c): approved templates, the walk through every clause, a drawn signature, a sealed PDF."""
