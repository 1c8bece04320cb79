"""Files that survive a crash, and locks that only one process holds."""
