"""Take out of a brief, before it is read, what programs put around the editor's words: names, times, headers."""
