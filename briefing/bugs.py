"""Describe a bug in briefing to the user."""

import traceback
from pathlib import Path


def describe_bug(error: Exception) -> str:
    """Name the type and place of a bug, but not its message, which may contain an address or the
    draft.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    file = Path(place.filename).name
    return (
        f"a bug in briefing ({type(error).__name__}, {file} line {place.lineno}). "
        "Please report it to briefing's developers"
    )
