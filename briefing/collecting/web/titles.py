"""Find a page's headline: the heading that agrees with its metadata, without the site's name and
kickers.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import filterfalse, islice, product, starmap

from briefing.collecting.text.comparing import compact
from briefing.collecting.text.hosts import is_first_page
from briefing.collecting.text.wordlists import load_data, words, words_in_order
from briefing.text.markup import tidy_spaces, unescape_again

from .headings import Heading, is_in_breadcrumb, read_headings
from .linked_data import texts_of
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
    "twitter:title dc.title dcterms.title sailthru.title parsely-title headline articletitle"
)

_TAG = re.compile(r"<[^>]{1,200}>")
_BEFORE_TAIL = tuple("-–—|ㅣ·")

_MAX_DECLARED = 600
_SHORTEST_WITHOUT_SECTION = 25
"""Characters of a headline before the name of a section."""
_MAX_SECTION = 2
"""Words of such a name."""
_SHORTEST_WITHOUT_TAIL = 12
"""Characters; what is shorter may be the site's name."""
_BETTER_BY = 0.6
"""An h2 is preferred to the h1 only if it agrees better by this much."""


def find_headline(page: Page, site_names: Collection[str]) -> tuple[str, bool]:
    """Return the headline, and whether two places on the page agree on it, one of them the most
    carefully written title.

    `site_names` are all names that the page's site goes by.
    """
    headline, is_agreed = _Finder(page, SiteNames(site_names)).find()
    return _without_section(unescape_again(headline)), is_agreed


class _Finder:
    """Searches one page."""

    def __init__(self, page: Page, site: SiteNames) -> None:
        self._page = page
        self._site = site
        self._declared = list(_declared_titles(page))
        titles = [title for title in self._declared if not site.is_name(title)]
        self._bare = list(map(site.cut_off, titles))
        """The declared titles without the site's name."""
        self._titles = [*titles, *self._bare]

    def find(self) -> tuple[str, bool]:
        heading, is_agreed = self._main_heading()
        bare = self._bare
        if heading:
            headline = self._site.cut_off(heading)
            is_confirmed = all(_confirms(title, headline) for title in bare[:1])
            return headline, is_agreed and is_confirmed
        if bare:
            first, *others = bare
            return _without_tail(first, others), _is_repeated(bare)
        # All declared titles are names of the site, which are the right headline only for its front page.
        declared = next(iter(self._declared), "")
        if declared and self._is_front_page:
            return declared, False
        return self._first_heading() or declared, False

    def _main_heading(self) -> tuple[str, bool]:
        """Return the heading that is the headline, and whether a title agrees; "" if none is, or only a
        label.
        """
        only = self._only_headline()
        agreed = self._agreed_heading(only)
        if agreed:
            return agreed, True
        if only is None and not self._is_front_page:
            only = self._only_long_heading()
        if only is None or _is_label(only.text, self._bare):
            return "", False
        return only.text, False

    def _agreed_heading(self, only: Heading | None) -> str:
        """Return the heading on which a title agrees; "" if there is none."""
        below = self._below_breadcrumb()
        if below or only is None:
            return below or self._agreeing_heading()
        agreement = self._best_agreement([only])
        if agreement.text:
            return agreement.text
        if is_long(only.text):
            return self._repeated_title()
        return self._agreeing_heading()

    # --- Headings by themselves

    def _only_headline(self) -> Heading | None:
        """Return the page's h1 if it has exactly one that can be a headline."""
        by_text = {
            heading.text: heading
            for heading in read_headings(self._page, "h1")
            if not self._names_section(heading.text)
        }
        own = list(by_text.values())
        return own[0] if len(own) == 1 else None

    def _only_long_heading(self) -> Heading | None:
        """Return the h1 that is longer than the name of a section, if exactly one is."""
        long = _without_short(read_headings(self._page, "h1"))
        return long[0] if len(long) == 1 else None

    def _first_heading(self) -> str:
        """Return the page's first large heading that isn't the name of its site or a section."""
        for heading in read_headings(self._page, "h1", "h2"):
            if not self._names_section(heading.text):
                return heading.text
        return ""

    def _names_section(self, heading: str) -> bool:
        """Whether a heading is the name of the site or of a part of it, such as "News"."""
        return self._site.is_name(heading) or compact(heading) in _SECTIONS

    @property
    def _is_front_page(self) -> bool:
        """Whether it is the site's first page, which has the site's name and other pages' headlines."""
        return is_first_page(self._page.url)

    # --- How well they agree with the titles

    def _below_breadcrumb(self) -> str:
        """Return the h2 that repeats a declared title where the h1 is only the end of the path to the
        page, worded for search engines; "" on other pages.
        """
        if not any(map(is_in_breadcrumb, self._page.root.iter("h1"))):
            return ""
        headings = read_headings(self._page, "h2")
        for heading, title in product(headings, self._titles):
            agreement = agreement_of(heading, title)
            if agreement.degree in {SAME, END_CUT_OFF}:
                return agreement.text
        return ""

    def _agreeing_heading(self) -> str:
        """Return the heading that agrees best with the declared titles; "" if none does."""
        first = self._best_agreement(read_headings(self._page, "h1"))
        second = self._best_agreement(read_headings(self._page, "h2", "h3"))
        is_good = second.degree >= LOOSELY_CONTAINED
        is_better = second.degree - first.degree > _BETTER_BY
        return second.text if is_good and is_better else first.text

    def _repeated_title(self) -> str:
        """Return the smaller heading that is a declared title or one of its parts; "" if none is. The h1
        is then another story's or the name of a series.
        """
        long = _without_short(read_headings(self._page, "h2", "h3"))
        best = self._best_agreement(long)
        return best.text if compact(best.text) in self._keys() else ""

    def _keys(self) -> set[str]:
        """Return the titles and what their separators divide them into, in compact form."""
        keys = set(map(compact, self._titles))
        return keys.union(*map(compact_parts, self._titles)) - {""}

    def _best_agreement(self, headings: Iterable[Heading]) -> Agreement:
        own = filterfalse(self._is_of_site, headings)
        agreements = starmap(agreement_of, product(own, self._titles))
        return max(agreements, key=_rank, default=Agreement())

    def _is_of_site(self, heading: Heading) -> bool:
        """Whether a heading is the site's name, or the short piece B of a title "A - B - C": a section of
        the site.
        """
        if self._site.is_name(heading.text):
            return True
        if is_long(heading.text):
            return False
        key = compact(heading.text)
        # The first piece may be the headline, and so may the last: "Harbour Post - News - Court frees the printer".
        return any(key in compact_parts(title)[1:-1] for title in self._titles)


