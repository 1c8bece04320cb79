"""Open a list of subscribers in whatever format it is stored."""

from pathlib import Path

from . import csv_file
from .subscriber_list import EditableList

NEW_LIST = b"email,name,lang\n"
"""What a new list contains."""


def open_list(path: Path, *, checked: bool = True) -> EditableList:
    """Read the list at `path`.

    Raises SubscribersError if the file as a whole can't be trusted, NotFoundError if it doesn't
    exist. Unless `checked`, `rows` raises SubscribersError when it reaches a mistake: for callers that
    trust no row until they have read the last one.
    """
    return csv_file.open_csv(path, checked=checked)


def parse_editable(path: Path, data: bytes) -> EditableList:
    """Return the list that is stored as `data`. Raises SubscribersError."""
    return csv_file.parse_csv(path, data)
