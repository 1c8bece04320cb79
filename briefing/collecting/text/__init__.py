"""What everything that reads pages, feeds and documents shares: dates, word lists, literal Markdown."""
