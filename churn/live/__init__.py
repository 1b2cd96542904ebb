"""此刻: losses and measures as they stand this minute, on the board without reloading (C27)."""
