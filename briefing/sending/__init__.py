"""Mailing an issue: never twice to anybody, and nobody skipped in silence."""
