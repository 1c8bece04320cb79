"""The rows of a brief, made of the lines of its paragraphs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from briefing.collecting.brief.lines.contacts import without_hidden_address
from briefing.collecting.brief.lines.footers import is_separator, is_underline
from briefing.collecting.brief.lines.marks import (
    list_item,
    split_heading,
    without_ornaments,
)
from briefing.collecting.brief.lines.sentences import ends_sentence
from briefing.collecting.brief.lines.visible import (
    Links,
    emphases_of,
    lines_with_links,
)
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.text.literal import Link, bare_links
from briefing.collecting.text.written_dates import find_dates
from briefing.issue.links import unsafe_reason

from .counters import find_counters
from .first_words import bold_start, lead_of
from .headline_words import can_be_headline
from .row import OTHER, Row, Rows
from .row_paragraphs import places_alone
from .tables import with_tables

_EMPHASISED = re.compile(
    # Not within words and addresses, where these characters are ordinary.
    r"(?<![\w/&?=])(?P<mark>\*\*|__|\*|_)(?P<words>[^*_\s](?:[^*_]*[^*_\s])?)(?P=mark)(?![\w/&?=])"
)
_ARROWS = " →⇒↗"
"""They lead to a row, but don't emphasise it."""
# "2024-03-04 –": its headline is in the row below.
_BEFORE_DASH = re.compile(r"(\S.{1,40}) [–—-]")
_MOST_UNCOVERED = 2
"""How much longer than its underline a row may be."""
# Google Docs copies the letter of a comment behind the words: "Ferry returns[a]".
_COMMENT_MARK = re.compile(r"\[[a-z]{1,2}\]$")
_REFERENCE = re.compile(r"(?:\[\d{1,3}\]|[a-z]\)) (?P<words>\S.*)")
"""Numbers and letters that only count in a list as a whole: "[1] ", "a) "."""
_CHINESE_NUMBER = re.compile(
    r"[(（]?[一二三四五六七八九十]{1,3}(?:[)）][、.]?|[、.．]) ?(?=\S)"
)
"""Titles of sections have such numbers as well, so they don't make an item of a list."""
# "– News –", "-- News --"; with one hyphen on each side, "- News -", it is rather an item of a list.
_DASHED = re.compile(
    r"(?P<mark>[–—]|-{2,5}+) ?(?P<words>[^\s–—-][^–—]{0,59}?) ?(?P=mark)"
)
_WHOLE = (
    # "**News**".
    re.compile(
        r"(?P<mark>\*{1,3}|_{1,2})\s*(?P<words>\S(?:.*\S)?)\s*(?P=mark)"
    ),
    # "【News】", "[News]".
    re.compile(
        r"[【\[]\s*+(?P<words>[^\s【】\[\]:][^【】\[\]:]{0,59})\s*+[】\]]"
    ),
    # "+++ News +++".
    re.compile(r"\+{2,5}+\s*+(?P<words>[^\s+][^+]{0,59}?)\s*+\+{2,5}"),
    # ":: News ::", "= News =", "~ News ~".
    re.compile(
        r"(?P<mark>:{2,5}+|={1,5}+|~{1,5}+)\s*+(?P<words>[^\s:=~][^:=~]{0,59}?)\s*+(?P=mark)"
    ),
    _DASHED,
    # "** NEWS": so the plain text of a newsletter marks its headings.
    re.compile(r"\*\* (?P<words>[^\s*][^*]*+)"),
)
"""What can emphasise a line as a whole."""
# "delta.example.org/news", with a path: "delta.example.org" alone may be the name of a publisher.
_BARE = re.compile(
    r"(?<![\w.@/:-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,12}/[!#-;=?-Z\]_a-z~]{1,500}",
    re.IGNORECASE,
)


def rows_of(paragraphs: Sequence[Paragraph]) -> list[Row]:
    """The rows of a brief's paragraphs."""
    rows: list[Row] = []
    for block, paragraph in enumerate(with_tables(paragraphs)):
        rows += _with_one_headline(_rows_in(paragraph, block))
    return list(_with_quotations(_without_counters(rows)))


def _rows_in(paragraph: Paragraph, block: int) -> list[Row]:
    """The rows of a paragraph. A line that only underlines the one above makes that strong."""
    rows: list[Row] = []
    lines = zip(
        lines_with_links(paragraph), emphases_of(paragraph), strict=False
    )
    for place, ((text, links), emphases) in enumerate(lines):
        line = without_hidden_address(text)
        # Further down in a paragraph it is rather a rule between items.
        is_below_first = len(rows) == 1 and not rows[0].is_rule
        if is_below_first and _underlines(line, rows[0]):
            rows[0] = replace(rows[0], is_strong=True)
            continue
        if _are_framed(rows) and _underlines(line, rows[1]):
            # A publisher with a date between rules isn't the title of a section.
            is_title = not find_dates(rows[1].words, None)
            rows[1] = replace(rows[1], is_strong=is_title)
            continue
        row = _row(line, _safe(links), bold_start(text, emphases))
        if not (row.words or row.links or row.is_rule):
            continue
        row = _placed(row, block, paragraph, place)
        if rows and _is_date_before(rows[-1], row):
            rows[-1] = _together(rows[-1], row)
        else:
            rows.append(row)
    return rows


def _with_one_headline(rows: list[Row]) -> list[Row]:
    """The rows of a paragraph, with the first two as one if the second continues the headline in the first."""
    first_two = rows[:2]
    if len(first_two) == 2 and _are_one_headline(*first_two):
        return [_together(*first_two), *rows[2:]]
    return rows


