"""Recognise emails that were forwarded or answered: their headers are left out, and the marks of quoting."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, pairwise

from briefing.collecting.brief.lines.marks import is_listed
from briefing.collecting.brief.lines.sentences import (
    ends_sentence,
    ends_with_colon,
)
from briefing.collecting.brief.vocabulary import Form, words
from briefing.collecting.text.comparing import fold

from .pasted_lines import PastedLine, PastedLines, with_words, without_lines

# "---------- Forwarded message ---------", but also the title of a section: "-----News-----".
_BETWEEN_DASHES = re.compile(r"-{2,} ?[^\W\d_][^-]{1,58}[^-\s] ?-{2,}")
_DASHES = re.compile(r" ?-{2,} ?")
_FORWARDED = Form("<forwarded>")
# "From: Jane Doe", also in asterisks, as bold words are copied: "*From:* Jane Doe".
_HEADER = re.compile(
    r"\*?(?P<name>[^\W\d_][\w -]{0,20}?)\*? ?[:：]\*? ?(?P<value>\S.*)"
)
_NAMES_OF_FIELDS = ("mail_from", "mail_field", "mail_date")
_WROTE = Form("<wrote>")
_LONGEST_ATTRIBUTION = 200
# "20 November 2026 at 10:42"
_MOMENT = re.compile(r"(?:19|20)\d\d\D.*\d[:.]\d\d")
# "06/10/2020, 10:42"
_DAY_AND_TIME = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}[:.]\d\d")
_ADDRESS = re.compile(r"[<(\[][^\s<>()\[\]@]{1,64}@[^\s<>()\[\]@]{1,255}[>)\]]")
_QUOTED = re.compile(r"(?:> ?)+")
_LEAST_QUOTED = 2


def without_headers(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Remove the headers of emails: below a line that announces them, or recognised by their names."""
    return without_lines(_headers(lines), lines, left_out)


def first_header(lines: PastedLines) -> int | None:
    """Return the place of the first line with which a forwarded email begins; None without one."""
    attributions = {
        place
        for place in range(len(lines))
        if _is_attribution(lines[place : place + 1])
    }
    return min(_headers(lines) | attributions, default=None)


def end_of_own_words(lines: PastedLines) -> int:
    """Return the place where a forwarded or quoted email begins; 0 if there is none.

    A ">" before single lines only marks headlines.
    """
    quoted = [_QUOTED.match(line.text) is not None for line in lines]
    begins = [place for place, pair in enumerate(pairwise(quoted)) if all(pair)]
    header = first_header(lines)
    if header is not None:
        begins.append(header)
    return min(begins, default=0)


def without_attributions(
    lines: PastedLines, left_out: list[str]
) -> PastedLines:
    """Remove the lines that say who wrote what is quoted: "On 20 November 2026 at 10:42, Jane Doe wrote:"."""
    places: set[int] = set()
    for place in range(len(lines)):
        # A mail app may have wrapped it: "On 20 November 2026 at 10:42, Jane Doe" above "wrote:".
        for end in (place + 1, place + 2):
            if _is_attribution(lines[place:end]):
                places.update(range(place, min(end, len(lines))))
                break
    return without_lines(places, lines, left_out)


def without_quoting(lines: PastedLines, _left_out: list[str]) -> PastedLines:
    """Remove the ">" in front of quoted lines, but not where an item quotes a person."""
    quoted = [_QUOTED.match(line.text) is not None for line in lines]
    # A single ">" is rather a mark before a headline.
    if sum(quoted) < _LEAST_QUOTED:
        return lines
    for place in _quotations(lines, quoted):
        quoted[place] = False
    above = [False, *quoted[:-1]]
    return [
        _without_mark(line, begins=not is_below) if is_quoted else line
        for line, is_quoted, is_below in zip(lines, quoted, above, strict=True)
    ]


def _without_mark(line: PastedLine, *, begins: bool) -> PastedLine:
    own = _QUOTED.sub("", line.text, count=1)
    return with_words(line, own, begins=begins)


