"""Checks of an email that arrived in an inbox (`check --received`): what was changed on its way there."""
