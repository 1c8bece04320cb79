"""Briefs in many layouts, and what is true in them."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import assume
from hypothesis import strategies as st

BEFORE = dt.date(2024, 3, 8)
"""The date of the briefs."""
TITLES = (
    "Weavers describe the contracts of the camp",
    "Court rejects a third appeal",
    "Fishermen want their boats back",
    "Nurses refuse to sign the pledge",
    "Archive of letters opens in Exampleton",
)
SOURCES = (
    "Harbour Post",
    "Radio Karsa",
    "The Inland Mail",
    "Northern Ledger",
    "Tidal",
)
HOSTS = ("harbour-post", "karsa", "short", "go", "tidal")
TEXTS = (
    "Officials gave no reason.",
    "Nobody answered the phone.",
    "The building is closed.",
    "Forty of them were moved by train.",
    "The neighbours saw the lights.",
)


@dataclass(frozen=True)
class Piece:
    """An item as it truly is; what it lacks is empty."""

    title: str
    source: str
    date: dt.date | None
    link: str
    text: str

    @property
    def day(self) -> str:
        return f"{self.date:%-d %B %Y}" if self.date else ""


Layout = Callable[[Piece], list[str]]


def _joined(separator: str, *parts: str) -> str:
    return separator.join(filter(None, parts))


def _bracketed(piece: Piece) -> str:
    source = _joined(", ", piece.source, piece.day)
    return f"{piece.title} ({source})" if source else piece.title


def _reported(piece: Piece) -> str:
    day = f" on {piece.day}" if piece.date else ""
    reported = f"{piece.source} reported{day}: " if piece.source else ""
    return f"{reported}{piece.text}"


LAYOUTS: Sequence[Layout] = (
    lambda it: [
        it.title,
        _joined(", ", it.source, it.day),
        it.text,
        it.link,
    ],
    lambda it: [
        it.link,
        it.title,
        _joined(" | ", it.day, it.source),
        it.text,
    ],
    lambda it: [_joined(", ", it.source, it.day), it.title, it.text, it.link],
    lambda it: [it.title, it.link, it.source, it.day, it.text],
    lambda it: [it.day, it.title, it.source, it.text, it.link],
    lambda it: [it.title, it.text, _joined(" – ", it.source, it.day), it.link],
    lambda it: [_bracketed(it), it.text, it.link],
    lambda it: [_joined(" ", _bracketed(it), it.link), it.text],
    lambda it: [_joined(": ", it.source, it.title), it.day, it.text, it.link],
    lambda it: [_joined(" – ", it.title, it.source, it.day), it.text, it.link],
    lambda it: [
        _joined(" | ", it.title, it.source, it.day),
        _joined(" ", it.text, it.link),
    ],
    lambda it: [it.title, _reported(it), it.link],
)
"""What editors write, a list of lines an item; what an item lacks has no line."""
SEPARATORS = ("\n\n", "\n\n***\n\n", "\n")
MARKS = ("", "• ", "# ")


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    """Three to five items, some of which lack a source, a date or a link."""
    count = draw(st.integers(3, len(TITLES)))
    lacks = draw(
        st.dictionaries(
            st.integers(0, count - 1),
            st.sampled_from(["source", "date", "link"]),
            max_size=2,
        )
    )
    return [_piece(number, lacks.get(number, "")) for number in range(count)]


def _piece(number: int, lacks: str) -> Piece:
    return Piece(
        TITLES[number],
        "" if lacks == "source" else SOURCES[number],
        None if lacks == "date" else dt.date(2024, 2, 11 + number),
        ""
        if lacks == "link"
        else f"https://{HOSTS[number]}.example.org/{number}4",
        TEXTS[number],
    )


def _is_clear(items: Sequence[Piece], layouts: Sequence[Layout]) -> bool:
    """Whether people can tell whose a link is where nothing is between the items: not if some links are above their
    headlines, and others are missing or below.
    """
    full = Piece(TITLES[0], SOURCES[0], BEFORE, "https://example.org", TEXTS[0])
    are_above = {layout(full)[0] == full.link for layout in layouts}
    return True not in are_above or (
        len(are_above) == 1 and all(piece.link for piece in items)
    )


@st.composite
def briefs(draw: st.DrawFn) -> tuple[str, list[Piece]]:
    """A brief in one or two layouts, and its items."""
    items = draw(pieces())
    layouts = draw(st.lists(st.sampled_from(LAYOUTS), min_size=1, max_size=2))
    separator = draw(st.sampled_from(SEPARATORS))
    assume(separator != "\n" or _is_clear(items, layouts))
    mark = draw(st.sampled_from(MARKS))
    blocks = []
    for number, piece in enumerate(items):
        layout = layouts[number * len(layouts) // len(items)]
        lines = list(filter(None, layout(piece)))
        blocks.append(mark + "\n".join(lines))
    opening = draw(st.sampled_from(["", "Dear friends,\n\n"]))
    return opening + separator.join(blocks), items
