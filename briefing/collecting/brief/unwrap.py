"""Join the lines that a mail program wrapped: one line for each headline, paragraph and item of a list."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.collecting.brief.classify import UNCERTAIN_ROLES
from briefing.collecting.brief.contacts import is_reachable
from briefing.collecting.brief.footers import is_underline
from briefing.collecting.brief.headlines import contains_sentence_end, ends_sentence, is_headline
from briefing.collecting.brief.lists import is_listed, list_item
from briefing.collecting.brief.names import is_organisation, is_place
from briefing.collecting.brief.roles import Line, Role, with_next

_LONGEST_WRAPPED = 120
"""Characters. A longer line wasn't wrapped by a mail program: it is a paragraph."""
_WIDTH = 60
"""Characters that a mail program puts in a line at least."""
_LONGEST_NAME_OF_CONTACT = 60
_LONGEST_HEADLINE = 200
_MOST_HEADLINE_LINES = 3
_UNWRAPPED = range(3, 9)


def join_wrapped_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of a paragraph; those of prose that belong together are one."""
    joined: list[Line] = []
    prose: list[Line] = []
    above: Line | None = None  # the last line that isn't prose
    for line, below in with_next(_with_whole_contacts(lines)):
        if line.role is Role.TEXT or _continues_sentence(line, prose):
            prose.append(replace(line, role=Role.TEXT))
            if len(prose) > 1 or not _is_publisher_in_head(line, above, below):
                continue
            joined += _join_prose(prose)
        elif line.role is Role.SEPARATOR and _underlines(line, prose, above):
            joined += _join_prose(prose)
        else:
            joined += [*_join_prose(prose, line), line]
            above = line
        prose = []
    return joined + _join_prose(prose)


def is_dateline(line: Line) -> bool:
    """Whether a line is a date, or a place and a date rather than a publisher and a date."""
    if line.role is Role.SOURCE:
        return not line.labelled and is_place(line.name)
    return line.role is Role.DATE


def merge(lines: Sequence[Line]) -> Line:
    """Lines as one, with the words and links of all."""
    words: list[str] = []
    links: list[tuple[str, str]] = []
    for line in lines:
        words += [line.text] if line.text else []
        links += line.links
    hid_address = any(line.hid_address for line in lines)
    return replace(lines[-1], text=" ".join(words), links=tuple(links), hid_address=hid_address)


# --- Contacts ----------------------------------------------------------------------------------------------------


def _with_whole_contacts(lines: Sequence[Line]) -> list[Line]:
    """The lines; those below "Contact:" that belong to it have its role: a name, and then numbers and addresses."""
    whole = list(lines)
    in_contact = has_number = False
    for number, line in enumerate(lines):
        if in_contact and _continues_contact(line, has_number=has_number):
            whole[number] = replace(line, role=Role.CONTACT, name=line.text)
            has_number = has_number or is_reachable(line.text)
        else:
            in_contact = line.role is Role.CONTACT
            has_number = in_contact and is_reachable(line.text)
    return whole


def _continues_contact(line: Line, *, has_number: bool) -> bool:
    if line.role in {Role.SEPARATOR, Role.FOOTER}:
        return False
    return is_reachable(line.text) or line.hid_address or (not has_number and _may_be_contact_name(line))


def _may_be_contact_name(line: Line) -> bool:
    return line.role is Role.TEXT and len(line.text) <= _LONGEST_NAME_OF_CONTACT and is_headline(line.text)


# --- Where prose begins and ends ---------------------------------------------------------------------------------


def _continues_sentence(line: Line, prose: Sequence[Line]) -> bool:
    """Whether a line that looks like a source, date or credit continues the wrapped sentence above it."""
    if line.role not in UNCERTAIN_ROLES or line.certain or not prose or not _may_wrap(prose[-1], line):
        return False
    return not _headline_lines_at_end(prose) and not _ends_with_publisher(prose, line)


def _is_publisher_in_head(line: Line, above: Line | None, below: Line | None) -> bool:
    """Whether a line below a label or date names an organisation and isn't the beginning of a wrapped sentence."""
    if above is None or above.role not in {Role.LABEL, Role.DATE, Role.SOURCE} or not is_organisation(line.text):
        return False
    return below is None or not _begins_small(below)


def _underlines(line: Line, prose: Sequence[Line], above: Line | None) -> bool:
    """Whether a line of marks only underlines the headline, label or title above it."""
    if not is_underline(line.text):
        return False
    if not prose:
        return above is not None and above.role in {Role.TITLE, Role.LABEL}
    words = prose[-1].text
    if is_listed(words) or not _headline_lines_at_end(prose):
        return False
    return len(prose) == 1 or 2 * len(line.text) >= len(words)


def _may_wrap(line: Line, below: Line) -> bool:
    """Whether a line may continue in the one below it: a program may have broken it there, within a sentence."""
    if ends_sentence(line.text) or len(line.text) > _LONGEST_WRAPPED:
        return False
    return not is_listed(line.text) or not _is_intended_break(line, below)


def _is_intended_break(line: Line, below: Line, width: int = _WIDTH) -> bool:
    """Whether a person broke the line: the next word would have fitted, and doesn't begin with a small letter."""
    next_word = below.text.partition(" ")[0]
    return len(line.text) + 1 + len(next_word) <= width and not _begins_small(below)


def _is_unwrapped(prose: Sequence[Line]) -> bool:
    """Whether a few short lines were written one below the other: what, when, where."""
    if len(prose) not in _UNWRAPPED:
        return False
    return all(_is_intended_break(line, below) for line, below in pairwise(prose))


