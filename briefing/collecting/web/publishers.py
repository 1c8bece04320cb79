"""Find a page's publisher under its usual name: "BBC", "Amnesty International".

The names of known hosts are in data/publishers.toml.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from briefing.collecting.text.comparing import compact_name, with_ascii_umlauts
from briefing.collecting.text.dates import without_accents
from briefing.collecting.text.hosts import (
    host_of,
    parents,
    site_name,
    site_of,
    without_www,
)
from briefing.collecting.text.wordlists import (
    any_of,
    load_data,
    words,
    words_in_order,
)
from briefing.text.markup import tidy_spaces

from .linked_data import texts_of, types_of
from .page import Page, text_of
from .redirectors import original_address

KNOWN: Mapping[str, str] = load_data(__file__, "publishers")

_MAX_NAME = 60
_MAX_NAME_WORDS = 8
_MAX_TAIL = 40
_MAX_TITLE = 600
_SAME = 2
"""The agreement of a name that is the same word as its host."""
_CONVINCING = 0.4
"""The least score of a name that is used without looking at titles."""
_PASSABLE = -1
"""The least score of a name that is certain."""
_ORGANISATIONS = words(
    "Organization NewsMediaOrganization Corporation NGO WebSite Newspaper Periodical"
)
_METAS = words_in_order(
    """
    application-name apple-mobile-web-app-title sitename dc.publisher dcterms.publisher publisher copyright
    citation_publisher al:iphone:app_name al:android:app_name twitter:app:name:iphone
    """
)
# Divides "Court frees the printer | Harbour Post" and "Harbour: library closed", but not "Re-opening".
_SEPARATOR = re.compile(
    r"(?<!\s)\s++[|¦•·»«:–—−-]++\s+|(?:(?<!\s)\s++)?[|｜_]\s*|:\s+"
)
_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,12}/?", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s|[!?]$|[，。：！？]")
# What a company, an app and a copyright line add to the name that people know.
_LEGAL_FORMS = words(
    """
    SA S.A. SAS S.A.S. SL S.L. Srl S.r.l. SpA S.p.A. GmbH AG SE KG e.V. eG AB AS A/S Oy Oyj BV B.V. NV N.V. Ltd Ltd.
    Limited LLC L.L.C. Inc Inc. PLC Corp Corp. Corporation Co. s.r.o. a.s. Pty Ltda Ltda. A.Ş. ООО АО ТОВ & Media
    """
)
_COMPANY = re.compile(
    rf"(?<![\s,])(?:[\s,]++{any_of(_LEGAL_FORMS)}){{1,4}}$",
    re.IGNORECASE,
)
# "Redaktion Harbour Post"
_EDITORS = re.compile(
    r"^(?:redakcja|redaktion|redazione|redacción|redação|rédaction)\s+",
    re.IGNORECASE,
)
_APP = re.compile(r"(?<!\s)\s++(?:News\s)?App$", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"^(?:copyright\b|\(c\)|©|版权所有|版權所有|[\s:,.-]|(?:19|20)\d\d)+"
    r"|(?<![\s,.])[\s,.]*+(?:all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos los derechos reservados|版权所有|版權所有)\.?$",
    re.IGNORECASE,
)
_QUOTES = ' "„“”«»'
_SHORTEST_WORD = 5
# What isn't the name of a site, but of a part of any site, or of the service that it is made with.
_GENERIC = words(
    """
    home homepage startseite news newsroom blog website site default accueil inicio index test null undefined
    信息公开专栏 wordpress blogger tumblr facebook twitter 微信公众平台
    """
)


def find_publisher(page: Page, names: Mapping[str, str]) -> tuple[str, bool]:
    """Return the publisher, and whether it is certain; the bare host if nothing names it.

    `names` are publishers by host, from the settings.
    """
    host = _publisher_host(page.url)
    known = _look_up(host, names) or _look_up(host, KNOWN)
    if known:
        return known, True
    candidate = _best_candidate(page, host)
    if candidate.score < _CONVINCING:
        in_title = _name_in_titles(page, host)
        if in_title:
            # "www.harbourpost.example" at a title's end is only the host, so the editor is asked to check it.
            name = in_title.removeprefix("www.")
            return name, name == in_title
    if not candidate.name:
        return _last_title_part(page) or _spelled_host(page, host, host), False
    if _DOMAIN.fullmatch(candidate.name) and candidate.name.islower():
        return _spelled_host(page, host, candidate.name), False
    return candidate.name, candidate.score >= _PASSABLE


def _spelled_host(page: Page, host: str, fallback: str) -> str:
    """Return the site's name as the page writes the main word of its host, with capitals; or else
    `fallback`.
    """
    word = site_name(host)
    # A short one, such as "post", may be an ordinary word of the text.
    if len(word) < _SHORTEST_WORD:
        return fallback
    spellings: Counter[str] = Counter(
        re.findall(rf"\b{re.escape(word)}\b(?!\.\w)", page.text, re.IGNORECASE)
    )
    # The spelling in small letters is that of the host itself.
    del spellings[word]
    return max(spellings, key=spellings.__getitem__, default=fallback)


def site_names(page: Page, names: Mapping[str, str]) -> list[str]:
    """Return all names of a page's site, to be cut off its titles."""
    host = _publisher_host(page.url)
    found = [_look_up(host, names), _look_up(host, KNOWN)]
    found += _declared_names(page, host)
    found += [host, site_of(host)]
    word = site_name(host)
    if len(word) > 3:
        found.append(word)
    return list(filter(None, found))


