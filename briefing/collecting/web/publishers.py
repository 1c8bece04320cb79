"""Who published a page, the way people write it: "BBC", "Amnesty International".

Names for known hosts are in data/publishers.toml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from briefing.collecting.text.wordlists import load_table, words, words_in_order
from briefing.collecting.web.comparing import compact_name, with_ascii_umlauts
from briefing.collecting.web.hosts import host_of, parents, site_name, site_of, without_www
from briefing.collecting.web.linked_data import is_article, texts, types_of
from briefing.collecting.web.page import Page, text_of
from briefing.collecting.web.redirectors import unwrap
from briefing.markup import tidy_spaces

KNOWN: Mapping[str, str] = load_table(Path(__file__).parent / "data" / "publishers.toml")

_MAX_NAME, _MAX_NAME_WORDS, _MAX_TAIL, _MAX_TITLE = 60, 8, 40, 600
_CONVINCING, _PASSABLE = 0.4, -1
"""Scores of a name that makes looking in titles unnecessary, and of one that is accepted."""
_ORGANISATIONS = words("Organization NewsMediaOrganization Corporation NGO WebSite Newspaper Periodical")
_METAS = words_in_order(
    """
    application-name apple-mobile-web-app-title dc.publisher dcterms.publisher publisher copyright
    citation_publisher al:iphone:app_name al:android:app_name twitter:app:name:iphone
    """
)
_SEPARATOR = re.compile(r"\s+[|¦•·»«:–—−-]+\s+|\s*[|｜_]\s*|:\s+")
_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,12}/?", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s|[!?]$")
_GENERIC = words(
    """
    home homepage startseite news newsroom blog website site default wordpress facebook twitter accueil inicio
    index test null undefined
    """
)


def find_publisher(page: Page, names: Mapping[str, str]) -> tuple[str, bool]:
    """Return the publisher, and whether it is certain; the bare host where nothing names it.

    `names` are publishers by host, from the settings.
    """
    host = publisher_host(page.url)
    known = _look_up(host, names) or _look_up(host, KNOWN)
    if known:
        return known, True
    score, name = _best_name(page, host)
    in_title = "" if score >= _CONVINCING else _name_in_titles(page, host)
    if in_title:
        return in_title, True
    if name:
        return name, score >= _PASSABLE
    return _last_title_part(page) or host, False


def site_names(page: Page, names: Mapping[str, str]) -> list[str]:
    """Return all names of a page's site, so that they can be cut off its titles."""
    host = publisher_host(page.url)
    word = site_name(host)
    known = [_look_up(host, names), _look_up(host, KNOWN)]
    hosts = [host, site_of(host), word if len(word) > 3 else ""]
    return [name for name in (*known, *_declared_names(page, host), *hosts) if name]


def publisher_host(url: str) -> str:
    """Return the host of an address, without redirectors around it and without `www.`."""
    return without_www(host_of(unwrap(url)))


def _look_up(host: str, table: Mapping[str, str]) -> str:
    for parent in parents(host)[:-1]:
        name = table.get(parent)
        if name:
            return name
    return table.get(f"{site_name(host)}.*", "")


def _declared_names(page: Page, host: str) -> list[str]:
    """Return the names that a page gives its publisher, the likelier ones first, without slogans."""
    names = []
    for name in _raw_names(page):
        bare = _without_slogan(tidy_spaces(name), host)
        if bare:
            names.append(bare)
    return names


def _raw_names(page: Page) -> Iterator[str]:
    yield from page.metas.get("og:site_name", ())[:2]
    for node in page.linked_data:
        if is_article(node):
            yield from islice(texts(node.get("publisher")), 1)
    for node in page.linked_data:
        if not _ORGANISATIONS.isdisjoint(types_of(node)):
            both = [*texts(node.get("name")), *texts(node.get("alternateName"))]
            yield from both[:2]
    for meta in _METAS:
        yield from page.metas.get(meta, ())[:1]


def _without_slogan(name: str, host: str) -> str:
    parts = _parts(name)
    if len(parts) < 2:
        return name.strip(" |-–:·©")
    return max(parts, key=lambda part: _agreement(part, host))


def _best_name(page: Page, host: str) -> tuple[float, str]:
    """Return the declared name that is most likely the publisher's, with its score; an empty one with 0."""
    declared = _declared_names(page, host)
    keys = [compact_name(name) for name in declared]
    title = compact_name(next(_titles(page), ""))
    best, best_name = 0.0, ""
    for number, name in enumerate(declared):
        if not _is_plausible(name, title):
            continue
        # Agreeing with the host counts most, then being named twice, then coming from a better place.
        score = _agreement(name, host) - number / 100
        if keys.count(keys[number]) > 1:
            score += 0.5
        if _DOMAIN.fullmatch(name):
            score -= 2
        if not best_name or score > best:
            best, best_name = score, name
    return best, best_name


def _is_plausible(name: str, title: str) -> bool:
    key = compact_name(name)
    if not key or key in _GENERIC or len(name) > _MAX_NAME or len(name.split()) > _MAX_NAME_WORDS:
        return False
    if len(key) > 10 and title.startswith(key):
        return False
    return not name.startswith(("http:", "https:", "//", "@")) and not _SENTENCE.search(name)


def _agreement(name: str, host: str) -> float:
    """Return how well a name fits its host: 2 for the same word, less for a part of it or its initials, else 0."""
    key, word = compact_name(with_ascii_umlauts(name)), compact_name(site_name(host))
    if not key or not word:
        return 0
    if key in {word, compact_name(host), compact_name(site_of(host))}:
        return 2
    if min(len(key), len(word)) >= 3 and (key in word or word in key):
        return 1.5
    if len(word) >= 2 and word == _initials(name):
        return 1
    return 0.5 if _is_abbreviation(word, key) else 0


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", name.casefold()))


def _is_abbreviation(word: str, name: str) -> bool:
    """Whether the letters of a word are in a name in this order, beginning with its first: `latimes`."""
    letters = iter(name)
    return len(word) >= 3 and name.startswith(word[0]) and all(letter in letters for letter in word)


def _titles(page: Page) -> Iterator[str]:
    yield from page.metas.get("og:title", ())[:1]
    for element in islice(page.root.iter("title"), 1):
        yield text_of(element)[:_MAX_TITLE]


def _parts(title: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(title) if part.strip()]


def _name_in_titles(page: Page, host: str) -> str:
    """Return the part of a title that fits the host: from its end, else its beginning."""
    for title in _titles(page):
        parts = _parts(title)
        if len(parts) < 2:
            continue
        for part in (*reversed(parts[1:]), parts[0]):
            if len(part) <= _MAX_TAIL and _agreement(part, host) >= 1:
                return part
    return ""


def _last_title_part(page: Page) -> str:
    """Return the last part of a title that has several, unless it belongs to the headline."""
    element = next(page.root.iter("title"), None)
    parts = [] if element is None else _parts(text_of(element)[:_MAX_TITLE])
    if len(parts) < 2:
        return ""
    last = parts[-1]
    fits = len(last) <= _MAX_TAIL and _is_plausible(last, "")
    return last if fits and not _is_in_heading(page, last) else ""


def _is_in_heading(page: Page, part: str) -> bool:
    """Whether a heading contains this part of a title, and more."""
    key = compact_name(part)
    headings: Sequence[str] = [compact_name(text_of(heading)) for heading in islice(page.root.iter("h1", "h2"), 10)]
    return any(key in heading and key != heading for heading in headings)
