"""A school's own spreadsheets on their way into the archive: read, map, check, write, undo."""
