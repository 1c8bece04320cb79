"""Find a page's headline: the heading that agrees with its metadata, without the site's name and
kickers.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from html import unescape
from itertools import chain, islice
from operator import attrgetter
from urllib.parse import urlsplit

from briefing.collecting.text.comparing import compact
from briefing.collecting.text.wordlists import load_data, words, words_in_order
from briefing.markup import tidy_spaces

from .headings import Heading, is_in_breadcrumb, read_headings
from .linked_data import texts
from .page import Page
from .title_agreement import (
    END_CUT_OFF,
    LOOSELY_CONTAINED,
    SAME,
    Agreement,
    agreement_of,
    has_common_word,
    is_long,
)
from .title_parts import SiteNames, compact_parts

_PARTS = load_data(__file__, "page_parts")["headline"]
_SECTIONS = words(_PARTS["sections"])
_METAS = words_in_order(
    "twitter:title dc.title dcterms.title sailthru.title parsely-title headline"
)

_TAG = re.compile(r"<[^>]{1,200}>")
# Some pages escape their titles twice: "Q &#x26; A".
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE
)

_BEFORE_TAIL = tuple("-–—|ㅣ·")

_MAX_DECLARED = 600
_SHORTEST_WITHOUT_SECTION, _MAX_SECTION = 25, 2
"""Characters of a headline, and words of the name of a section behind it."""
_SHORTEST_WITHOUT_TAIL = 12
"""Characters; what is shorter may be the site's name."""
_BETTER_BY = 0.6
"""An h2 is preferred to the h1 only if it agrees better by this much."""


def find_headline(page: Page, site_names: Collection[str]) -> tuple[str, bool]:
    """Return the headline, and whether two places on the page agree on it, of which one is the most
    carefully written title.

    `site_names` are all names that the page's site goes by.
    """
    headline, is_agreed = _find(page, site_names)
    headline = _ENTITY.sub(_unescape, headline)
    return _without_section(headline), is_agreed


def _find(page: Page, site_names: Collection[str]) -> tuple[str, bool]:
    site = SiteNames(site_names)
    declared = list(_declared_titles(page))
    titles = [title for title in declared if not site.is_name(title)]
    bare = list(map(site.cut_off, titles))
    heading, is_agreed = _main_heading(page, site, titles, bare)
    if heading:
        headline = site.cut_off(heading)
        is_confirmed = all(_confirms(title, headline) for title in bare[:1])
        return headline, is_agreed and is_confirmed
    if bare:
        first, *others = bare
        return _without_tail(first, others), _is_repeated(bare)
    if declared and _is_front_page(page):
        return declared[0], False
    heading = _first_heading(page, site)
    return heading or next(iter(declared), ""), False


def _unescape(entity: re.Match[str]) -> str:
    return unescape(entity[0])


def _without_section(headline: str) -> str:
    """Return a headline without the name of a section behind its last bar: "… | Opinion"."""
    rest, _, section = headline.rpartition(" | ")
    names = section.split()
    is_short = len(names) <= _MAX_SECTION and all(map(str.isalpha, names))
    is_headline = len(rest) >= _SHORTEST_WITHOUT_SECTION
    return rest if is_short and is_headline else headline


def _main_heading(
    page: Page, site: SiteNames, titles: Sequence[str], bare: Sequence[str]
) -> tuple[str, bool]:
    """Return the heading that is the headline, and whether a title agrees; "" if none is, or only a
    label. `bare` are the titles without the site's name.
    """
    heading, is_agreed = _best_heading(page, site, [*titles, *bare])
    if not is_agreed and _is_label(heading, bare):
        return "", False
    return heading, is_agreed


def _best_heading(
    page: Page, site: SiteNames, titles: Sequence[str]
) -> tuple[str, bool]:
    """Return the heading that is the headline, and whether a title agrees; "" if none is."""
    only = _only_headline(page, site)
    agreed = _agreed_heading(page, only, site, titles)
    if agreed:
        return agreed, True
    if only is None and not _is_front_page(page):
        only = _only_long_heading(page)
    return only.text if only else "", False


def _agreed_heading(
    page: Page,
    only: Heading | None,
    site: SiteNames,
    titles: Sequence[str],
) -> str:
    """Return the heading on which a title agrees; "" if there is none."""
    below = _below_breadcrumb(page, titles)
    if below:
        return below
    if only is None:
        return _agreeing_heading(page, site, titles)
    agreement = _best_agreement([only], site, titles)
    if agreement.text:
        return agreement.text
    if is_long(only.text):
        return _repeated_title(page, site, titles)
    return _agreeing_heading(page, site, titles)


# --- What the head declares


def _declared_titles(page: Page) -> Iterator[str]:
    """Yield the titles in the page's metadata, the most carefully written first."""
    for title in _raw_titles(page):
        text = tidy_spaces(_TAG.sub(" ", title))
        if text and len(text) <= _MAX_DECLARED:
            yield text