def _begins_small(line: Line) -> bool:
    return line.text[:1].islower()


# --- The lines of some prose -------------------------------------------------------------------------------------


def _join_prose(prose: Sequence[Line], below: Line | None = None) -> list[Line]:
    """Wrapped lines as one line for each headline, paragraph, and item of a list; `below` is the line after them."""
    if not prose:
        return []
    publisher: list[Line] = []
    if below and _ends_with_publisher(prose, below):
        prose, publisher = prose[:-1], [prose[-1]]
    end = len(prose) - _headline_lines_above(below, prose)
    prose, headline = prose[:end], prose[end:]
    start = _headline_lines_at_start(prose)
    joined = [replace(merge(prose[:start]), may_run_on=True)] if start else []
    joined += map(merge, _paragraphs(prose, start))
    joined += [merge(headline)] if headline else []
    return joined + publisher


def _headline_lines_above(below: Line | None, prose: Sequence[Line]) -> int:
    """How many lines at the end of some prose are the headline of the source line below it."""
    if below is None or below.role is not Role.SOURCE:
        return 0
    count = _headline_lines_at_end(prose, certain=below.certain)
    return count or int(below.certain and _may_end_with_headline(prose))


def _paragraphs(prose: Sequence[Line], start: int) -> list[list[Line]]:
    """Prose from line `start` on, divided into paragraphs and items of lists."""
    width = _width(prose)
    is_unwrapped = _is_unwrapped(prose)
    paragraphs: list[list[Line]] = []
    for line, below in with_next(prose[start:]):
        if not paragraphs or is_unwrapped or _begins_paragraph(line, paragraphs[-1], below, width):
            paragraphs.append([line])
        else:
            paragraphs[-1].append(line)
    return paragraphs


def _begins_paragraph(line: Line, paragraph: Sequence[Line], below: Line | None, width: int) -> bool:
    """Whether a line begins another paragraph, or an item of a list, below `paragraph`."""
    above = paragraph[-1]
    in_list = is_listed(paragraph[0].text)
    if is_listed(line.text):
        return in_list or _is_closed(above.text) or not _is_dash_in_sentence(line, below)
    if in_list:
        return _is_intended_break(above, line, width)
    return len(above.text) > _LONGEST_WRAPPED and ends_sentence(above.text) and not _begins_small(line)


def _is_closed(text: str) -> bool:
    return ends_sentence(text) or text.endswith(":") or len(text) > _LONGEST_WRAPPED


def _is_dash_in_sentence(line: Line, below: Line | None) -> bool:
    """Whether the dash at the start of a line may belong to the sentence: no other line of a list follows."""
    item = list_item(line.text)
    if item is None or line.text[0] not in "–-" or not item.words[0].islower():
        return False
    return below is None or not is_listed(below.text)


# --- Headlines around prose --------------------------------------------------------------------------------------


def _headline_lines_at_end(prose: Sequence[Line], *, certain: bool = False) -> int:
    """How many lines at the end of some prose are a headline: 1 or 2 below a line that can't continue, or else 0."""
    if _is_headline_at_end(prose, 1):
        return 1
    if len(prose) < 2 or is_listed(prose[-1].text) or (certain and _is_intended_break(prose[-2], prose[-1])):
        return 0
    is_headline_of_two = _is_headline_at_end(prose, 2) and not contains_sentence_end(merge(prose[-2:]).text)
    return 2 if is_headline_of_two else 0


def _is_headline_at_end(prose: Sequence[Line], count: int) -> bool:
    *above, first = prose[: len(prose) - count + 1][-2:]
    begins = not above or not _may_wrap(above[0], first)
    is_only_item = is_listed(first.text) and not (above and is_listed(above[0].text))
    return (begins or is_only_item) and is_headline(merge(prose[-count:]).text)


def _may_end_with_headline(prose: Sequence[Line]) -> bool:
    """Whether the last line reads like a headline, which is enough above a certain source line."""
    return len(prose) > 1 and is_headline(prose[-1].text) and not _begins_small(prose[-1])


def _ends_with_publisher(prose: Sequence[Line], below: Line) -> bool:
    """Whether prose ends with a headline and, on a line of its own, its publisher, above a place and date."""
    if len(prose) < 2 or not is_dateline(below) or not is_organisation(prose[-1].text):
        return False
    return _headline_lines_at_end(prose[-4:-1]) > 0


def _headline_lines_at_start(prose: Sequence[Line]) -> int:
    """How many lines are a headline directly above its text: 0, or up to 3 if the headline was wrapped, too.

    The line break below it must be intended, and a sentence must follow, or short lines that weren't wrapped.
    """
    if not prose:
        return 0
    width = _width(prose)
    is_text = ends_sentence(prose[-1].text) or _is_unwrapped(prose)
    length = sum(len(line.text) for line in prose)
    for count in range(1, min(_MOST_HEADLINE_LINES + 1, len(prose))):
        last, below = prose[count - 1], prose[count]
        if (count > 1 and is_listed(last.text)) or _is_dash_in_sentence(below, _at(prose, count + 1)):
            return 0
        length -= len(last.text)
        if not is_text and length <= _LONGEST_HEADLINE:
            continue
        if _is_intended_break(last, below, width) and is_headline(merge(prose[:count]).text):
            return count
    return 0


def _width(prose: Sequence[Line]) -> int:
    return max([_WIDTH, *(len(line.text) for line in prose)])


def _at(lines: Sequence[Line], number: int) -> Line | None:
    return lines[number] if number < len(lines) else None
