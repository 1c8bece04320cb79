"""briefing: compose a weekly brief, look at it, and mail it to its subscribers."""
