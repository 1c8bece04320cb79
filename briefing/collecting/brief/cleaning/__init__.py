"""Clean a brief before it is read: names, times, headers and whatever else programs put around the editor's words."""
