"""Join the lines that a mail app wrapped: one line for each headline, paragraph and item of a
list.
"""

import unicodedata
from dataclasses import replace
from itertools import pairwise

from .classify import UNCERTAIN_ROLES
from .contacts import is_reachable
from .footers import is_underline
from .headlines import is_headline
from .line import NO_LINE, Line, Lines, Role, line_at, merge, with_next
from .marks import list_item
from .names import is_organisation
from .sentences import contains_sentence_end

_LONGEST_WRAPPED = 120
"""Characters. A longer line is a paragraph that no mail app wrapped."""
_WIDTH = 60
"""The least number of characters after which mail apps wrap."""
_LONGEST_CONTACT_NAME = 60
_LONGEST_HEADLINE = 200
_MOST_HEADLINE_LINES = 3
_MOST_UNWRAPPED = 8


def join_wrapped_lines(lines: Lines) -> list[Line]:
    """Join the lines of a paragraph that are the same headline, sentence or item of a list."""
    joined: list[Line] = []
    prose: list[Line] = []
    above = NO_LINE  # the last line that isn't prose
    for line, below in with_next(_with_whole_contacts(lines)):
        if line.is_text or _continues_sentence(prose, line):
            prose.append(replace(line, role=Role.TEXT))
            is_first = len(prose) == 1
            if not (is_first and _is_publisher_in_head(above, line, below)):
                continue
            joined += _join_prose(prose)
        elif _underlines(line, prose, above):
            joined += _join_prose(prose)
        else:
            joined += [*_join_prose(prose, line), line]
            above = line
        prose = []
    return joined + _join_prose(prose)


# --- Contacts


def _with_whole_contacts(lines: Lines) -> list[Line]:
    """Mark the lines of a contact below "Contact:": a name, then numbers and addresses."""
    marked = list(lines)
    in_contact = has_number = False
    for number, line in enumerate(lines):
        if in_contact and _continues_contact(line, has_number=has_number):
            marked[number] = replace(
                line,
                role=Role.CONTACT,
                name=line.text,
            )
        else:
            in_contact = line.role is Role.CONTACT
            has_number = False
        has_number |= is_reachable(line.text)
    return marked


def _continues_contact(line: Line, *, has_number: bool) -> bool:
    if line.role in {Role.SEPARATOR, Role.FOOTER}:
        return False
    if line.hid_address:
        return True
    if is_reachable(line.text):
        return True
    may_be_name = line.is_heading and len(line.text) <= _LONGEST_CONTACT_NAME
    # "Jane Doe" and then "555 0100": a name below the number is rather the next headline.
    return may_be_name and not has_number


# --- Where prose begins and ends


def _continues_sentence(prose: Lines, line: Line) -> bool:
    """Whether an apparent source, date or credit continues the wrapped sentence above it."""
    if line.certain:
        return False
    if line.role not in UNCERTAIN_ROLES:
        return False
    if not _may_wrap(line_at(prose, len(prose) - 1), line):
        return False
    is_in_head = _ends_with_publisher(prose, line)
    return not is_in_head and not _headline_lines_at_end(prose)


def _is_publisher_in_head(above: Line, line: Line, below: Line) -> bool:
    """Whether a line below a kind or date names an organisation, without beginning a sentence."""
    is_in_head = above.role in {Role.KIND, Role.DATE, Role.SOURCE}
    return is_in_head and not below.begins_small and is_organisation(line.text)


def _underlines(line: Line, prose: Lines, above: Line) -> bool:
    """Whether a line of marks only underlines the headline, kind or title above it."""
    if not is_underline(line.text):
        return False
    if not prose:
        return above.role in {Role.TITLE, Role.KIND}
    last = prose[-1]
    if last.has_mark:
        return False
    if not _headline_lines_at_end(prose):
        return False
    is_long_enough = 2 * len(line.text) >= len(last.text)
    return is_long_enough or len(prose) == 1


def _may_wrap(line: Line, below: Line) -> bool:
    """Whether a line may continue in the next one, because a program may have wrapped it there."""
    if not line.text:
        return False
    if line.ends_sentence:
        return False
    if _is_whole(line):
        return False
    if unicodedata.category(line.text[-1]) == "So":  # an emoji
        return False
    return not line.has_mark or not _is_intended_break(line, below)


def _is_intended_break(line: Line, below: Line, width: int = _WIDTH) -> bool:
    """Whether a person ended the line: the next word would have fitted, and isn't lower-case."""
    next_word = below.text.partition(" ")[0]
    return len(f"{line.text} {next_word}") <= width and not below.begins_small


def _is_unwrapped(prose: Lines) -> bool:
    """Whether the lines are a few short ones that a person ended, such as what, when and where."""
    if not 3 <= len(prose) <= _MOST_UNWRAPPED:
        return False
    return all(
        _is_intended_break(line, below) for line, below in pairwise(prose)
    )


# --- The lines of some prose


