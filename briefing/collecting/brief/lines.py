"""The lines of a pasted paragraph: each with its role, and lines of prose that belong together made one."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from briefing.collecting.brief import contacts
from briefing.collecting.brief import vocabulary as phrases
from briefing.collecting.brief.footers import classify_ending, is_underline, leaves_a_list
from briefing.collecting.brief.headlines import ends_sentence, holds_sentence, is_headline, listed
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.roles import Line, Role
from briefing.collecting.text.literal import Link, bare_links, locate_links
from briefing.issue.links import unsafe

# A longer line wasn't wrapped by a mail program: it is a paragraph.
_LONGEST_WRAPPED = 120
# What a line in the middle of a sentence, or of a list, may only look like.
_SEEMING = {Role.SOURCE, Role.DATE, Role.CREDIT, Role.TITLE, Role.LABEL}


def joined(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines of a paragraph (as `told_apart`); those of prose that belong together are one."""
    prose: list[Line] = []
    last: Line | None = None  # the last that is no prose
    in_contact = reached = False
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else None
        goes_on = contacts.reaches(line.text) or line.hidden or (not reached and _is_short(line))
        if in_contact and goes_on and line.role not in {Role.BREAK, Role.ENDING}:
            reached = reached or contacts.reaches(line.text)
            yield replace(line, role=Role.CONTACT, name=line.text)
            continue
        in_contact = line.role is Role.CONTACT
        reached = in_contact and contacts.reaches(line.text)
        if line.role is Role.BREAK and _underlines(line, prose, last):
            yield from _paragraphs(prose)
        elif line.role is Role.TEXT or _is_prose(line, prose):
            at = phrases.more_at_end(line.text) if line.role is Role.TEXT else None
            prose.append(replace(line, role=Role.TEXT) if at is None else _without_more(line, at))
            if at is None and not (len(prose) == 1 and _stands_in_head(line, last, below)):
                continue
            yield from _paragraphs(prose)
            if at is not None:
                yield replace(line, role=Role.MORE, text=line.text[at:], links=line.links[-1:], hidden=False)
        else:
            yield from _paragraphs(prose, below=line)
            yield line
            last = line
        prose = []
    yield from _paragraphs(prose)


def told_apart(paragraph: Paragraph) -> list[Line]:
    """Each line with its role by its own words, tidied, with its links, without an address that its page hid."""
    lines = list(_classified(paragraph))
    marked = [listed(line.text) is not None for line in lines]
    for number, line in enumerate(lines):
        beside = marked[number] and (any(marked[number + 1 : number + 2]) or (number > 0 and marked[number - 1]))
        headline = line.role in {Role.SIGN_OFF, Role.ENDING} and not line.links and _above_source(lines, number)
        if headline or (beside and line.role in _SEEMING):
            lines[number] = Line(Role.TEXT, line.text, links=line.links, hidden=line.hidden)
    return lines


def _above_source(lines: Sequence[Line], number: int) -> bool:
    return any(line.role is Role.SOURCE for line in lines[number + 1 : number + 2])


def _classified(paragraph: Paragraph) -> Iterator[Line]:
    cleaned = [_clean(line) for line in paragraph.lines]
    whole = " ".join(cleaned)
    places = list(locate_links(whole, _real_links(paragraph, whole)))
    start = place = 0
    for text in cleaned:
        end = start + len(text) + 1
        links: list[Link] = []
        while place < len(places) and places[place][0] < end:
            first, last, address = places[place]
            links.append((whole[first:last], address))
            place += 1
        start = end
        words, hidden = contacts.without_hidden(text)
        if words:
            ending = classify_ending(words, [address for _, address in links])
            line = ending or phrases.classify(words, linked=bool(links))
        else:
            line = Line(Role.ENDING if any(leaves_a_list(address) for _, address in links) else Role.EMPTY, "")
        if words or links or hidden:
            yield replace(line, links=tuple(links), hidden=hidden)


def _real_links(paragraph: Paragraph, text: str) -> Iterator[Link]:
    """The links that lead somewhere: neither an anchor, nor a script, nor the page that hides an address."""
    for words, address in paragraph.links or bare_links(text):
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


def _underlines(line: Line, prose: Sequence[Line], last: Line | None) -> bool:
    """Whether a line of nothing but marks only underlines the headline, label or title right above it."""
    if not is_underline(line.text):
        return False
    if not prose:
        return last is not None and last.role in {Role.TITLE, Role.LABEL}
    above = prose[-1].text
    return bool(_headline_below(prose)) and not listed(above) and (len(prose) == 1 or 2 * len(line.text) >= len(above))


def _stands_in_head(line: Line, last: Line | None, below: Line | None) -> bool:
    """Whether a line is the name of an organisation below a label or date, not the beginning of a wrapped sentence."""
    in_head = last is not None and last.role in {Role.LABEL, Role.DATE, Role.SOURCE}
    return in_head and contacts.is_organisation(line.text) and not (below and below.text[:1].islower())


def _is_prose(line: Line, above: list[Line]) -> bool:
    """Whether a line only looks like a source, date or credit, as it goes on with the wrapped sentence above it."""
    if line.role not in _SEEMING or line.firm or not above or not _wraps(above[-1], line):
        return False
    return not _headline_below(above) and not _organisation_above(above, line)


