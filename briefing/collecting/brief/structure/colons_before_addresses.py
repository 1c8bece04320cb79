"""Remove the colons with which headlines lead to their addresses: "Court opens at night: https://…"."""

from collections import Counter
from dataclasses import replace

from briefing.collecting.brief.lines.sentences import ends_with_colon

from .headline_words import can_be_headline
from .row import Row, Rows, same_address

_LEAST = 3


def without_colons_before_addresses(rows: Rows) -> list[Row]:
    """Rows without the colons between headlines and addresses; the same rows unless most links follow such a colon.

    In other briefs, "See also: https://…" only leads elsewhere, and so do words that are repeated: "Online: https://…".
    """
    announced = _announced(rows)
    linked = sum(bool(row.links) for row in rows)
    if len(announced) < _LEAST or len(announced) * 2 < linked:
        return list(rows)
    return [
        _without_colon(row) if row.number in announced else row for row in rows
    ]


def _announced(rows: Rows) -> set[int]:
    """The numbers of rows in which a headline leads to its address."""
    count = Counter(_words_before(row) for row in rows if row.links)
    return {
        row.number
        for above, row in zip([None, *rows], rows, strict=False)
        if _announces(row)
        and count[_words_before(row)] == 1
        and not _is_below_words(row, above)
    }


def _announces(row: Row) -> bool:
    """Whether a row is what may be a headline, a colon and an address."""
    if not row.links or row.is_address or not same_address(*row.links[-1]):
        return False
    words = row.without_addresses
    # Behind "Bridge closed https://…:", the colon leads to the next row.
    is_last = row.words.endswith(row.links[-1][0])
    return (
        is_last
        and ends_with_colon(words)
        and can_be_headline(_words_before(row))
    )


def _words_before(row: Row) -> str:
    return row.without_addresses.rstrip(" :：")


def _is_below_words(row: Row, above: Row | None) -> bool:
    """Whether a row is below one without a link in its paragraph: rather that one is the headline."""
    if above is None or above.block != row.block:
        return False
    return not above.links


def _without_colon(row: Row) -> Row:
    address = row.links[-1][0]
    words = row.words.removesuffix(address).rstrip(" :：")
    return replace(row, words=f"{words} {address}")
