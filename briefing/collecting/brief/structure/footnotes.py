"""Find links and sources that a brief lists at its end, and refers to by number or letter: "[1] https://…",
"A: https://…", "[2] Harbour Post, 3 May, https://…".
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from .row import Row, Rows, continues_below

_LEAST = 2
# "[1] https://…", "(1) https://…", "¹ https://…"
_LISTED = re.compile(
    r"(?:\[(\d{1,3})\]|\((\d{1,3})\)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})):? ?(?=\S)"
)
# "A: https://…", "1. https://…", "1) https://…"
_COUNTED = re.compile(r"([A-Z]|\d{1,3})[.):] (?=\S)")
_ADDRESS = re.compile(r"<?(?:https?://|www\.)\S+")
_REFERENCE = re.compile(
    # Round brackets only at the end of a row: elsewhere they may count anything, "Ferry (2) stops".
    r" ?(?:\[(\d{1,3})\]|\((\d{1,3})\)$)"
    # Not in "km²".
    r"|(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?)”\"»]))([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

References = Mapping[str, Sequence[int]]
"""The places of the rows that refer to each listed row, by its number or letter."""


def with_listed_links(rows: Rows) -> list[Row]:
    """Give each row the links that it refers to, with sources in rows below it, and leave out their list; the same rows
    without such a list.
    """
    addresses = list(filter(_is_address, rows))
    sources = [row for row in rows if _LISTED.match(row.raw)]
    # These are sources only if each has its number above.
    linked = [row for row in rows if row.links and _counter_of(row)]
    for found in (addresses, sources, linked):
        listed = _listed(found)
        references = _references(rows, listed)
        # A list of addresses may have some that no row refers to.
        are_listed = found is addresses or len(references) == len(listed)
        if are_listed and len(references) >= _LEAST:
            return list(_moved(rows, listed, references))
    return list(rows)


def is_listed_address(line: str) -> bool:
    """Whether a line is only an address with its number or letter."""
    key = _LISTED.match(line) or _COUNTED.match(line)
    return bool(key and _ADDRESS.fullmatch(line, key.end()))


def _is_address(row: Row) -> bool:
    return len(row.links) == 1 and is_listed_address(row.raw)


def _listed(rows: Rows) -> dict[str, Row]:
    """Rows by their numbers or letters; none if two have the same."""
    keyed = [(_key(row), row) for row in rows]
    listed = dict(keyed)
    return listed if len(listed) == len(keyed) else {}


def _key(row: Row) -> str:
    """The number or letter in front of a row, with its kind; "" without one."""
    listed = _LISTED.match(row.raw)
    return _key_of(listed) if listed else _counter_of(row)


def _counter_of(row: Row) -> str:
    """The number or letter in front of a row, without brackets around it; "" without one."""
    counted = _COUNTED.match(row.raw)
    return counted[1] if counted else ""


def _key_of(match: re.Match[str]) -> str:
    """The number in brackets, or in small digits, with square brackets."""
    number = next(filter(None, match.groups()))
    return f"[{number.translate(_SUPERSCRIPTS)}]"


def _references(rows: Rows, listed: Mapping[str, Row]) -> References:
    """The rows that refer to listed ones. Only one may have the number or letter of a link in front."""
    numbers = {row.number for row in listed.values()}
    found: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.number not in numbers:
            for key in _keys_in(row):
                found[key].append(place)
    return {
        key: places
        for key, places in found.items()
        if key in listed and (key.startswith("[") or len(places) == 1)
    }


def _keys_in(row: Row) -> Iterator[str]:
    yield from map(_key_of, _REFERENCE.finditer(row.words))
    counter = _counter_of(row)
    if counter and not row.links:
        yield counter


def _moved(
    rows: Rows, listed: Mapping[str, Row], references: References
) -> Iterator[Row]:
    """Rows with what they refer to: a link belongs to each of them, a source is below the first."""
    left_out = {listed[key].number for key in references}
    sources: list[Row] = []
    for place, row in enumerate(rows):
        if row.number in left_out:
            continue
        found = {key: listed[key] for key in _keys_in(row) if key in references}
        yield _linked(row, found)
        sources += _sources_first_at(place, found, references)
        # A row may go on in the next one, which mustn't be parted from it by a source.
        if not continues_below(rows, place):
            yield from (_source_below(row, source) for source in sources)
            sources = []


def _sources_first_at(
    place: int, found: Mapping[str, Row], references: References
) -> list[Row]:
    """The sources that the row in a place refers to, and none above it."""
    return [
        source
        for key, source in found.items()
        if references[key][0] == place and not _is_address(source)
    ]


def _source_below(row: Row, source: Row) -> Row:
    """A listed source, in the paragraph of the row that refers to it."""
    key = _LISTED.match(source.words)
    return replace(
        source,
        mark="",
        words=source.words[key.end() :] if key else source.words,
        block=row.block,
        paragraph=row.paragraph,
    )


def _linked(row: Row, found: Mapping[str, Row]) -> Row:
    """A row with the links that it refers to, and without these references."""
    if not found:
        return row
    words = _REFERENCE.sub(
        lambda match: "" if _key_of(match) in found else match[0],
        row.words,
    )
    counted = _COUNTED.match(words)
    if counted and counted[1] in found:
        words = words[counted.end() :]
    further = tuple(
        (words, other.addresses[0])
        for other in found.values()
        if _is_address(other)
    )
    return replace(row, words=words, links=(*row.links, *further))
