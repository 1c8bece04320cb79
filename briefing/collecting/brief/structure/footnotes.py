"""Links that a brief lists at its end ("[1] https://…") and refers to by number."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefing.collecting.brief.structure.rows import Row

_LEAST = 2
_LISTED = re.compile(r"[\[(](\d{1,3})[\])]:? ?\S+")
_REFERENCE = re.compile(r" ?(?:\[(\d{1,3})\]|\((\d{1,3})\)$)")


def with_listed_links(rows: Sequence[Row]) -> list[Row]:
    """Give each row the links that it refers to, and leave out their list; the same rows without such a list."""
    listed = {row.number: _number(row) for row in rows if _is_listed(row)}
    links = {
        _number(row): row.addresses[0] for row in rows if row.number in listed
    }
    if len(links) < _LEAST or len(links) < len(listed):
        return list(rows)
    return [_linked(row, links) for row in rows if row.number not in listed]


def _is_listed(row: Row) -> bool:
    return len(row.links) == 1 and _LISTED.fullmatch(row.raw) is not None


def _number(row: Row) -> str:
    listed = _LISTED.fullmatch(row.raw)
    return listed[1] if listed else ""


def _linked(row: Row, links: Mapping[str, str]) -> Row:
    found = ("".join(pair) for pair in _REFERENCE.findall(row.words))
    numbers = [number for number in found if number in links]
    if not numbers:
        return row
    words = _REFERENCE.sub(
        lambda match: "" if (match[1] or match[2]) in links else match[0],
        row.words,
    )
    further = tuple((words, links[number]) for number in numbers)
    return replace(row, words=words, links=(*row.links, *further))