def _rank(agreement: Agreement) -> tuple[float, bool]:
    """Return a key for comparing agreements. Of equal ones, a long heading is better: "Culture" may agree
    as well as the headline behind it in "Culture - The harbour gets a museum", but is a section.
    """
    return agreement.degree, is_long(agreement.text)


def _without_short(headings: Iterable[Heading]) -> list[Heading]:
    return [heading for heading in headings if is_long(heading.text)]


def _without_section(headline: str) -> str:
    """Return a headline without the name of a section after its last bar: "… | Opinion"."""
    rest, _, section = headline.rpartition(" | ")
    names = section.split()
    is_short = len(names) <= _MAX_SECTION and all(map(str.isalpha, names))
    is_headline = len(rest) >= _SHORTEST_WITHOUT_SECTION
    return rest if is_short and is_headline else headline


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
        yield from islice(texts_of(node, "headline", "name"), 1)
    yield from map(page.meta, _METAS)
    yield page.document_title


def _confirms(title: str, headline: str) -> bool:
    """Whether a headline is a part of a title, or one of them begins with the other."""
    # The head may have cut the headline off, or have added the site's name to it.
    key = compact(headline)
    title_key = compact(title)
    if key.startswith(title_key) or title_key.startswith(key):
        return True
    return key in compact_parts(title)


def _without_tail(title: str, others: Sequence[str]) -> str:
    """Return a title without what another one leaves out after a dash or bar, such as a section."""
    for other in others:
        tail = title.removeprefix(other)
        is_shorter = len(other) >= _SHORTEST_WITHOUT_TAIL and tail != title
        if is_shorter and tail.lstrip().startswith(_BEFORE_TAIL):
            return other
    return title


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