def _join_prose(prose: list[Line], below: Line = NO_LINE) -> list[Line]:
    """Join wrapped lines to one for each headline, paragraph, and item of a list; `below` is the
    line after them.
    """
    publisher: list[Line] = []
    if _ends_with_publisher(prose, below):
        prose, publisher = prose[:-1], prose[-1:]
    end = len(prose) - _headline_lines_above(below, prose)
    prose, headline = prose[:end], prose[end:]
    start = _headline_lines_at_start(prose)
    joined = [replace(merge(prose[:start]), may_run_on=True)] if start else []
    joined += map(merge, _paragraphs(prose, start))
    joined += [merge(headline)] if headline else []
    return joined + publisher


def _paragraphs(prose: Lines, start: int) -> list[list[Line]]:
    """Prose from line `start` on, divided into paragraphs and items of lists."""
    width = _width(prose)
    is_unwrapped = _is_unwrapped(prose)
    paragraphs: list[list[Line]] = []
    for line, below in with_next(prose[start:]):
        if (
            not paragraphs
            or is_unwrapped
            or _begins_paragraph(line, below, paragraphs[-1], width)
        ):
            paragraphs.append([])
        paragraphs[-1].append(line)
    return paragraphs


def _begins_paragraph(
    line: Line, below: Line, paragraph: Lines, width: int
) -> bool:
    """Whether a line begins another paragraph, or an item of a list, below `paragraph`."""
    above = paragraph[-1]
    in_list = paragraph[0].has_mark
    if line.has_mark:
        return (
            in_list
            or _is_closed(above)
            or not _is_dash_in_sentence(line, below)
        )
    if in_list:
        return _is_intended_break(above, line, width)
    return _is_whole(above) and above.ends_sentence


def _is_closed(line: Line) -> bool:
    return line.ends_sentence or line.text.endswith(":")


def _is_whole(line: Line) -> bool:
    """Whether a line is too long to have been wrapped."""
    return len(line.text) > _LONGEST_WRAPPED


def _is_dash_in_sentence(line: Line, below: Line) -> bool:
    """Whether the dash at the start of a line may be part of a sentence: no list follows."""
    item = list_item(line.text)
    if item is None:
        return False
    if below.has_mark:
        return False
    # "– which nobody had seen – returned at night", below "The masters say that the ferry".
    return line.text[0] in "–-" and item.words[0].islower()


# --- Headlines around prose


def _headline_lines_above(source: Line, prose: Lines) -> int:
    """The number of lines at the end of prose that are the headline of the source line below."""
    if not source.is_source:
        return 0
    if not prose:
        return 0
    if not source.certain:
        return _headline_lines_at_end(prose)
    return _headline_lines_above_certain(prose)


def _headline_lines_above_certain(prose: Lines) -> int:
    """The same above a line that can only be a source line: there, the last line is a headline as
    soon as it reads like one.
    """
    line = prose[-1]
    above = line_at(prose, len(prose) - 2)
    may_begin = is_headline(line.text) and not line.begins_small
    if _is_intended_break(above, line):
        return int(may_begin)
    return _headline_lines_at_end(prose) or int(may_begin)


def _headline_lines_at_end(prose: Lines) -> int:
    """The number of lines at the end of prose that are a headline: 1 or 2 if the line above them
    can't continue, else 0.
    """
    if _is_headline_at_end(prose, 1):
        return 1
    if len(prose) < 2:
        return 0
    if prose[-1].has_mark:
        return 0
    return 2 if _is_headline_at_end(prose, 2) else 0


def _is_headline_at_end(prose: Lines, count: int) -> bool:
    first = prose[-count]
    headline = merge(prose[-count:]).text
    if not is_headline(headline):
        return False
    if count > 1 and contains_sentence_end(headline):
        return False
    above = line_at(prose, len(prose) - count - 1)
    return not _may_wrap(above, first)


def _ends_with_publisher(prose: Lines, below: Line) -> bool:
    """Whether prose ends with a headline and a line for its publisher, above a place and date."""
    if len(prose) < 2:
        return False
    if not below.is_dateline:
        return False
    is_publisher = is_organisation(prose[-1].text)
    return is_publisher and _headline_lines_at_end(prose[-4:-1]) > 0


def _headline_lines_at_start(prose: Lines) -> int:
    """The number of lines that are a headline directly above its text: up to 3 if it was wrapped, 0
    if there is none.

    The line break below it must be intended, and a sentence or short unwrapped lines must follow.
    """
    is_text = (
        _is_unwrapped(prose) or line_at(prose, len(prose) - 1).ends_sentence
    )
    for count in range(1, min(_MOST_HEADLINE_LINES + 1, len(prose))):
        if _is_list_at(prose, count):
            return 0
        if _is_headline_at_start(prose, count) and (
            is_text or _length(prose[count:]) > _LONGEST_HEADLINE
        ):
            return count
    return 0


def _is_list_at(prose: Lines, number: int) -> bool:
    """Whether a list begins above this line, or the line continues a sentence with a dash."""
    if number > 1 and prose[number - 1].has_mark:
        return True
    return _is_dash_in_sentence(prose[number], line_at(prose, number + 1))


def _is_headline_at_start(prose: Lines, count: int) -> bool:
    is_intended = _is_intended_break(
        prose[count - 1], prose[count], _width(prose)
    )
    return is_intended and is_headline(merge(prose[:count]).text)


def _width(prose: Lines) -> int:
    return max([_WIDTH, *(len(line.text) for line in prose)])


def _length(prose: Lines) -> int:
    return sum(len(line.text) for line in prose)
