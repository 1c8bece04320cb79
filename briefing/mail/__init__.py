"""From a rendered edition to the bytes of one reader's mail."""
