"""Checks: what an editor would want to know of an issue before it goes out. A family of rules a file."""
