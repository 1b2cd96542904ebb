"""投诉与意见: the hotline's log, the suggestion box, and what came of each (C23a, C26)."""
