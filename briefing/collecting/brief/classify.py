"""Classify the lines of a paragraph, each by its own words."""

import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from briefing.collecting.brief.addresses import is_unsubscribe_link
from briefing.collecting.brief.contacts import classify_contact, without_hidden_address
from briefing.collecting.brief.credits import classify_credit, classify_notice
from briefing.collecting.brief.footers import classify_footer
from briefing.collecting.brief.labels import classify_label, classify_title
from briefing.collecting.brief.lists import is_listed
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.read_more import classify_read_more, read_more_start
from briefing.collecting.brief.roles import LONGEST, Line, Role
from briefing.collecting.brief.sources import classify_source
from briefing.collecting.text.literal import Link, addresses, placed
from briefing.issue.links import unsafe

# What a line within a list, or within a sentence, may only look like.
UNCERTAIN_ROLES = frozenset({Role.SOURCE, Role.DATE, Role.CREDIT, Role.TITLE, Role.LABEL})
_HIDDEN_ADDRESS_PAGE = "/cdn-cgi/l/email-protection"
_INVISIBLE = dict.fromkeys([*range(0x09), *range(0x0E, 0x1C), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF])


def classify_lines(paragraph: Paragraph) -> list[Line]:
    """The lines of a paragraph with their roles and links, without invisible characters and hidden addresses."""
    lines: list[Line] = []
    for text, links in _with_links(paragraph):
        line = _classify_with_links(text, links)
        if line.text or line.links or line.hid_address:
            lines += _split_read_more(line)
    return _with_uncertain_ones_as_text(lines)


def classify_words(text: str, *, linked: bool = False) -> Line:
    """A line by its words alone; `linked`: whether something in it is a link."""
    if len(text) > LONGEST:
        return Line(Role.TEXT, text)
    return (
        classify_read_more(text, linked=linked)
        or classify_contact(text)
        or classify_notice(text)
        or classify_credit(text)
        or classify_label(text)
        or classify_title(text)
        or classify_source(text)
        or Line(Role.TEXT, text)
    )


def _classify_with_links(text: str, links: Sequence[Link]) -> Line:
    targets = [address for _, address in links]
    words = without_hidden_address(text)
    if words:
        line = classify_footer(words, targets) or classify_words(words, linked=bool(links))
    else:
        leaves_list = any(map(is_unsubscribe_link, targets))
        line = Line(Role.FOOTER if leaves_list else Role.WORDLESS, "")
    return replace(line, links=tuple(links), hid_address=words != text)


def _split_read_more(line: Line) -> list[Line]:
    """A paragraph without the "Read more →" behind it, and that as a line of its own."""
    start = read_more_start(line.text) if line.role is Role.TEXT else None
    if start is None:
        return [line]
    return [
        replace(line, text=line.text[:start].rstrip(), links=line.links[:-1]),
        Line(Role.READ_MORE, line.text[start:], links=line.links[-1:]),
    ]


def _with_uncertain_ones_as_text(lines: Sequence[Line]) -> list[Line]:
    """The lines; what only looks like something else between the lines of a list or above a source line is text."""
    certain = list(lines)
    marked = [False, *(is_listed(line.text) for line in lines), False]
    for number, line in enumerate(lines):
        in_list = marked[number + 1] and (marked[number] or marked[number + 2])
        if (in_list and line.role in UNCERTAIN_ROLES) or _is_headline_above_source(lines[number : number + 2]):
            certain[number] = Line(Role.TEXT, line.text, links=line.links, hid_address=line.hid_address)
    return certain


def _is_headline_above_source(lines: Sequence[Line]) -> bool:
    """Whether the first of two lines is a headline that begins like a sign-off or footer: "Copyright reform passes"."""
    if len(lines) < 2 or lines[0].links or lines[0].role not in {Role.SIGN_OFF, Role.FOOTER}:
        return False
    return lines[1].role is Role.SOURCE


# --- Lines and their links ---------------------------------------------------------------------------------------


def _with_links(paragraph: Paragraph) -> Iterator[tuple[str, Sequence[Link]]]:
    """Each line, clean, with the links that begin in it."""
    lines = list(map(_clean, paragraph.lines))
    whole = " ".join(lines)
    links = deque(placed(whole, _followable(paragraph.links or addresses(whole))))
    end = 0
    for line in lines:
        end += len(line) + 1
        own: list[Link] = []
        while links and links[0][0] < end:
            first, last, address = links.popleft()
            own.append((whole[first:last], address))
        yield line, own


def _followable(links: Iterable[Link]) -> Iterator[Link]:
    """The links that lead somewhere: not an anchor, a script, or the page that hides an email address."""
    for words, address in links:
        is_mail = address.lower().startswith("mailto:")
        if _HIDDEN_ADDRESS_PAGE not in address and (is_mail or not unsafe(address)):
            yield _clean(words), address


def _clean(line: str) -> str:
    """A line with single spaces, composed characters and no invisible ones."""
    return " ".join(unicodedata.normalize("NFC", line.translate(_INVISIBLE)).split())
