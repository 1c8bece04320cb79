"""Checks that run before an issue is sent. Each family of rules is a module."""
