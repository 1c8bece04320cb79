"""Find a page's headline: the heading that agrees with its metadata, without the site's name and
kickers.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

from briefing.collecting.text.comparing import compact, with_ascii_umlauts
from briefing.collecting.text.wordlists import load_data, words, words_in_order
from briefing.collecting.web.headings import (
    Heading,
    is_in_breadcrumb,
    read_headings,
)
from briefing.collecting.web.linked_data import is_article, texts
from briefing.collecting.web.page import Page
from briefing.markup import tidy_spaces

_PARTS = load_data(__file__, "page_parts")["headline"]
_SECTIONS = words(_PARTS["sections"])
_METAS = words_in_order(
    "twitter:title dc.title dcterms.title sailthru.title parsely-title headline"
)

# What separates a headline from the name of its site; Chinese and Japanese pages write it without
# spaces.
_SEPARATOR = re.compile(
    r"(?<!\s)\s++(?:[|¦│•·»«›‹/~⋆]|::|-{1,3}|[–—−])\s+"
    r"|(?:(?<!\s)\s++)?[|｜│]\s*"
    r"|(?<!\s)\s++:\s+"
    r"|(?<=\S)\s*—\s+"
    r"|(?<=[\u3040-\u9fff！？」』])\s*[-_–—:]+\s*"
    r"|(?:(?<!\s)\s++)?_\s*(?=[\u3040-\u9fff])"
)
_TAG = re.compile(r"<[^>]{1,200}>")
_DATE_BEFORE = re.compile(
    r"^\d{1,2}[./]\d{1,2}[./](?:\d\d){1,2}\s*[-–—:|]\s+(?=\S)"
)
_LONG_WORD = re.compile(r"\w{3,}")

_MAX_DECLARED = 600
_LONG = 25
"""The least length of a heading that isn't the name of a site or of a section."""
_SIMILAR = 0.6
"""The least share of common words in two titles that count as the same."""
_SAME, _CONTAINED, _END_CUT_OFF, _LOOSELY_CONTAINED = 4.0, 3.0, 2.5, 2.0
_MAYBE_SITE = 1.3
"""The degree of agreement with the last part of a title, which may be the site's name."""
_BETTER_BY = 0.6
"""An h2 is preferred to the h1 only if it agrees better by this much."""


def find_headline(page: Page, site_names: Collection[str]) -> tuple[str, bool]:
    """Return the headline, and whether two places on the page agree on it.

    `site_names` are all names that the page's site goes by.
    """
    headline, is_agreed = _find(page, site_names)
    return _DATE_BEFORE.sub("", headline), is_agreed


def _find(page: Page, site_names: Collection[str]) -> tuple[str, bool]:
    site = SiteNames(site_names)
    titles = _own_titles(page, site)
    bare = list(map(site.cut_off, titles))
    all_titles = [*titles, *bare]
    heading, is_agreed = _best_heading(page, site, all_titles)
    if heading:
        return site.cut_off(heading), is_agreed
    if bare:
        first, *others = map(compact, bare)
        return bare[0], first in others
    for first_heading in read_headings(page, "h1"):
        return first_heading.text, False
    return "", False


def _best_heading(
    page: Page, site: "SiteNames", titles: Sequence[str]
) -> tuple[str, bool]:
    """Return the heading that is the headline, and whether a title agrees; "" if none is."""
    only = _only_headline(page, site)
    second = _below_breadcrumb(page, titles)
    second = second or _below_site_name(page, only, site, titles)
    if second:
        return second, True
    if only:
        agreement = _best_agreement([only], site, titles)
        if agreement.text or len(only.text) >= _LONG:
            return agreement.text or only.text, bool(agreement.text)
    agreeing = _agreeing_heading(page, site, titles)
    if agreeing:
        return agreeing, True
    return only.text if only else "", False


def _own_titles(page: Page, site: "SiteNames") -> list[str]:
    """Return the declared titles that aren't the site's name; all of them if they all are."""
    titles = list(_declared_titles(page))
    own = [title for title in titles if not site.is_name(title)]
    return own or titles


