"""心声和督导: colleagues say what they think and need and are answered; the management oversees the two groups (C7, C21, C25)."""