def _publisher_host(url: str) -> str:
    """Return the host of an address, without redirectors around it and without `www.`."""
    return without_www(host_of(original_address(url)))


def _look_up(host: str, table: Mapping[str, str]) -> str:
    # The last of these is only the top-level domain.
    for parent in parents(host)[:-1]:
        name = table.get(parent)
        if name:
            return name
    return table.get(f"{site_name(host)}.*", "")


# --- Names that the page declares


@dataclass(frozen=True, slots=True)
class _Candidate:
    name: str = ""
    score: float = 0


def _best_candidate(page: Page, host: str) -> _Candidate:
    """Return the declared name that is most likely the publisher's; an empty one if none is
    plausible.
    """
    declared = _declared_names(page, host)
    keys = [compact_name(name) for name in declared]
    title = compact_name(page.meta("og:title") or _document_title(page))
    candidates = []
    for number, name in enumerate(declared):
        if _is_plausible(name, title):
            is_repeated = keys.count(keys[number]) > 1
            score = _score(name, host, is_repeated=is_repeated)
            # The places are in the order of their reliability.
            candidates.append(_Candidate(name, score - number / 100))
    return max(candidates, key=attrgetter("score"), default=_Candidate())


def _score(name: str, host: str, *, is_repeated: bool) -> float:
    score = _agreement(name, host)
    if _COMPANY.search(name):
        # The company that runs a site seldom has the name that readers know.
        score -= 1
    if is_repeated:
        score += 0.5
    if _DOMAIN.fullmatch(name):
        score -= 2
    elif name.islower():
        score -= 0.5
    return score


def _declared_names(page: Page, host: str) -> list[str]:
    """Return the names that a page declares for its publisher, without slogans, likeliest first."""
    names = []
    for raw in _raw_names(page):
        name = _COPYRIGHT.sub("", tidy_spaces(raw))
        name = _EDITORS.sub("", name).strip(_QUOTES)
        name = _APP.sub("", _without_slogan(name, host))
        bare = _COMPANY.sub("", name)
        if _agreement(bare, host) >= 1:
            name = bare
        if name:
            names.append(name)
    return names


def _raw_names(page: Page) -> Iterator[str]:
    yield from islice(page.contents("og:site_name"), 2)
    for node in page.articles:
        yield from islice(texts_of(node, "publisher"), 1)
    for node in page.linked_data:
        if not _ORGANISATIONS.isdisjoint(types_of(node)):
            yield from islice(texts_of(node, "name", "alternateName"), 2)
    yield from map(page.meta, _METAS)