def _wraps(line: Line, below: Line) -> bool:
    """Whether a line may go on in the one below it: it ends no sentence, and a program may have broken it there."""
    if ends_sentence(line.text) or len(line.text) > _LONGEST_WRAPPED:
        return False
    return listed(line.text) is None or not _is_meant(line, below)


def _is_meant(line: Line, below: Line, width: int = 60) -> bool:
    """Whether the break between two lines was made by a person: the next word had room, and begins something."""
    fits = len(line.text) + 1 + len(below.text.partition(" ")[0]) <= width
    return fits and not below.text[:1].islower()


def _is_unwrapped(prose: Sequence[Line]) -> bool:
    """Whether some short lines weren't wrapped, but written one below the other: what, when, where."""
    return 2 < len(prose) <= 8 and all(map(_is_meant, prose, prose[1:]))


def _headline_below(prose: Sequence[Line], *, firm: bool = False) -> int:
    """How many lines at the end of some prose are a headline: 1 or 2 behind a line that can't run on, or else 0.

    Above a source line that can be nothing else (`firm`) the last line needs no more than to read like one.
    """
    for count in (1, 2):
        if len(prose) < count:
            break
        if count > 1 and (listed(prose[-1].text) or (firm and _is_meant(prose[-2], prose[-1]))):
            break
        begins = len(prose) == count or not _wraps(prose[-count - 1], prose[-count])
        alone = bool(listed(prose[-count].text)) and not (len(prose) > count and listed(prose[-count - 1].text))
        text = merged(prose[-count:]).text
        if (begins or alone) and is_headline(text) and not (count > 1 and holds_sentence(text)):
            return count
    return int(firm and len(prose) > 1 and is_headline(prose[-1].text) and not prose[-1].text[:1].islower())


def _organisation_above(prose: Sequence[Line], below: Line | None) -> bool:
    """Whether some prose ends with a headline and, on a line of its own, who published it, above place and date."""
    if not below or len(prose) < 2 or not is_dateline(below):
        return False
    return contacts.is_organisation(prose[-1].text) and bool(_headline_below(prose[-4:-1]))


def is_dateline(line: Line) -> bool:
    """Whether a line is a date, or rather place and date than source and date."""
    if line.role is Role.SOURCE:
        return not line.explicit and contacts.is_place(line.name)
    return line.role is Role.DATE


def _paragraphs(prose: list[Line], *, below: Line | None = None) -> Iterator[Line]:
    """Hard-wrapped lines as one line each: the headline directly above a text, its paragraphs, the items of a list.

    `below` is the line after them.
    """
    if not prose:
        return
    if _organisation_above(prose, below):
        yield from _paragraphs(prose[:-1], below=below)
        yield prose[-1]
        return
    end = len(prose) - (_headline_below(prose, firm=below.firm) if below and below.role is Role.SOURCE else 0)
    prose, last = prose[:end], prose[end:]
    cut = _headline_above(prose) if prose else 0
    width = max([60, *(len(line.text) for line in prose)])
    apart = _is_unwrapped(prose)
    pieces = [prose[:cut], []]
    for number, line in enumerate(prose[cut:], cut):
        if pieces[-1] and (apart or _begins(line, pieces[-1], prose[number + 1 : number + 2], width)):
            pieces.append([])
        pieces[-1].append(line)
    for piece in (*pieces, last):
        if piece:
            yield replace(merged(piece), runs_on=piece is pieces[0])


def _begins(line: Line, piece: Sequence[Line], below: Sequence[Line], width: int) -> bool:
    """Whether a line of prose begins a paragraph, or an item of a list, below `piece`."""
    above = piece[-1]
    in_list = listed(piece[0].text) is not None
    if listed(line.text):
        closed = in_list or ends_sentence(above.text) or above.text.endswith(":") or len(above.text) > _LONGEST_WRAPPED
        return closed or not _goes_on_with_dash(line, below)
    if in_list:
        return _is_meant(above, line, width)
    return len(above.text) > _LONGEST_WRAPPED and ends_sentence(above.text) and not line.text[:1].islower()


def _goes_on_with_dash(line: Line, below: Sequence[Line]) -> bool:
    """Whether the dash at the start of a line may be the sentence's own: no other line of a list follows."""
    found = listed(line.text)
    if not found or line.text[0] not in "–-":
        return False
    return found[1][0].islower() and not any(listed(one.text) for one in below)


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

    The line break behind it must be meant: the next word would have fitted, is no small one, and a sentence follows
    (or short lines, none of which was wrapped).
    """
    width = max(60, *(len(line.text) for line in prose))
    length = sum(len(line.text) for line in prose)
    for cut in range(1, min(4, len(prose))):
        if (cut > 1 and listed(prose[cut - 1].text)) or _goes_on_with_dash(prose[cut], prose[cut + 1 : cut + 2]):
            break
        length -= len(prose[cut - 1].text)
        below = ends_sentence(prose[-1].text) or length > 200 or _is_unwrapped(prose)
        if below and _is_meant(prose[cut - 1], prose[cut], width) and is_headline(merged(prose[:cut]).text):
            return cut
    return 0