def _raw_titles(page: Page) -> Iterator[str]:
    yield page.meta("og:title")
    for node in page.articles:
        names = chain(texts(node.get("headline")), texts(node.get("name")))
        yield from islice(names, 1)
    yield from map(page.meta, _METAS)
    yield page.document_title


def _confirms(title: str, headline: str) -> bool:
    """Whether a headline is a part of a title, or one of them begins with the other."""
    key, title_key = compact(headline), compact(title)
    if key.startswith(title_key) or title_key.startswith(key):
        return True
    return key in compact_parts(title)


def _without_tail(title: str, others: Sequence[str]) -> str:
    """Return a title without what another one leaves out behind a dash or bar, such as a section."""
    for other in others:
        tail = title.removeprefix(other)
        is_shorter = len(other) >= _SHORTEST_WITHOUT_TAIL and tail != title
        if is_shorter and tail.lstrip().startswith(_BEFORE_TAIL):
            return other
    return title


# --- Headings


def _only_headline(page: Page, site: SiteNames) -> Heading | None:
    """Return the page's h1 if it has exactly one that can be a headline."""
    by_text = {heading.text: heading for heading in read_headings(page, "h1")}
    own = [text for text in by_text if not _names_section(text, site)]
    return by_text[own[0]] if len(own) == 1 else None


def _only_long_heading(page: Page) -> Heading | None:
    """Return the h1 that is longer than the name of a section, if exactly one is."""
    headings = read_headings(page, "h1")
    long = [heading for heading in headings if is_long(heading.text)]
    return long[0] if len(long) == 1 else None


def _first_heading(page: Page, site: SiteNames) -> str:
    """Return the page's first large heading that isn't the name of its site or a section."""
    for heading in read_headings(page, "h1", "h2"):
        if not _names_section(heading.text, site):
            return heading.text
    return ""


def _is_front_page(page: Page) -> bool:
    """Whether a page is the site's first one, which has the site's name and other pages' headlines."""
    address = urlsplit(page.url)
    return address.path in {"", "/"} and not address.query


def _is_label(heading: str, titles: Sequence[str]) -> bool:
    """Whether a short heading isn't the headline but a section, a genre or a user's name: it has no word
    of the title, which the page declares more than once.
    """
    if is_long(heading) or not _is_repeated(titles):
        return False
    return not any(has_common_word(heading, title) for title in titles)


def _is_repeated(titles: Sequence[str]) -> bool:
    """Whether the page declares the first of these titles more than once."""
    first, *others = map(compact, titles or [""])
    return first in others


def _below_breadcrumb(page: Page, titles: Sequence[str]) -> str:
    """Return the h2 that repeats a declared title where the h1 is only the end of the path to the
    page, worded for search engines; "" on other pages.
    """
    if not any(map(is_in_breadcrumb, page.root.iter("h1"))):
        return ""
    for heading in read_headings(page, "h2"):
        for title in titles:
            agreement = agreement_of(heading, title)
            if agreement.degree in {SAME, END_CUT_OFF}:
                return agreement.text
    return ""


def _names_section(heading: str, site: SiteNames) -> bool:
    """Whether a heading is the name of the site or of a part of it, such as "News"."""
    return site.is_name(heading) or compact(heading) in _SECTIONS


# --- How well they agree


def _agreeing_heading(
    page: Page, site: SiteNames, titles: Sequence[str]
) -> str:
    """Return the heading that agrees best with the declared titles; "" if none does."""
    first = _best_agreement(read_headings(page, "h1"), site, titles)
    second = _best_agreement(read_headings(page, "h2", "h3"), site, titles)
    is_good = second.degree >= LOOSELY_CONTAINED
    is_better = second.degree - first.degree > _BETTER_BY
    return second.text if is_good and is_better else first.text


def _repeated_title(page: Page, site: SiteNames, titles: Sequence[str]) -> str:
    """Return the smaller heading that is a declared title or one of its parts; "" if none is. The h1 is
    then another story's or the name of a series.
    """
    headings = read_headings(page, "h2", "h3")
    long = [heading for heading in headings if is_long(heading.text)]
    best = _best_agreement(long, site, titles)
    return best.text if compact(best.text) in _parts_of(titles) else ""


def _parts_of(titles: Sequence[str]) -> set[str]:
    """Return the titles and what their separators divide them into, in compact form."""
    parts = set(map(compact, titles))
    parts.update(*map(compact_parts, titles))
    return parts - {""}


def _best_agreement(
    headings: Sequence[Heading],
    site: SiteNames,
    titles: Sequence[str],
) -> Agreement:
    agreements = [
        agreement_of(heading, title)
        for heading in headings
        if not site.is_name(heading.text) and not _is_in_middle(heading, titles)
        for title in titles
    ]
    return max(agreements, key=attrgetter("degree"), default=Agreement())


def _is_in_middle(heading: Heading, titles: Sequence[str]) -> bool:
    """Whether a heading is the short piece B of a title "A - B - C": a section of the site."""
    if is_long(heading.text):
        return False
    key = compact(heading.text)
    return any(key in compact_parts(title)[1:-1] for title in titles)
