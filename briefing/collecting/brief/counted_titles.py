"""Take away titles of sections that only count or measure single items: "812 points", "655 points"."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from .model import ParsedItem, left_out_above

_DIGITS = re.compile(r"\d+")
_LEAST = 2


def without_counted_titles(items: Sequence[ParsedItem]) -> list[ParsedItem]:
    """Items without the titles above them that differ only in their numbers, each above a single item; notes quote
    them.
    """
    titles = filter(None, (parsed.section for parsed in items))
    alike: dict[str, list[str]] = defaultdict(list)
    for title in titles:
        alike[_DIGITS.sub("0", title)].append(title)
    counted: set[str] = set()
    for group in alike.values():
        # A title above two items is in the group twice.
        if len(group) == len(set(group)) >= _LEAST:
            counted.update(group)
    return [
        _without_title(parsed) if parsed.section in counted else parsed
        for parsed in items
    ]


def _without_title(parsed: ParsedItem) -> ParsedItem:
    note = left_out_above(parsed.section)
    return replace(
        parsed,
        section="",
        notes=(note, *parsed.notes),
    )
