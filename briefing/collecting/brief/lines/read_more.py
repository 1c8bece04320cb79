"""Recognise lines that only lead to the full text: "Read more →", "https://…"; and those that lead to another one."""

from collections.abc import Sequence

from briefing.collecting.brief.vocabulary import Form

from .addresses import before_address
from .line import LONGEST, Line, Role
from .marks import is_listed, without_mark, without_ornaments

_READ_MORE = Form("<read_more>[ <at> {place}]")
_MORE = Form("<more>")
_READ_MORE_AFTER_SENTENCE = Form(r"{sentence_end}[\(|\[]<read_more>")
_ADDRESS_LABEL = Form("[<address_label>[ ]:[ ]]")
_BEFORE = "→»›>▶ [("
_AFTER = " →»›>▶⟶…:.])"
_LABEL_OF_LINK = Form("<address_label>|<link_field>|<read_more>|<view_online>")
_SEE_ALSO = Form("<see_also>[ ][:|：|–|—|→|»]{rest}")
_RELATED = Form("<related>[ ](:|：|–|—|→|»){rest}")
_LEADING_ELSEWHERE = Form("(<see_also>|<related>)[ ](:|：)")
_POINTERS = ("→", "»", "›", ">", ":")


def classify_read_more(text: str, *, linked: bool) -> Line | None:
    """Recognise a "Read more" or a bare address; `linked` says whether the line contains a link."""
    without_address = before_address(text)
    words = without_address.rstrip(_AFTER)
    mark = without_address[len(words) :].strip()
    words = words.lstrip(_BEFORE)
    found = _READ_MORE.match(words)
    if found:
        place = found["place"]
        # "See more from the archive" is a headline unless it leads somewhere.
        leads_somewhere = linked or mark or not place
        return (
            Line(Role.READ_MORE, text, name=place) if leads_somewhere else None
        )
    # "More →"; "More" alone doesn't say that it leads anywhere.
    if mark.startswith(_POINTERS) and _MORE.fits(words):
        return Line(Role.READ_MORE, text)
    return _address(text, without_address)


def references(lines: Sequence[str]) -> set[int]:
    """The places of the lines of a paragraph that refer to another article: "See also: Ferry stops (Harbour Post, 3
    May)"; with the headline below "See also:", and the address below either.
    """
    found: set[int] = set()
    for place, line in enumerate(lines):
        above = lines[place - 1] if place else ""
        is_headline = _LEADING_ELSEWHERE.fits(
            without_mark(above)
        ) and not is_listed(line)
        is_address = place - 1 in found and not before_address(line)
        if _refers_elsewhere(line) or is_headline or is_address:
            found.add(place)
    return found


def _refers_elsewhere(line: str) -> bool:
    """Whether a line names another article, or leads to it; alone, such words may be the title of a section."""
    line = without_mark(line[:LONGEST])
    also = _SEE_ALSO.match(line)
    if also:
        return bool(also["rest"].strip())
    # "More on this: https://…" leads to the item's own page.
    related = _RELATED.match(before_address(line))
    return related is not None and bool(related["rest"].strip())


def is_label_of_link(words: str) -> bool:
    """Whether words that are a link only say that it leads to a page."""
    return _LABEL_OF_LINK.fits(words)


def _address(text: str, label: str) -> Line | None:
    if label == text:
        return None
    if not _ADDRESS_LABEL.fits(without_ornaments(label)):
        return None
    return Line(Role.ADDRESS, text)


def read_more_start(text: str) -> int | None:
    """The position of a "Read more →" after a paragraph's last sentence; None if there is none."""
    end = text[-LONGEST:]
    start = _READ_MORE_AFTER_SENTENCE.find_at_end(
        before_address(end).rstrip(_AFTER)
    )
    return None if start is None else len(text) - len(end) + start
