"""Feeds: what is in them, and what is new since last time."""