def _quotations(lines: PastedLines, quoted: Sequence[bool]) -> Iterator[int]:
    """The quoted sentences without links directly below another line of their paragraph."""
    place = 0
    for is_quoted, run in groupby(quoted):
        start = place
        place = place + len(list(run))
        if is_quoted and start and _is_quotation(lines[start - 1 : place]):
            yield from range(start, place)


def _is_quotation(lines: PastedLines) -> bool:
    """Whether lines below the first one are sentences in its paragraph, without links."""
    first, *below = lines
    is_within = all(line.paragraph is first.paragraph for line in below)
    has_links = any(line.links for line in below)
    return is_within and ends_sentence(below[-1].text) and not has_links


# --- Headers


def _headers(lines: Sequence[PastedLine]) -> set[int]:
    """The lines of all headers, and those that announce them."""
    return set(chain(_announced(lines), *mail_heads(lines)))


def _announced(lines: Sequence[PastedLine]) -> Iterator[int]:
    """The lines that announce a forwarded email, and the header below each in its paragraph."""
    above: PastedLine | None = None
    for place, line in enumerate(lines):
        goes_on = above is not None and above.paragraph is line.paragraph
        is_header = goes_on and _HEADER.fullmatch(line.text) is not None
        if is_header or _announces(line, lines[place + 1 : place + 2]):
            yield place
            above = line
        else:
            above = None


def _announces(line: PastedLine, below: Sequence[PastedLine]) -> bool:
    """Whether a line says that a forwarded email begins. Titles of sections may be between dashes as well, so in other
    languages a header must be below.
    """
    parts = _DASHES.split(line.text.rstrip(" :："))
    if any(map(_FORWARDED.fits, parts)):
        return True
    if not below:
        return False
    if not _BETWEEN_DASHES.fullmatch(line.text):
        return False
    field = below[0].text
    is_header = _HEADER.fullmatch(field) is not None and "@" in field
    return is_header or bool(header_of(field)[0])


def mail_heads(lines: Sequence[PastedLine]) -> Iterator[list[int]]:
    """The lines of each header that names a sender, and a receiver or a subject."""
    run: list[int] = []
    for place, line in enumerate(lines):
        # The receivers may go on in a second line, which has only addresses.
        if header_of(line.text)[0] or (run and "@" in line.text):
            run.append(place)
            continue
        if _is_head(run, lines):
            yield run
        run = []
    if _is_head(run, lines):
        yield run


def _is_head(run: Sequence[int], lines: Sequence[PastedLine]) -> bool:
    names = {header_of(lines[place].text)[0] for place in run}
    return not names.isdisjoint(words("mail_from")) and not names.isdisjoint(
        words("mail_field")
    )


def header_of(text: str) -> tuple[str, str]:
    """The name of an email's header field, folded, and its value; ("", "") for other lines."""
    header = _HEADER.fullmatch(text)
    if header is None:
        return "", ""
    name = fold(header["name"])
    is_known = any(name in words(names) for names in _NAMES_OF_FIELDS)
    return (name, header["value"]) if is_known else ("", "")


# --- Attributions


def _is_attribution(lines: Sequence[PastedLine]) -> bool:
    if not _may_be_wrapped(lines):
        return False
    text = " ".join(line.text for line in lines)
    if len(text) > _LONGEST_ATTRIBUTION:
        return False
    if not ends_with_colon(text):
        return False
    return _says_who_wrote(text)


def _says_who_wrote(text: str) -> bool:
    """Whether words have an address and a time, or one of them with "wrote"."""
    if _ADDRESS.search(text) and _DAY_AND_TIME.search(text):
        return True
    names_sender = "@" in text or _MOMENT.search(text) is not None
    return names_sender and _WROTE.find(text) is not None


def _may_be_wrapped(lines: Sequence[PastedLine]) -> bool:
    """Whether several lines may be a single one that a mail app wrapped: in a paragraph, and not below a bullet."""
    first = lines[0]
    if any(line.paragraph is not first.paragraph for line in lines):
        return False
    return len(lines) == 1 or not is_listed(first.text)
