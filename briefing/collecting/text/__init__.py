"""What all readers of foreign text share: dates, word lists, and literal Markdown."""
