"""Checks of an email that arrived in somebody's inbox (`check --received`): what its way there changed."""
