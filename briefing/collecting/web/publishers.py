"""Who published a page, as one writes it: "BBC", "Amnesty International"."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import urlsplit

from briefing.collecting.text.wordlists import words
from briefing.collecting.web.canonical import site_of
from briefing.collecting.web.known_publishers import KNOWN
from briefing.collecting.web.linked_data import is_article, texts, types_of
from briefing.collecting.web.page import Page, text_of
from briefing.collecting.web.redirectors import unwrapped
from briefing.markup import tidy_spaces

_LONGEST, _LONGEST_TAIL, _LONGEST_TITLE = 60, 40, 600
# Scores of a name that needs no other place to be looked at, and of one that is believed.
_CONVINCING, _PASSABLE = 0.4, -1
_UMLAUTS: dict[int, str] = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_ORGANISATIONS = frozenset(
    ("Organization", "NewsMediaOrganization", "Corporation", "NGO", "WebSite", "Newspaper", "Periodical")
)
_METAS = (
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "copyright",
    "citation_publisher",
    "al:iphone:app_name",
    "al:android:app_name",
    "twitter:app:name:iphone",
)
_PARTING = re.compile(r"\s+[|¦•·»«:–—−-]+\s+|\s*[|｜_]\s*|:\s+")
_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,12}/?", re.IGNORECASE)
_GENERIC = words(
    """
    home homepage startseite news newsroom blog website site default wordpress facebook twitter accueil inicio
    index test null undefined
    """
)


def source_of(page: Page, names: Mapping[str, str]) -> tuple[str, bool]:
    """The publisher, and whether the page or a table names it; its bare host where none does."""
    host = host_of(page.url)
    named = _of_table(host, names) or _of_table(host, KNOWN)
    if named:
        return named, True
    told = [*_told(page)]
    keys = [key(one) for one in told]
    title = key(next(_titles(page), ""))
    # Fitting its host says most, then being named twice, then standing in a better place.
    scores = [
        (
            _agreement(name, host)
            + 0.5 * (keys.count(key(name)) > 1)
            - 2 * bool(_DOMAIN.fullmatch(name))
            - number / 100,
            name,
        )
        for number, name in enumerate(told)
        if _plausible(name, title)
    ]
    score, found = max(scores, default=(0, ""))
    tail = "" if score >= _CONVINCING else _tail(page, host)
    if tail or (found and score >= _PASSABLE):
        return tail or found, True
    return found or _last_piece(page) or host, False


def names_of(page: Page, names: Mapping[str, str]) -> list[str]:
    """All names that its site goes by, so that they can be cut off its titles."""
    host = host_of(page.url)
    core = _core(host)
    known = [_of_table(host, names), _of_table(host, KNOWN)]
    return [name for name in (*known, *_told(page), host, site_of(host), core if len(core) > 3 else "") if name]


def host_of(url: str) -> str:
    """The host of an address without `www.`."""
    try:
        host = urlsplit(unwrapped(url)).hostname or ""
    except ValueError:
        return ""
    return re.sub(r"^(?:www\d?|m|mobile|amp)\.(?=.+\.)", "", host.lower())


def key(text: str) -> str:
    """A name for comparing: letters and digits alone, in lower case, without an article."""
    return re.sub(r"[\W_]+", "", re.sub(r"^the\s+", "", text.casefold()))


def _of_table(host: str, table: Mapping[str, str]) -> str:
    labels = host.split(".")
    for number in range(len(labels) - 1):
        name = table.get(".".join(labels[number:]))
        if name:
            return name
    return table.get(f"{_core(host)}.*", "")


def _core(host: str) -> str:
    """The word of a host that its owner chose: `news.example.co.uk` → `example`."""
    return site_of(host).split(".")[0]


def _told(page: Page) -> Iterator[str]:
    """The names that a page gives its publisher, the likelier ones first, without slogans."""
    host = host_of(page.url)
    raw = [*page.metas.get("og:site_name", ())[:2]]
    articles = [node for node in page.linked_data if is_article(node)]
    for node in articles:
        raw += [*texts(node.get("publisher"))][:1]
    for node in page.linked_data:
        if _ORGANISATIONS & {*types_of(node)}:
            raw += [*texts(node.get("name")), *texts(node.get("alternateName"))][:2]
    raw += [value for name in _METAS for value in page.metas.get(name, ())[:1]]
    for name in raw:
        bare = _without_slogan(tidy_spaces(name), host)
        if bare:
            yield bare


def _without_slogan(name: str, host: str) -> str:
    pieces = _pieces(name)
    if len(pieces) < 2:
        return name.strip(" |-–:·©")
    return max(pieces, key=lambda piece: (_agreement(piece, host), -pieces.index(piece)))


def _plausible(name: str, title: str) -> bool:
    one = key(name)
    return (
        bool(one)
        and len(name) <= _LONGEST
        and len(name.split()) <= 8
        and one not in _GENERIC
        and not (len(one) > 10 and title.startswith(one))
        and not name.startswith(("http:", "https:", "//", "@"))
        and not re.search(r"[.!?]\s|[!?]$", name)
    )


def _agreement(name: str, host: str) -> float:
    """How well a name fits its host: 2 where it is the same word, less where a part or the initials are, else 0."""
    one, core = key(name.casefold().translate(_UMLAUTS)), key(_core(host))
    if not one or not core:
        return 0
    if one in {core, key(host), key(site_of(host))}:
        return 2
    if len(min(one, core, key=len)) >= 3 and (one in core or core in one):
        return 1.5
    initials = "".join(word[0] for word in re.findall(r"\w+", name.casefold()))
    if len(core) >= 2 and core == initials:
        return 1
    return 0.5 if _scattered(core, one) else 0


def _scattered(core: str, name: str) -> bool:
    """Whether the letters of a host stand in a name in their order, beginning with its first: `latimes`."""
    letters = iter(name)
    return len(core) >= 3 and name.startswith(core[0]) and all(letter in letters for letter in core)


def _titles(page: Page) -> Iterator[str]:
    yield from page.metas.get("og:title", ())[:1]
    yield from (text_of(one)[:_LONGEST_TITLE] for one in islice(page.root.iter("title"), 1))


def _pieces(title: str) -> list[str]:
    return [piece.strip() for piece in _PARTING.split(title) if piece.strip()]


def _tail(page: Page, host: str) -> str:
    """The piece at a title's end (or else its beginning) that fits the host."""
    for title in _titles(page):
        pieces = _pieces(title)
        for piece in (*pieces[:0:-1], *pieces[:1]) if len(pieces) > 1 else ():
            if len(piece) <= _LONGEST_TAIL and _agreement(piece, host) >= 1:
                return piece
    return ""


def _last_piece(page: Page) -> str:
    """What stands last in a title of several pieces, if none of the page's headings holds it."""
    pieces = _pieces(next((text_of(one)[:_LONGEST_TITLE] for one in page.root.iter("title")), ""))
    last = pieces[-1] if len(pieces) > 1 else ""
    headings = [key(text_of(one)) for one in islice(page.root.iter("h1", "h2"), 10)]
    held = any(key(last) in heading and key(last) != heading for heading in headings)
    return last if last and len(last) <= _LONGEST_TAIL and _plausible(last, "") and not held else ""