class SiteNames:
    """The names of a site, and how to cut them off its titles."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    @cached_property
    def _keys(self) -> set[str]:
        return set(map(_key, self._names)) - {""}

    def is_name(self, text: str) -> bool:
        return _key(text) in self._keys

    def resembles(self, text: str) -> bool:
        """Whether a text is one of the names, with little more or less."""
        return self._matches(text, _resembles)

    def cut_off(self, title: str) -> str:
        """Return a title without the site's names at its beginning and end."""
        parts = _split(title)
        for number in range(1, len(parts)):
            if self.is_name(parts[number].text):
                parts = parts[:number]
                break
        self._cut_ends(parts)
        first, *rest = parts
        pieces = [first.text]
        for part in rest:
            pieces += [part.separator, part.text]
        return "".join(pieces).strip()

    def _cut_ends(self, parts: "list[_Part]") -> None:
        while len(parts) > 1 and self._matches(parts[-1].text, _resembles):
            parts.pop()
        while len(parts) > 1 and self._matches(parts[0].text, _extends):
            parts.pop(0)

    def _matches(self, part: str, compare: Callable[[str, str], bool]) -> bool:
        key = _key(part)
        return key in self._keys or any(
            compare(key, name) for name in self._keys
        )


def _resembles(key: str, name: str) -> bool:
    """Whether one of them contains the other and little else."""
    if len(name) < 4:
        return False
    if name in key:
        return len(key) < 2 * len(name) + 6
    return len(key) >= 4 and key in name


def _extends(key: str, name: str) -> bool:
    """Whether a key begins with a name, and has little else."""
    if len(name) < 6 or not key.startswith(name):
        return False
    return len(key) < 2 * len(name)


def _key(text: str) -> str:
    return compact(with_ascii_umlauts(text))


@dataclass(frozen=True, slots=True)
class _Part:
    separator: str
    """Before the text."""
    text: str


def _split(title: str) -> list[_Part]:
    parts = []
    start = 0
    separator = ""
    for match in _SEPARATOR.finditer(title):
        text = title[start : match.start()]
        parts.append(_Part(separator, text))
        separator = match[0]
        start = match.end()
    parts.append(_Part(separator, title[start:]))
    filled = [part for part in parts if part.text.strip()]
    return filled or [_Part("", title)]


# --- What the head declares


def _declared_titles(page: Page) -> Iterator[str]:
    """Yield the titles in the page's metadata, the most carefully written first."""
    for title in _raw_titles(page):
        text = tidy_spaces(_TAG.sub(" ", title))
        if text and len(text) <= _MAX_DECLARED:
            yield text


def _raw_titles(page: Page) -> Iterator[str]:
    yield page.meta("og:title")
    for node in filter(is_article, page.linked_data):
        names = chain(texts(node.get("headline")), texts(node.get("name")))
        yield from islice(names, 1)
    yield from map(page.meta, _METAS)
    yield page.document_title


# --- Headings


def _only_headline(page: Page, site: "SiteNames") -> Heading | None:
    """Return the page's h1 if it has exactly one that can be a headline."""
    by_text = {heading.text: heading for heading in read_headings(page, "h1")}
    own = [text for text in by_text if not _names_section(text, site)]
    return by_text[own[0]] if len(own) == 1 else None


def _below_breadcrumb(page: Page, titles: Sequence[str]) -> str:
    """Return the h2 that repeats a declared title where the h1 is only the end of the path to the
    page, worded for search engines; "" on other pages.
    """
    if not any(map(is_in_breadcrumb, page.root.iter("h1"))):
        return ""
    for heading in read_headings(page, "h2"):
        for title in titles:
            agreement = _agreement(heading, title)
            if agreement.degree in {_SAME, _END_CUT_OFF}:
                return agreement.text
    return ""


def _below_site_name(
    page: Page,
    only: Heading | None,
    site: "SiteNames",
    titles: Sequence[str],
) -> str:
    """Return the smaller heading that is the longest part of a title "Site - Headline", if the h1 is
    another, short part of it; "" on other pages.
    """
    if only is None or not site.resembles(only.text):
        return ""
    key = compact(only.text)
    for title in titles:
        parts = [compact(part.text) for part in _split(title)]
        longest = max(parts, key=len)
        if key not in parts or key == longest:
            continue
        for heading in read_headings(page, "h2", "h3"):
            if compact(heading.text) == longest:
                return heading.text
    return ""


