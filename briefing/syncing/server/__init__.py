"""The server where readers leave and join, as home sees it."""
