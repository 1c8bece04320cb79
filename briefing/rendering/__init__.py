"""Render an edition of an issue as its readers see it: HTML, plain text and pictures."""
