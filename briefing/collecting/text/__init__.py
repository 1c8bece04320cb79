"""What all readers of foreign text share: charsets, dates, Markdown that reads literally."""
