"""Leave out a newsletter's navigation, above its first news and below its last: past issues, social networks, pages of
its site.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import parse_qs, urlsplit

from briefing.collecting.brief.lines.addresses import leads_to_page
from briefing.collecting.brief.lines.footers import classify_footer
from briefing.collecting.brief.lines.marks import (
    without_mark,
    without_ornaments,
)
from briefing.collecting.brief.lines.read_more import classify_read_more
from briefing.collecting.brief.vocabulary import Form

from .pasted_lines import PastedLine, PastedLines, without_lines

_MOST_WORDS = 3
"""Words of a link for navigation; a headline has more."""
_MOST_WORDS_OF_SITE = 12
"""Words of a link to the front page of a site: its name."""
_MOST_BETWEEN = 1
"""Words between links to front pages and profiles: "and"."""
_LOWEST_LEVEL = 6
_LEAST_HEADLINES = 3
_LEAST_BESIDE = 3
"""Links beside one another."""
_SITE_PAGE = Form("<site_page>")


def without_navigation(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """The lines without navigation above the first link to news, and below the last."""
    lines = _with_unlinked_title(lines)
    places = set(_navigation(lines))
    news = [
        place
        for place, line in enumerate(lines)
        if place not in places and _leads_to_news(line)
    ]
    if not news:
        return lines
    outside = {place for place in places if not news[0] < place < news[-1]}
    return without_lines(outside, lines, left_out)


def _with_unlinked_title(lines: PastedLines) -> PastedLines:
    """The lines with the brief's own title as plain words: the only heading of the highest level, above all other
    headings or linked headlines. Its link leads to the brief itself.
    """
    place = next(
        (n for n, line in enumerate(lines) if line.paragraph.level), -1
    )
    if place < 0:
        return lines
    above = lines[:place]
    heading = lines[place]
    below = lines[place + 1 :]
    if not _is_title(heading, below):
        return lines
    return [*above, replace(heading, links=()), *below]


def _is_title(heading: PastedLine, below: Sequence[PastedLine]) -> bool:
    """Whether a heading is of a higher level than all below it, and there are headlines below it."""
    levels = filter(None, (line.paragraph.level for line in below))
    is_above = heading.paragraph.level < min(levels, default=_LOWEST_LEVEL)
    return is_above and sum(map(_is_headline, below)) >= _LEAST_HEADLINES


def _is_headline(line: PastedLine) -> bool:
    """Whether a line is a heading, or begins with a link that is too long for a label."""
    if line.paragraph.level:
        return True
    words = line.links[0][0] if line.links else ""
    is_first = without_mark(line.text).startswith(words)
    return is_first and len(words.split()) > _MOST_WORDS


def _navigation(lines: Sequence[PastedLine]) -> Iterator[int]:
    """The places of navigation lines: several short links beside one another, or such links one below the other
    of which at least half are named like pages of a site.
    """
    places = range(len(lines))
    for is_short, group in groupby(places, key=lambda n: _is_short(lines[n])):
        run = [n for n in group if is_short and lines[n].links]
        named = sum(_is_site_page(lines[n]) for n in run)
        least = 0 if named * 2 >= len(run) else _LEAST_BESIDE
        for n in run:
            if len(lines[n].links) >= least:
                yield from _with_announcement(n, lines)


def _with_announcement(n: int, lines: Sequence[PastedLine]) -> Iterator[int]:
    """The place of a line, and of what announces it above."""
    yield n
    if n and _is_announcement(lines[n - 1]):
        yield n - 1


def _is_short(line: PastedLine) -> bool:
    """Whether a line is empty, or nothing but short links that don't lead to more of a text; nor is it a mailing list's
    footer, which may include the lines around it.
    """
    if classify_read_more(line.text, linked=True):
        return False
    if _is_footer(line):
        return False
    if _leads_to_page(line):
        longest = _MOST_WORDS
        most_between = 0
    else:
        longest = _MOST_WORDS_OF_SITE
        most_between = _MOST_BETWEEN
    links = [words for words, _ in line.links]
    if any("://" in words or len(words.split()) > longest for words in links):
        return False
    return _words_between(line) <= most_between


def _words_between(line: PastedLine) -> int:
    """How many words of a line aren't linked."""
    rest = line.text
    for words, _ in line.links:
        rest = rest.replace(words, "", 1)
    return sum(any(map(str.isalnum, word)) for word in rest.split())


def _is_announcement(line: PastedLine) -> bool:
    """Whether a line without a link only says what the links below it are for: "Share this:"."""
    return not line.links and bool(_SITE_PAGE.fits(_bare(line.text)))


def _is_site_page(line: PastedLine) -> bool:
    """Whether a line has a link that is named like a page of a site, leads to its front page, or shares a page."""
    return any(
        _SITE_PAGE.fits(_bare(words))
        or not _names_page(address)
        or "share" in parse_qs(urlsplit(address).query)
        for words, address in line.links
    )


def _bare(words: str) -> str:
    return without_ornaments(without_mark(words)).strip(" →»›>|[]().:!")


def _leads_to_news(line: PastedLine) -> bool:
    """Whether a line has a link to more than the front page of a site, and isn't a mailing list's footer."""
    return _leads_to_page(line) and not _is_footer(line)


def _leads_to_page(line: PastedLine) -> bool:
    return any(_names_page(address) for _, address in line.links)


def _is_footer(line: PastedLine) -> bool:
    addresses = [address for _, address in line.links]
    found = classify_footer(line.text, addresses)
    return found is not None and found.is_footer


def _names_page(address: str) -> bool:
    """Whether an address leads to a page of a site, not to its front page, a place on that, or a person's profile."""
    page, _, _ = address.partition("#")
    if not leads_to_page(page):
        return False
    path = urlsplit(page).path.strip("/")
    # "https://social.example.org/@delta"
    is_profile = path.startswith("@") and "/" not in path
    return not is_profile
