"""From an edition of an issue to what its readers see: HTML, plain text and pictures."""
