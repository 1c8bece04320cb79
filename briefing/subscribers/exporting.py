"""Write readers as a CSV file for other programs. No I/O."""

import csv
import io
from collections.abc import Iterable, Iterator

from briefing.keys import Key

from .csv_columns import escape_formula
from .subscriber import Subscriber
from .subscriber_list import SubscriberList, read_all
from .suppression import Suppression, token_of

_ENCODING = "utf-8-sig"
"""With the mark by which spreadsheets recognise UTF-8."""


def active(
    subscribers: SubscriberList, key: Key, suppression: Suppression
) -> Iterator[Subscriber]:
    """Yield the readers who get emails, each once: those who unsubscribed and unusable rows are left
    out.
    """
    for reader in read_all(subscribers).subscribers:
        if token_of(key, reader.identity) not in suppression:
            yield reader


def as_csv(readers: Iterable[Subscriber]) -> bytes:
    """Return these readers with all their columns. No cell is a formula for a spreadsheet."""
    rows = list(readers)
    others: dict[str, None] = {}
    for reader in rows:
        others |= dict.fromkeys(reader.columns)
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["email", "name", "lang", *others])
    for reader in rows:
        cells = [reader.columns.get(column, "") for column in others]
        writer.writerow(
            map(
                escape_formula,
                [reader.address, reader.name, reader.lang, *cells],
            )
        )
    return file.getvalue().encode(_ENCODING)
