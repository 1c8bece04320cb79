"""Classify each line of a brief by its own words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.emphasis import Emphasis, shifted

from .addresses import before_address
from .contacts import classify_contact, without_hidden_address
from .credits import classify_credit, classify_notice
from .footers import classify_footer
from .kinds import classify_kind
from .line import LONGEST, Line, Role, line_at, lines_in_list, with_next
from .read_more import (
    classify_read_more,
    read_more_start,
    references,
)
from .sources import classify_source
from .titles import classify_title
from .visible import Links, emphases_of, lines_with_links

# A line in a list or in the middle of a sentence may look like one of these by accident.
UNCERTAIN_ROLES = frozenset(
    {
        Role.SOURCE,
        Role.DATE,
        Role.CREDIT,
        Role.TITLE,
        Role.KIND,
    }
)
_LONGEST_BEFORE_FOOTER = 120
"""Characters of a line that ends like a footer."""
# The first one that recognises a line decides its role.
_CLASSIFIERS = (
    classify_contact,
    classify_notice,
    classify_credit,
    classify_kind,
    classify_title,
    classify_source,
)


def classify_lines(paragraphs: Sequence[Paragraph]) -> list[Line]:
    """Find the role and links of each line of a brief, and remove invisible characters and the
    traces of hidden email addresses.
    """
    lines: list[Line] = []
    places = count()
    for number, paragraph in enumerate(paragraphs):
        own: list[Line] = []
        emphases = emphases_of(paragraph)
        for text, links in lines_with_links(paragraph):
            found = _classified(text, links, next(emphases), number)
            place = next(places)
            own += (replace(line, place=place) for line in found)
        lines += _with_references(_with_uncertain_ones_as_text(own))
    return lines


def classify_words(text: str, *, linked: bool = False) -> Line:
    """Classify a line by its words alone; `linked` says whether it contains a link."""
    if len(text) > LONGEST:
        return Line(Role.TEXT, text)
    found = classify_read_more(text, linked=linked)
    for classify in _CLASSIFIERS:
        found = found or classify(text)
    return found or Line(Role.TEXT, text)


def _classified(
    text: str, links: Links, emphases: tuple[Emphasis, ...], paragraph: int
) -> Iterator[Line]:
    """Classify a line: two results if "Read more →" ends it, none if it is empty."""
    words = without_hidden_address(text)
    found = _by_words_and_links(words, links)
    line = replace(
        found,
        links=links,
        emphases=emphases if found.text == text else (),
        hid_address=words != text,
        paragraph=paragraph,
    )
    start = read_more_start(words) if line.is_text else None
    if start is not None:
        yield replace(
            line,
            text=words[:start].rstrip(),
            links=links[:-1],
            emphases=shifted(line.emphases, 0, start),
        )
        yield Line(
            Role.READ_MORE, words[start:], links=links[-1:], paragraph=paragraph
        )
    elif text or links:
        yield line


def _by_words_and_links(words: str, links: Links) -> Line:
    targets = [address for _, address in links]
    footer = classify_footer(words, targets) or _footer_at_end(words, targets)
    if footer:
        return footer
    if not words:
        return Line(Role.WORDLESS, "")
    return classify_words(words, linked=bool(links))


def _footer_at_end(words: str, targets: Sequence[str]) -> Line | None:
    """A short line with a link that ends like a footer: "This letter is free. Support us https://…"."""
    tail = words.rpartition(". ")[2]
    if not targets:
        return None
    if tail == words:
        return None
    if len(words) > _LONGEST_BEFORE_FOOTER:
        return None
    found = classify_footer(before_address(tail).rstrip(), targets)
    return replace(found, text=words) if found and found.is_footer else None


def _with_uncertain_ones_as_text(lines: list[Line]) -> list[Line]:
    """Turn lines of a paragraph whose role is uncertain, in a list or above a source line, into
    text.
    """
    in_list = lines_in_list(lines)
    for number, (line, below) in enumerate(with_next(lines)):
        is_uncertain = number in in_list and line.role in UNCERTAIN_ROLES
        is_masked_word = _is_masked_word(
            line_at(lines, number - 1), line, below
        )
        if (
            is_uncertain
            or is_masked_word
            or _is_headline_above_source(line, below)
        ):
            lines[number] = replace(line, role=Role.TEXT)
    return lines


def _with_references(lines: list[Line]) -> list[Line]:
    """The lines of a paragraph, of which those that refer to another article have no other role."""
    found = references([line.text for line in lines])
    return [
        replace(line, role=Role.REFERENCE) if place in found else line
        for place, line in enumerate(lines)
    ]


def _is_masked_word(above: Line, line: Line, below: Line) -> bool:
    """Whether a "***" stands for a word or a blank, because the sentence continues after it."""
    is_sentence = (
        above.is_text and not above.ends_sentence and below.begins_small
    )
    is_mask = line.role is Role.SEPARATOR and set(line.text) in ({"*"}, {"_"})
    return is_mask and is_sentence


def _is_headline_above_source(line: Line, below: Line) -> bool:
    """Whether a line is a headline that only begins like a footer: "Copyright reform passes"."""
    is_ending = line.role in {Role.SIGN_OFF, Role.FOOTER}
    return is_ending and below.is_source and not line.links


def without_sign_off(line: Line) -> Line:
    """A line of text for what would be a sign-off at the end of a brief; other lines as they are."""
    is_sign_off = line.role is Role.SIGN_OFF
    return replace(line, role=Role.TEXT) if is_sign_off else line
