"""Turn a rendered edition into the bytes of one reader's email."""