def _are_one_headline(first: Row, second: Row) -> bool:
    if any(row.links or row.mark or row.is_cell for row in (first, second)):
        return False
    return (
        second.begins_small
        # A source with its date may begin small as well: "in Harbour Post (3/5)".
        and not any(map(str.isdigit, second.words))
        and can_be_headline(first.words)
        and can_be_headline(second.words)
    )


def _with_quotations(rows: Rows) -> Iterator[Row]:
    """Rows whose quotations, which have ">" in front of each line below another one, are only text."""
    above: Row | None = None
    for is_quoted, group in groupby(rows, key=lambda row: row.is_quoted):
        part = list(group)
        is_below = above is not None and above.block == part[0].block
        is_text = ends_sentence(part[-1].words)
        above = part[-1]
        for row in part:
            is_own = is_quoted and is_below and is_text and not row.links
            yield replace(row, field=OTHER) if is_own else row


def _without_counters(rows: Rows) -> list[Row]:
    """Numbered rows whose counters are marks; one that is only a counter, and no link, marks the row below it."""
    ends = _ends_of_counters(rows)
    counted: list[Row] = []
    is_counter = False
    for number, row in enumerate(rows):
        end = ends.get(number, 0)
        mark = "1" if is_counter or end else row.mark
        rest = row.words[end:].lstrip()
        is_counter = end > 0 and not rest
        if not is_counter:
            place = len(counted)
            counted.append(replace(row, number=place, mark=mark, words=rest))
    return counted


def _ends_of_counters(rows: Rows) -> dict[int, int]:
    """Where the counters of rows end, by the places of these rows."""
    words = ["" if _is_text_in_cell(row) else row.words for row in rows]
    return {
        place: end
        for place, end in find_counters(words, places_alone(rows)).items()
        # A linked row that is only a counter is a headline: "Episode 1".
        if end < len(words[place]) or not rows[place].links
    }


def _is_text_in_cell(row: Row) -> bool:
    """Whether a row is more than a number in a row of a table."""
    return row.is_cell and not row.words.isdecimal()


def _is_date_before(row: Row, below: Row) -> bool:
    """Whether a row is only a date with a dash behind it, which the row below continues."""
    before = _BEFORE_DASH.fullmatch(row.words)
    if before is None or row.links or below.mark:
        return False
    dates = find_dates(before[1], None)
    if not dates:
        return False
    span = dates[0].start, dates[0].end
    return span == before.span(1) and below.cell == row.cell


def _together(row: Row, below: Row) -> Row:
    """Two rows as one."""
    return replace(
        row,
        raw=f"{row.raw} {below.raw}",
        words=f"{row.words} {below.words}",
        links=below.links,
        is_strong=row.is_strong and below.is_strong,
    )


def _are_framed(rows: Rows) -> bool:
    """Whether the rows of a paragraph so far are a rule and one below it."""
    return [row.is_rule for row in rows] == [True, False]


def _underlines(line: str, row: Row) -> bool:
    """Whether a line underlines a row; a much shorter one is rather a rule below it."""
    marks = line.strip()
    is_long = "=" in marks or len(marks) * _MOST_UNCOVERED >= len(row.words)
    return is_long and not row.links and is_underline(line)


def _safe(links: Links) -> Links:
    """The links to pages: no email addresses."""
    return tuple(link for link in links if not unsafe_reason(link[1]))


def _placed(row: Row, block: int, paragraph: Paragraph, place: int) -> Row:
    """A row with what its paragraph says about the line in this place. A rule isn't a heading."""
    level = 0 if row.is_rule else paragraph.level or row.level
    return replace(
        row,
        block=block,
        paragraph=paragraph.number,
        level=level,
        is_strong=row.is_strong or level > 0 or place in paragraph.strong,
        cell=paragraph.cells[place] if paragraph.is_row else -1,
        card=paragraph.card,
    )


def _row(line: str, links: Links, bold: str) -> Row:
    if is_separator(line):
        return Row(line, "", is_rule=True)
    level, words = split_heading(line)
    mark, words = _split_mark(words.removeprefix("> "))
    words = words.lstrip(_ARROWS) or words
    bare = _without_emphasis(words)
    plain = _COMMENT_MARK.sub("", _EMPHASISED.sub(r"\g<words>", bare)).strip()
    return Row(
        line,
        plain,
        mark=mark,
        level=level,
        is_strong=bare != words,
        lead=lead_of(plain, bold, bare),
        links=(*links, *_further_links(plain, links)),
    )


def _split_mark(words: str) -> tuple[str, str]:
    """The kind of mark before an item of a list, and its words."""
    # "– News –" is a title between dashes, not an item of a list.
    listed = None if _DASHED.fullmatch(words) else list_item(words)
    if listed:
        return "1" if listed.number else "*", listed.words
    reference = _REFERENCE.fullmatch(words)
    if reference:
        return "1", reference["words"]
    number = _CHINESE_NUMBER.match(words)
    return "", words[number.end() :] if number else words


def _without_emphasis(words: str) -> str:
    """Words without what emphasises them as a whole: asterisks, 【】, an ornament in front."""
    words = without_ornaments(words)
    for pattern in _WHOLE:
        match = pattern.fullmatch(words)
        if match:
            words = match["words"]
    return words


def _further_links(words: str, links: Links) -> Iterable[Link]:
    """Addresses in the words that aren't links yet, even without https://."""
    known = {address for _, address in links}
    for text, address in bare_links(words):
        if address not in known:
            yield text, address
    for match in _BARE.finditer(words):
        # The mark behind an address ends its sentence: "see delta.example.org/news."
        text = match[0].rstrip(".,;:!?'\"*_)")
        address = f"https://{text}"
        if address not in known and not unsafe_reason(address):
            yield text, address
