"""Leave out what leads around a newsletter, above its first news and below its last: past issues, social networks, the
pages of its site.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urlsplit

from briefing.collecting.brief.footers import classify_footer
from briefing.collecting.brief.lists import without_mark, without_ornaments
from briefing.collecting.brief.message_lines import MessageLine, MessageLines
from briefing.collecting.brief.read_more import classify_read_more
from briefing.collecting.brief.vocabulary import Form

_MOST_WORDS = 3
"""Words of a link that leads around a site; a headline has more."""
_LEAST_BESIDE = 3
"""Links beside one another."""
_SITE_PAGE = Form("<site_page>")


def without_navigation(
    lines: MessageLines, left_out: list[str]
) -> MessageLines:
    """The lines without navigation above the first link to news, and below the last."""
    places = set(_navigation(lines))
    news = [
        place
        for place, line in enumerate(lines)
        if place not in places and _leads_to_news(line)
    ]
    if not news:
        return lines
    outside = {place for place in places if not news[0] < place < news[-1]}
    left_out += [lines[place].text for place in sorted(outside)]
    return [line for place, line in enumerate(lines) if place not in outside]


def _navigation(lines: Sequence[MessageLine]) -> Iterator[int]:
    """The places of lines that lead around: several short links beside one another, or such links one below the other
    of which at least half are named like pages of a site.
    """
    numbered = enumerate(lines)
    for is_short, group in groupby(
        numbered, key=lambda pair: _is_short(pair[1])
    ):
        if not is_short:
            continue
        run = [(place, line) for place, line in group if line.links]
        named = sum(_is_site_page(line) for _, line in run)
        for place, line in run:
            are_beside = len(line.links) >= _LEAST_BESIDE
            if are_beside or named * 2 >= len(run):
                yield place


def _is_short(line: MessageLine) -> bool:
    """Whether a line is empty, or nothing but short links that don't lead to more of a text; nor is it a mailing list's
    footer, which may include the lines around it.
    """
    if classify_read_more(line.text, linked=True) or _is_footer(line):
        return False
    rest = line.text
    for words, _ in line.links:
        if len(words.split()) > _MOST_WORDS or "://" in words:
            return False
        rest = rest.replace(words, "", 1)
    return not any(map(str.isalnum, rest))


def _is_site_page(line: MessageLine) -> bool:
    named = (_SITE_PAGE.fits(_bare(words)) for words, _ in line.links)
    return any(named)


def _bare(words: str) -> str:
    return without_ornaments(without_mark(words)).strip(" →»›>|[]().!")


def _leads_to_news(line: MessageLine) -> bool:
    """Whether a line has a link to more than the front page of a site, and isn't a mailing list's footer."""
    has_page = any(_names_page(address) for _, address in line.links)
    return has_page and not _is_footer(line)


def _is_footer(line: MessageLine) -> bool:
    addresses = [address for _, address in line.links]
    found = classify_footer(line.text, addresses)
    return found is not None and found.is_footer


def _names_page(address: str) -> bool:
    parts = urlsplit(address)
    is_web = parts.scheme in {"http", "https"}
    return is_web and bool(parts.path.strip("/") or parts.query)
