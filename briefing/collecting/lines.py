"""The lines of a pasted paragraph: each with its role, and lines of prose that belong together made one."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from briefing.collecting import phrases
from briefing.collecting.literal import addresses, placed
from briefing.collecting.phrases import Line, Link, Role, is_headline
from briefing.issue.links import unsafe


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block between blank lines: its lines as they stand, and the links in it (text, address) in order."""

    lines: tuple[str, ...]
    links: tuple[Link, ...] = ()


def lines_of(paragraph: Paragraph) -> Iterator[Line]:
    """The lines of a paragraph with their roles; lines of prose that belong together are one."""
    prose: list[Line] = []
    in_contact = reached = False
    for line in _told_apart(paragraph):
        if in_contact and (phrases.reaches(line.text) or line.hidden or (not reached and _is_short(line))):
            reached = reached or phrases.reaches(line.text)
            yield replace(line, role=Role.CONTACT, name=line.text)
            continue
        in_contact = line.role is Role.CONTACT
        reached = in_contact and phrases.reaches(line.text)
        if line.role is Role.TEXT or _is_prose(line, prose):
            at = phrases.more_at_end(line.text) if line.role is Role.TEXT else None
            prose.append(replace(line, role=Role.TEXT) if at is None else _without_more(line, at))
            if at is None:
                continue
            yield from _joined(prose)
            yield replace(line, role=Role.MORE, text=line.text[at:], links=line.links[-1:], hidden=False)
        else:
            yield from _joined(prose, before_source=line.role is Role.SOURCE)
            yield line
        prose = []
    yield from _joined(prose)


def _told_apart(paragraph: Paragraph) -> Iterator[Line]:
    """Each line with its role by its own words, tidied, with its links, without an address that its page hid."""
    cleaned = [_clean(line) for line in paragraph.lines]
    whole = " ".join(cleaned)
    places = list(placed(whole, _real_links(paragraph, whole)))
    start = place = 0
    for text in cleaned:
        end = start + len(text) + 1
        links: list[Link] = []
        while place < len(places) and places[place][0] < end:
            first, last, address = places[place]
            links.append((whole[first:last], address))
            place += 1
        start = end
        words, hidden = phrases.without_hidden(text)
        line = phrases.classify(words, linked=bool(links)) if words else Line(Role.EMPTY, "")
        if words or links or hidden:
            yield replace(line, links=tuple(links), hidden=hidden)


def _real_links(paragraph: Paragraph, text: str) -> Iterator[Link]:
    """The links that lead somewhere: neither an anchor, nor a script, nor the page that hides an address."""
    for words, address in paragraph.links or addresses(text):
        if "/cdn-cgi/l/email-protection" in address:
            continue
        if address.lower().startswith("mailto:") or not unsafe(address):
            yield _clean(words), address


def _clean(line: str) -> str:
    """A line with single spaces for every kind of space, composed, and without characters that nobody sees."""
    line = re.sub(r"[\u200b\u2060\ufeff\u00ad]", "", line)
    line = re.sub(r"[\x00-\x08\x0e-\x1b\x7f]", "", line)
    return " ".join(unicodedata.normalize("NFC", line).split())


def _is_short(line: Line) -> bool:
    return line.role is Role.TEXT and len(line.text) <= 60 and is_headline(line.text)


def _is_prose(line: Line, above: list[Line]) -> bool:
    """Whether a line only looks like a source, date or credit, as it goes on with the wrapped sentence above it."""
    if line.role not in {Role.SOURCE, Role.DATE, Role.CREDIT, Role.TITLE, Role.LABEL} or not above:
        return False
    return not phrases.ends_sentence(above[-1].text) and not _headline_below(above)


def _headline_below(prose: Sequence[Line]) -> int:
    """How many lines at the end of some prose are a headline: 1 or 2 behind a line that ends a sentence, or else 0."""
    for count in (1, 2):
        begins = len(prose) == count or (len(prose) > count and phrases.ends_sentence(prose[-count - 1].text))
        if begins and is_headline(merged(prose[-count:]).text):
            return count
    return 0


def _joined(prose: list[Line], *, before_source: bool = False) -> Iterator[Line]:
    """Hard-wrapped lines as one line each: the headline directly above a text, its paragraphs, the items of a list."""
    if not prose:
        return
    below = len(prose) - (_headline_below(prose) if before_source else 0)
    prose, last = prose[:below], prose[below:]
    cut = _headline_above(prose) if prose else 0
    pieces = [prose[:cut], []]
    for line in prose[cut:]:
        if pieces[-1] and phrases.without_mark(line.text) != line.text:
            pieces.append([])
        pieces[-1].append(line)
    for piece in (*pieces, last):
        if piece:
            yield replace(merged(piece), runs_on=piece is pieces[0])


def _without_more(line: Line, at: int) -> Line:
    return replace(line, text=line.text[:at].rstrip(), links=line.links[:-1] if line.links else ())


def merged(lines: Sequence[Line]) -> Line:
    return replace(
        lines[-1],
        text=" ".join(line.text for line in lines if line.text),
        links=tuple(link for line in lines for link in line.links),
        hidden=any(line.hidden for line in lines),
    )


def _headline_above(prose: Sequence[Line]) -> int:
    """How many of the lines are a headline directly above its text: 0, or up to 3 if the headline was wrapped too.

    The line break behind it must be meant: the next word would have fitted, is no small one, and a sentence follows.
    """
    width = max(60, *(len(line.text) for line in prose))
    for cut in range(1, min(4, len(prose))):
        below = prose[cut].text
        fits = len(prose[cut - 1].text) + 1 + len(below.partition(" ")[0]) <= width
        prose_below = phrases.ends_sentence(prose[-1].text) or sum(len(line.text) for line in prose[cut:]) > 200
        if fits and prose_below and not below[0].islower() and is_headline(merged(prose[:cut]).text):
            return cut
    return 0
