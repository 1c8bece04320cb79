"""Passwords and keys of editors: where they are kept, and how they are asked for."""