def _names_section(heading: str, site: "SiteNames") -> bool:
    """Whether a heading is the name of the site or of a part of it, such as "News"."""
    return site.is_name(heading) or compact(heading) in _SECTIONS


# --- How well they agree


@dataclass(frozen=True, slots=True)
class _Agreement:
    degree: float = 0
    """From 0 to 4."""
    text: str = ""
    """The words on which heading and title agree."""


def _agreeing_heading(
    page: Page, site: SiteNames, titles: Sequence[str]
) -> str:
    """Return the heading that agrees best with the declared titles; "" if none does."""
    first = _best_agreement(read_headings(page, "h1"), site, titles)
    second = _best_agreement(read_headings(page, "h2", "h3"), site, titles)
    is_good = second.degree >= _LOOSELY_CONTAINED
    is_better = second.degree - first.degree > _BETTER_BY
    return second.text if is_good and is_better else first.text


def _best_agreement(
    headings: Sequence[Heading],
    site: SiteNames,
    titles: Sequence[str],
) -> _Agreement:
    best = _Agreement()
    for heading in headings:
        if site.is_name(heading.text) or _is_in_middle(heading, titles):
            continue
        for title in titles:
            agreement = _agreement(heading, title)
            if agreement.degree > best.degree:
                best = agreement
    return best


def _is_in_middle(heading: Heading, titles: Sequence[str]) -> bool:
    """Whether a heading is the short piece B of a title "A - B - C": a section of the site."""
    if len(heading.text) >= _LONG:
        return False
    key = compact(heading.text)
    for title in titles:
        _, *others = _split(title)
        if key in [compact(part.text) for part in others[:-1]]:
            return True
    return False


def _agreement(heading: Heading, title: str) -> _Agreement:
    key = compact(heading.text)
    title_key = compact(title)
    if not key or not title_key:
        return _Agreement()
    if key == title_key:
        is_in_pieces = len(heading.pieces) > 1 and not title.isupper()
        return _Agreement(_SAME, title if is_in_pieces else heading.text)
    return (
        _agreement_with_part(heading, key, title)
        or _containment(heading, key, title, title_key)
        or _agreement_of_words(heading, title)
    )


def _agreement_with_part(
    heading: Heading, key: str, title: str
) -> _Agreement | None:
    if len(key) < 4:
        return None
    parts = [compact(part.text) for part in _split(title)]
    if key not in parts:
        return None
    is_short = len(heading.text) < _LONG
    degree = _MAYBE_SITE if is_short and key == parts[-1] else _CONTAINED
    return _Agreement(degree, heading.text)


def _containment(
    heading: Heading,
    key: str,
    title: str,
    title_key: str,
) -> _Agreement | None:
    shortest = 6 if _has_chinese(title) else 12
    if min(len(key), len(title_key)) < shortest:
        return None
    if title_key.startswith(key):
        return _Agreement(_CONTAINED, heading.text)
    if key in title_key:
        return _Agreement(_LOOSELY_CONTAINED, heading.text)
    if not key.startswith(title_key) and not key.endswith(title_key):
        return None
    is_apart = _is_set_apart(heading, title_key)
    return _Agreement(_END_CUT_OFF, title if is_apart else heading.text)


def _agreement_of_words(heading: Heading, title: str) -> _Agreement:
    share = _common_words(heading.text, title)
    if share < _SIMILAR:
        return _Agreement()
    return _Agreement(1 + share, heading.text)


def _is_set_apart(heading: Heading, title_key: str) -> bool:
    """Whether the markup of a heading sets this title apart from the rest of it."""
    pieces = list(map(compact, heading.pieces))
    for number in range(1, len(pieces)):
        before = "".join(pieces[:number])
        after = "".join(pieces[number:])
        if title_key in {before, after}:
            return True
    return False


def _common_words(heading: str, title: str) -> float:
    """Return the share of longer words that heading and title have in common."""
    heading_words = set(_LONG_WORD.findall(heading.casefold()))
    title_words = set(_LONG_WORD.findall(title.casefold()))
    fewest = min(len(heading_words), len(title_words))
    if fewest < 3:
        return 0.0
    common = heading_words & title_words
    return len(common) / fewest


def _has_chinese(text: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" for letter in text)
