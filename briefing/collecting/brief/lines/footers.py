"""Recognise what is between and below the items of a brief: separators, sign-offs and mailing-list
footers.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from briefing.collecting.brief.vocabulary import Form, phrases
from briefing.collecting.text.written_dates import find_dates

from .addresses import is_unsubscribe_link, without_addresses
from .closing import is_linked_headline, start_of_closing
from .line import Line, Lines, Role, by_paragraph, line_at
from .marks import without_ornaments

_MOST_NAMES = 8
"""Lines below a sign-off, or below the last line of a footer."""
_MOST_BETWEEN_FOOTERS = 3
_LONGEST_LINE = 80
_LONGEST_FOOTER = 400
_LEAST_ARTICLES = 2

_SIGNATURE = "--"
_SEPARATING = frozenset("*_=~#+•·▪●◦■–—-")
_UNDERLINING = frozenset("=-~")
_SIGN_OFF = Form(
    "<sign_off>{names}|<short_sign_off>[,{names}|.|!]|<farewell>{words}"
)
_FOOTER = Form(r"[\[|\(|\<](<footer>|(<view_online>|<unsubscribe>){end})")
_UNSUBSCRIBE = Form("<unsubscribe>")
_VIEW_ONLINE = Form("<view_online>")
# "L."
_INITIAL = re.compile(r"[^\W\d_]\.")
# "Harbour Street 4 | 2310 Delta": what parts the lines of an address, or four digits, as of a year or a postal code.
_POSTAL = re.compile(r"[|·©@]|\d{4}")
_MAY_BE_IN_FOOTER = frozenset(
    {
        Role.TEXT,
        Role.ADDRESS,
        Role.WORDLESS,
        Role.CREDIT,
        Role.CONTACT,
        Role.SIGN_OFF,
    }
)


# --- One line


def classify_footer(text: str, addresses: Sequence[str] = ()) -> Line | None:
    """Recognise a separator, a sign-off or a footer; `addresses` are the line's links."""
    if len(text) > _LONGEST_FOOTER:
        return None
    if is_separator(text):
        return Line(Role.SEPARATOR, text)
    words = without_ornaments(text)
    if _FOOTER.begins(words) or _is_about_mail(words, addresses):
        return Line(Role.FOOTER, text)
    if _is_sign_off_alone(words):
        return Line(Role.SIGN_OFF, text)
    return None


def _is_sign_off_alone(words: str) -> bool:
    """Whether words are those of a sign-off, or only the initial of the person who signs: "L."."""
    is_initial = _INITIAL.fullmatch(words) is not None and words.isupper()
    return is_initial or _SIGN_OFF.fits(words)


def _is_about_mail(text: str, addresses: Sequence[str]) -> bool:
    """Whether a line has a link with which readers unsubscribe or see an email on the web, by its address or the words
    at the line's end.
    """
    if any(map(is_unsubscribe_link, addresses)):
        return True
    if not addresses:
        return False
    return _ends_with(_UNSUBSCRIBE, text) or _ends_with(_VIEW_ONLINE, text)


def _ends_with(form: Form, text: str) -> bool:
    """Whether a line ends with such words, whatever marks are behind them."""
    return form.find_at_end(text.rstrip(" .!›»→")) is not None


def is_separator(text: str) -> bool:
    """Whether a line is only marks, three or more: "* * *"; or the "--" above a signature."""
    if len(text) > _LONGEST_LINE:
        return False
    marks = text.replace(" ", "")
    return text == _SIGNATURE or (
        len(marks) >= 3 and _SEPARATING.issuperset(marks)
    )


def is_underline(text: str) -> bool:
    """Whether a line of marks may underline the one above it: three or more of one kind."""
    kinds = set(text)
    return len(text) >= 3 and len(kinds) == 1 and kinds <= _UNDERLINING


# --- All lines of a brief


def mark_footers(lines: Lines) -> list[Line]:
    """Mark the lines that end a brief, or an email pasted into it, as footers.

    A mailing list's footer includes the lines around it. A sign-off ends a brief if it is below
    the last link to a page, or if only a few short lines separate it from a footer or the end of
    the brief. Others stay as they are, for instance below an open letter.
    """
    marked: list[Line] = []
    for paragraph in by_paragraph(_with_articles(lines)):
        is_below_footer = line_at(marked, len(marked) - 1).is_footer
        if is_below_footer and all(
            line.role is Role.ADDRESS for line in paragraph
        ):
            marked += map(_as_footer, paragraph)
        else:
            _mark_footer(paragraph)
            marked += paragraph
    closing = start_of_closing(marked)
    marked[closing:] = map(_as_sign_off, marked[closing:])
    _mark_sign_offs(marked)
    return marked