def _without_slogan(name: str, host: str) -> str:
    before, comma, _ = name.partition(",")
    if comma and _agreement(before, host) == _SAME:
        return before
    parts = _parts(name)
    if len(parts) < 2:
        return name.strip(" |-–:·©")
    return max(parts, key=lambda part: _agreement(part, host))


def _is_plausible(name: str, title: str) -> bool:
    key = compact_name(name)
    if not key or key in _GENERIC or _is_long(name):
        return False
    if name.startswith(("http:", "https:", "//", "www.", "@")):
        return False
    # Some pages give their own headline as the name of the site.
    is_headline = len(key) > 10 and title.startswith(key)
    return not is_headline and not _SENTENCE.search(name)


def _is_long(name: str) -> bool:
    return len(name) > _MAX_NAME or len(name.split()) > _MAX_NAME_WORDS


# --- How well a name fits the host


def _agreement(name: str, host: str) -> float:
    """Return how well a name fits its host: _SAME for the same word, less for a part of it or its
    initials, else 0.
    """
    key = _as_in_hosts(name)
    word = _as_in_hosts(site_name(host))
    if not key or not word:
        return 0
    if key in {word, _as_in_hosts(host), _as_in_hosts(site_of(host))}:
        return _SAME
    return _partial_agreement(name, key, word)


def _as_in_hosts(name: str) -> str:
    """Return a name as host names write it: "Küstenpost" is at kuestenpost.example, "El Día" at eldia.example."""
    return compact_name(without_accents(with_ascii_umlauts(name)))


def _partial_agreement(name: str, key: str, word: str) -> float:
    if _contains(key, word) or _contains(word, key):
        return 1.4
    if len(word) >= 2 and word == _initials(name):
        return 1
    return 0.5 if _abbreviates(word, key) else 0


def _contains(word: str, part: str) -> bool:
    return len(part) >= 3 and part in word


def _initials(name: str) -> str:
    words_of_name = re.findall(r"\w+", name.casefold())
    return "".join(word[0] for word in words_of_name)


def _abbreviates(word: str, name: str) -> bool:
    """Whether a word has letters of a name in their order, beginning with the first: `latimes`."""
    if len(word) < 3 or word[0] != name[0]:
        return False
    letters = iter(name)
    return all(letter in letters for letter in word)


# --- Names in titles


def _document_title(page: Page) -> str:
    return page.document_title[:_MAX_TITLE]


def _parts(title: str) -> list[str]:
    parts = map(str.strip, _SEPARATOR.split(title))
    return list(filter(None, parts))


def _name_in_titles(page: Page, host: str) -> str:
    """Return the part of a title that fits the host: from its end, else its beginning."""
    for title in (page.meta("og:title"), _document_title(page)):
        for part in _ends_of(title):
            if len(part) <= _MAX_TAIL and _agreement(part, host) >= 1:
                return part
    return ""


def _ends_of(title: str) -> list[str]:
    """Return the parts of a title that has several, from its end; the first one last."""
    parts = _parts(title)
    if len(parts) < 2:
        return []
    first, *rest = parts
    return [*reversed(rest), first]


def _last_title_part(page: Page) -> str:
    """Return the last part of a title that has several, unless it belongs to the headline."""
    # "Harbour Post - Court frees printer: docks reopen": what follows the colon isn't the publisher.
    _, _, end = _document_title(page).rpartition(": ")
    parts = _parts(end)
    if len(parts) < 2:
        return ""
    last = parts[-1]
    if len(last) > _MAX_TAIL or not _is_plausible(last, ""):
        return ""
    return "" if _is_in_heading(page, last) else last


def _is_in_heading(page: Page, part: str) -> bool:
    """Whether a heading contains this part of a title, and more."""
    key = compact_name(part)
    headings = islice(page.root.iter("h1", "h2"), 10)
    texts = map(compact_name, map(text_of, headings))
    return any(key in text and key != text for text in texts)
