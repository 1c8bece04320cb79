"""A brief as people paste it, into items."""
