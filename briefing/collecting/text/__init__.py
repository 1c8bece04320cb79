"""What all readers of foreign text share: dates, and Markdown that reads literally."""
