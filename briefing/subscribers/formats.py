"""Open a list of subscribers in whatever format it is stored."""

from pathlib import Path

from briefing.subscribers import csv_file
from briefing.subscribers.subscriber_list import SubscriberList


def open_list(path: Path) -> SubscriberList:
    """Read the list at `path`.

    Raises SubscribersError if the file as a whole can't be trusted, NotFoundError if it doesn't
    exist.
    """
    return csv_file.open_csv(path)
