"""The emails that a sync sends to individual people."""
