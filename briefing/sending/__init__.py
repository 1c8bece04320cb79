"""Mailing an issue: no reader gets it twice, and none is skipped silently."""
