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
from briefing.collecting.brief.line import LONGEST, Line, Role, line_at
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.read_more import classify_read_more, read_more_start
from briefing.collecting.brief.sources import classify_source
from briefing.collecting.text.literal import Link, bare_links, locate_links
from briefing.issue.links import unsafe

# What a line within a list, or within a sentence, may only look like.
UNCERTAIN_ROLES = frozenset({Role.SOURCE, Role.DATE, Role.CREDIT, Role.TITLE, Role.LABEL})
# What an earlier one recognises isn't shown to the later ones.
_CLASSIFIERS = (
    classify_contact,
    classify_notice,
    classify_credit,
    classify_label,
    classify_title,
    classify_source,
)
_HIDDEN_ADDRESS_PAGE = "/cdn-cgi/l/email-protection"
_INVISIBLE = dict.fromkeys([*range(0x09), *range(0x0E, 0x1C), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF])


def classify_lines(paragraphs: Sequence[Paragraph]) -> list[Line]:
    """All lines of a brief with their roles and links, without invisible characters and hidden addresses."""
    lines: list[Line] = []
    for number, paragraph in enumerate(paragraphs):
        own: list[Line] = []
        for text, links in _with_links(paragraph):
            own += _classified(text, links, number)
        lines += _with_uncertain_ones_as_text(own)
    return lines


def classify_words(text: str, *, linked: bool = False) -> Line:
    """A line by its words alone; `linked`: whether something in it is a link."""
    if len(text) > LONGEST:
        return Line(Role.TEXT, text)
    found = classify_read_more(text, linked=linked)
    for classify in _CLASSIFIERS:
        found = found or classify(text)
    return found or Line(Role.TEXT, text)


def _classified(text: str, links: Sequence[Link], paragraph: int) -> list[Line]:
    """A line with its role; two if "Read more →" follows its words, none if there is nothing in it."""
    words = without_hidden_address(text)
    line = _by_words_and_links(words, links)
    line = replace(line, links=tuple(links), hid_address=words != text, paragraph=paragraph)
    start = read_more_start(words) if line.is_text else None
    if start is not None:
        return [
            replace(line, text=words[:start].rstrip(), links=line.links[:-1]),
            replace(line, role=Role.READ_MORE, text=words[start:], links=line.links[-1:], hid_address=False),
        ]
    return [line] if text or links else []


def _by_words_and_links(words: str, links: Sequence[Link]) -> Line:
    targets = [address for _, address in links]
    if words:
        return classify_footer(words, targets) or classify_words(words, linked=bool(links))
    return Line(Role.FOOTER if any(map(is_unsubscribe_link, targets)) else Role.WORDLESS, "")


def _with_uncertain_ones_as_text(lines: list[Line]) -> list[Line]:
    """The lines of a paragraph; what only looks like something else in a list or above a source line is text."""
    marked = [line.has_mark for line in lines]
    for number, line in enumerate(lines):
        in_list = marked[number] and sum(marked[max(0, number - 1) : number + 2]) > 1
        is_ending = line.role in {Role.SIGN_OFF, Role.FOOTER} and not line.links
        # A headline may begin like a sign-off or footer: "Copyright reform passes".
        if (in_list and line.role in UNCERTAIN_ROLES) or (is_ending and line_at(lines, number + 1).is_source):
            lines[number] = Line(
                Role.TEXT, line.text, links=line.links, hid_address=line.hid_address, paragraph=line.paragraph
            )
    return lines


# --- Lines and their links ---------------------------------------------------------------------------------------


def _with_links(paragraph: Paragraph) -> Iterator[tuple[str, Sequence[Link]]]:
    """Each line, clean, with the links that begin in it."""
    lines = list(map(_clean, paragraph.lines))
    whole = " ".join(lines)
    links = deque(locate_links(whole, _followable(paragraph.links or bare_links(whole))))
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
