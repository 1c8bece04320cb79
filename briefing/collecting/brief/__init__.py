"""Turn a brief as people paste it into items."""
