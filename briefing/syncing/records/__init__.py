"""What syncs remember: files in `.briefing`, without addresses."""
