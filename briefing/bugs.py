"""How a bug in briefing is described to the person who met it."""

import traceback
from pathlib import Path


def describe_bug(error: Exception) -> str:
    """Name a bug's type and place, but not its message, which may contain a subscriber's address or
    the draft.
    """
    place = traceback.extract_tb(error.__traceback__)[-1]
    file = Path(place.filename).name
    return f"a bug in briefing ({type(error).__name__}, {file} line {place.lineno}). Please report it"
