"""Turns an edition of an issue into what its readers see: HTML, plain text and pictures."""
