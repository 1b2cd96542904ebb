"""活动积分: earned by taking part, spent on small prizes, gone when they are old; never below nothing (SPEC K22)."""
