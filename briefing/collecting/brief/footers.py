"""What is between and below the items of a brief: separators, sign-offs, and the footers of mailing lists."""

import re
from collections.abc import Sequence
from dataclasses import replace

from briefing.collecting.brief.addresses import is_unsubscribe_link, without_addresses
from briefing.collecting.brief.headlines import ends_sentence
from briefing.collecting.brief.roles import Line, Role
from briefing.collecting.brief.vocabulary import Form, phrases

_MOST_NAMES = 8
"""Lines below a sign-off, or below the last line of a footer."""
_MOST_BETWEEN_FOOTERS = 3
_LONGEST_LINE = 80
_LONGEST_SIGN_OFF = 160
_LONGEST_FOOTER = 400

_SIGNATURE = "--"
_SEPARATING = frozenset("*_=~#+•·▪●◦■–—-")
_UNDERLINING = frozenset("=-~^")
_SIGN_OFF = Form("<sign_off>{names}|<short_sign_off>[,{names}|.|!]|<farewell>{words}")
_FOOTER = Form(r"[\[|\(|\<](<footer>|<unsubscribe>{end})")
_POSTAL = re.compile(r"[|·©@]|\d{4}")
_IN_FOOTERS = frozenset({Role.TEXT, Role.ADDRESS, Role.WORDLESS, Role.CREDIT, Role.CONTACT, Role.SIGN_OFF, Role.FOOTER})
_BELOW_SIGN_OFF = frozenset(
    {Role.TEXT, Role.ADDRESS, Role.WORDLESS, Role.CREDIT, Role.CONTACT, Role.SIGN_OFF, Role.SEPARATOR}
)


# --- One line ----------------------------------------------------------------------------------------------------


def classify_footer(text: str, addresses: Sequence[str] = ()) -> Line | None:
    """A separator, a sign-off or a line of a footer, else None; `addresses` are those of the line's links."""
    if len(text) <= _LONGEST_LINE and is_separator(text):
        return Line(Role.SEPARATOR, text)
    if len(text) <= _LONGEST_FOOTER and (_FOOTER.begins(text) or any(map(is_unsubscribe_link, addresses))):
        return Line(Role.FOOTER, text)
    if len(text) <= _LONGEST_SIGN_OFF and _SIGN_OFF.fits(text):
        return Line(Role.SIGN_OFF, text)
    return None


def is_separator(text: str) -> bool:
    """Whether a line is only marks, three or more: "* * *"; or the "--" above a signature."""
    marks = text.replace(" ", "")
    return text == _SIGNATURE or (len(marks) >= 3 and _SEPARATING.issuperset(marks))


def is_underline(text: str) -> bool:
    """Whether a line of marks may underline the one above it: three or more of one kind."""
    return len(text) >= 3 and text[0] in _UNDERLINING and len(set(text)) == 1


# --- All lines of a brief ----------------------------------------------------------------------------------------


def mark_footers(paragraphs: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The lines; those that end the brief, or one of the mails pasted into it, are one FOOTER in each paragraph.

    A mailing list's footer includes the lines around it. A sign-off ends a brief if only a few short lines are between
    it and a footer or the brief's end; otherwise it is text, for instance below an open letter.
    """
    marked: list[list[Line]] = []
    below_footer = False
    for paragraph in paragraphs:
        lines = _mark_footer(paragraph, below_footer=below_footer)
        marked.append(lines)
        below_footer = bool(lines) and lines[-1].role is Role.FOOTER
    ends = iter(_mark_sign_offs([line for lines in marked for line in lines]))
    return [_joined([next(ends) for _ in lines]) for lines in marked]


def _mark_sign_offs(lines: Sequence[Line]) -> list[Line]:
    """The lines of a whole brief; a sign-off is part of a footer, with the names below it, or text."""
    marked = list(lines)
    end = len(lines)  # there the brief ends, or a footer begins
    only_names = True  # from here to `end`
    for number in reversed(range(len(lines))):
        line = lines[number]
        if line.role is Role.FOOTER:
            end, only_names = number, True
        elif line.role is Role.SIGN_OFF and not only_names:
            marked[number] = replace(line, role=Role.TEXT)
        elif line.role is Role.SIGN_OFF or line.text == _SIGNATURE:
            if only_names:
                marked[number:end] = map(_as_sign_off, lines[number:end])
                end = number
        elif only_names:
            only_names = end - number <= _MOST_NAMES and _may_be_name(line)
    return marked


def _as_sign_off(line: Line) -> Line:
    return line if line.role is Role.SEPARATOR else replace(line, role=Role.FOOTER)


def _mark_footer(lines: Sequence[Line], *, below_footer: bool) -> list[Line]:
    """The lines of a paragraph; a footer in it includes the lines below it and a postal address above it.

    `below_footer`: whether the paragraph above ends with one, so that addresses alone are part of it.
    """
    if below_footer and lines and all(line.role is Role.ADDRESS for line in lines):
        return list(map(_as_footer, lines))
    inside = _footer_lines(lines)
    return [_as_footer(line) if number in inside else line for number, line in enumerate(lines)]


def _footer_lines(lines: Sequence[Line]) -> set[int]:
    """The numbers of a paragraph's lines that are part of a footer."""
    footers = [number for number, line in enumerate(lines) if line.role is Role.FOOTER]
    if not footers:
        return set()
    inside = {*footers, *_postal_lines_above(lines, footers[0])}
    for footer, following in zip(footers, [*footers[1:], len(lines)], strict=True):
        most = _MOST_NAMES if following == len(lines) else _MOST_BETWEEN_FOOTERS
        below = lines[footer + 1 : following]
        if len(below) <= most and all(line.role in _IN_FOOTERS for line in below):
            inside.update(range(footer + 1, following))
    return inside


def _postal_lines_above(lines: Sequence[Line], footer: int) -> range:
    first = footer
    while first and lines[first - 1].role in _IN_FOOTERS and _is_postal(lines[first - 1]):
        first -= 1
    return range(first, footer)


def _as_footer(line: Line) -> Line:
    """A line as part of a footer, without the addresses in it, which may be for one reader only."""
    return replace(line, role=Role.FOOTER, text=without_addresses(line.text))


def _is_postal(line: Line) -> bool:
    return _may_be_name(line) and _POSTAL.search(line.text) is not None


def _may_be_name(line: Line) -> bool:
    """Whether a line may be below a sign-off: a name or an address."""
    if line.role not in _BELOW_SIGN_OFF or len(line.text) > _LONGEST_LINE:
        return False
    return line.role is not Role.TEXT or not ends_sentence(line.text) or _ends_with_legal_form(line.text)


def _ends_with_legal_form(name: str) -> bool:
    return name.lower().endswith(phrases("legal_form"))


def _joined(lines: Sequence[Line]) -> list[Line]:
    """The lines of a paragraph; those of a footer that follow each other are one."""
    joined: list[Line] = []
    for line in lines:
        if line.role is Role.FOOTER and joined and joined[-1].role is Role.FOOTER:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {line.text}".strip())
        else:
            joined.append(line)
    return joined