def _with_articles(lines: Lines) -> list[Line]:
    """Lines with those as text that lead to articles, not to the email: several have a date, and pages of their own.

    "Harbour Post, 3 May – Read online"
    """
    dated = filter(_may_lead_to_article, lines)
    pages = {address for line in dated for _, address in line.links[-1:]}
    if len(pages) < _LEAST_ARTICLES:
        return list(lines)
    return [
        replace(line, role=Role.TEXT) if _may_lead_to_article(line) else line
        for line in lines
    ]


def _may_lead_to_article(line: Line) -> bool:
    """Whether a footer has a date, and links that may show an article instead of the email, but none to unsubscribe."""
    if not line.is_footer:
        return False
    if not line.links:
        return False
    if not _ends_with(_VIEW_ONLINE, line.text):
        return False
    if _UNSUBSCRIBE.find(line.text):
        return False
    if any(is_unsubscribe_link(address) for _, address in line.links):
        return False
    return bool(find_dates(line.text, None))


def _mark_footer(lines: list[Line]) -> None:
    """Mark the lines of a paragraph: a footer in it includes the lines below it and a postal
    address above it.
    """
    footers = [number for number, line in enumerate(lines) if line.is_footer]
    if footers:
        _mark_postal_address(lines, footers[0])
    for footer, following in pairwise([*footers, len(lines)]):
        lines[footer] = _as_footer(lines[footer])
        below = lines[footer + 1 : following]
        if _belong_to_footer(below, is_last=following == len(lines)):
            lines[footer + 1 : following] = map(_as_footer, below)


def _belong_to_footer(below: Lines, *, is_last: bool) -> bool:
    most = _MOST_NAMES if is_last else _MOST_BETWEEN_FOOTERS
    return len(below) <= most and _MAY_BE_IN_FOOTER.issuperset(
        line.role for line in below
    )


def _mark_postal_address(lines: list[Line], footer: int) -> None:
    """Mark the lines above a footer that are a postal address."""
    above = footer - 1
    while above >= 0 and _is_postal(lines[above]):
        lines[above] = _as_footer(lines[above])
        above -= 1


def _as_footer(line: Line) -> Line:
    """A line as part of a footer, without its addresses, which may be personal to one reader."""
    text = without_addresses(line.text)
    return replace(
        line,
        role=Role.FOOTER,
        text=text,
        links=(),
    )


def _is_postal(line: Line) -> bool:
    return _may_be_name(line) and _POSTAL.search(line.text) is not None


def _may_be_name(line: Line) -> bool:
    """Whether a line may be below a sign-off: a name or an address."""
    if line.role not in _MAY_BE_IN_FOOTER:
        return False
    if len(line.text) > _LONGEST_LINE:
        return False
    if line.is_text and is_linked_headline(line):
        return False
    is_sentence = line.is_text and line.ends_sentence
    # "Net Menders Ltd." ends with a full stop, but isn't a sentence.
    return not is_sentence or line.text.lower().endswith(phrases("legal_form"))


def _mark_sign_offs(lines: list[Line]) -> None:
    """Mark the sign-offs that at most a few names separate from a footer, another sign-off or the end of the brief, and
    those names.
    """
    end: int | None = len(lines)
    for number in reversed(range(len(lines))):
        line = lines[number]
        if line.is_footer:
            end = number
        elif _is_sign_off(line) and end and end - number - 1 <= _MOST_NAMES:
            lines[number:end] = map(_as_sign_off, lines[number:end])
            end = number
        elif not _may_be_below_sign_off(line):
            # What is here may be news, so the sign-offs above it end letters, not the brief.
            end = None


def _may_be_below_sign_off(line: Line) -> bool:
    return line.role is Role.SEPARATOR or _may_be_name(line)


def _is_sign_off(line: Line) -> bool:
    return line.role is Role.SIGN_OFF or line.text == _SIGNATURE


def _as_sign_off(line: Line) -> Line:
    return (
        line if line.role is Role.SEPARATOR else replace(line, role=Role.FOOTER)
    )
