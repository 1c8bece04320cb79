"""A page's headline: the heading that agrees with what the page's head says, without the site's name and kickers."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from briefing.collecting.web.linked_data import is_article, texts
from briefing.collecting.web.page import Page, naming_words, text_of
from briefing.markup import is_hidden, tidy_spaces

_LONGEST = 300
# What stands between a headline and the name of its site; Chinese and Japanese pages write it without spaces.
_PARTING = re.compile(
    r"\s+(?:[|¦│•·»«›‹/~⋆]|::|-{1,3}|[–—−])\s+|\s*[|｜│]\s*|\s+:\s+|(?<=\S)\s*—\s+"
    r"|(?<=[\u3040-\u9fff！？」』])\s*[-_–—:]+\s*|\s*[_]\s*(?=[\u3040-\u9fff])"
)
_KICKER = re.compile(
    r"kick|overline|eyebrow|topline|dachzeile|spitzmarke|roofline|supertitle|pretitle|subhead|subtitle|\blabel|badge"
    r"|category|rubric|volanta|antetitulo|topic|section-name"
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_ALIKE = 0.6
_MOST_HEADINGS = 60
_CHINESE = re.compile(r"[\u3040-\u9fff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the page: its text, and the pieces that its markup makes of it."""

    text: str
    pieces: tuple[str, ...]


def find_headline(page: Page, names: Collection[str]) -> tuple[str, bool]:
    """The headline, and whether two places of the page agree on it; `names` are those that its site goes by."""
    told = [*_told(page)]
    site = {_host_key(name) for name in names} - {""}
    told = [one for one in told if _host_key(one) not in site] or told
    bare = [without_site(one, names) for one in told]
    first = [one for one in _headings(page, ("h1",)) if _host_key(one.text) not in site]
    second = [one for one in _headings(page, ("h2", "h3")) if _host_key(one.text) not in site]
    (agreement, found), (other_agreement, other) = _best(first, told, bare), _best(second, told, bare)
    if other_agreement >= 2 and other_agreement - 0.6 > agreement:
        found = other
    if found:
        return without_site(found, names), True
    if bare:
        return bare[0], key(bare[0]) in {key(one) for one in bare[1:]}
    headings = [*_headings(page, ("h1",))]
    return (headings[0].text, False) if headings else ("", False)


def key(text: str) -> str:
    """A text for comparing: letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", text).casefold()


def without_site(text: str, names: Collection[str]) -> str:
    """A title without the names of its site, before and behind."""
    known = {_host_key(name) for name in names} - {""}
    pieces = _split(text)
    middle = next((number for number, (_, piece) in enumerate(pieces) if number and _host_key(piece) in known), 0)
    pieces = pieces[:middle] if middle else pieces
    while len(pieces) > 1 and _names(pieces[-1][1], known):
        pieces.pop()
    while len(pieces) > 1 and _names(pieces[0][1], known, exactly=True):
        pieces.pop(0)
    return "".join(mark + piece for mark, piece in pieces)[len(pieces[0][0]) :].strip()


def _host_key(text: str) -> str:
    return key(text.casefold().translate(_UMLAUTS))


def _split(text: str) -> list[tuple[str, str]]:
    pieces, start, mark = [], 0, ""
    for match in _PARTING.finditer(text):
        pieces.append((mark, text[start : match.start()]))
        mark, start = match[0], match.end()
    pieces.append((mark, text[start:]))
    return [piece for piece in pieces if piece[1].strip()] or [("", text)]


def _names(piece: str, known: Collection[str], *, exactly: bool = False) -> bool:
    one = _host_key(piece)
    if one in known:
        return True
    if exactly:
        return any(len(name) >= 6 and one.startswith(name) and len(one) < 2 * len(name) for name in known)
    return any(
        len(name) >= 4 and ((name in one and len(one) < 2 * len(name) + 6) or (len(one) >= 4 and one in name))
        for name in known
    )


def _told(page: Page) -> Iterator[str]:
    """What the page's head says its title is, the places that are written with more care first."""
    raw = [*page.metas.get("og:title", ())[:1]]
    for node in page.linked_data:
        if is_article(node):
            raw += [*texts(node.get("headline")), *texts(node.get("name"))][:1]
    names = ("twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title", "headline")
    raw += [value for name in names for value in page.metas.get(name, ())[:1]]
    raw += [text_of(element) for element in page.root.iter("title")][:1]
    for one in raw:
        text = tidy_spaces(re.sub(r"<[^>]{1,200}>", " ", one))
        if text and len(text) <= 2 * _LONGEST:
            yield text


def _headings(page: Page, tags: Sequence[str]) -> list[Heading]:
    found = []
    for element in islice(page.root.iter(*tags), _MOST_HEADINGS):
        if is_hidden(element.attrib) or _is_logo(element):
            continue
        kickers = [one for one in element.iter("span", "small", "div", "a", "p", "em", "i") if _is_kicker(one)]
        skipped = {inner for kicker in kickers for inner in kicker.iter()}
        pieces = [*_pieces(element, skipped)]
        text = tidy_spaces("".join(pieces))
        if skipped:
            text = text.lstrip(" -–—|:·•/") or text_of(element)
        if text and len(text) <= _LONGEST:
            found.append(Heading(text, tuple(piece for piece in map(tidy_spaces, pieces) if piece)))
    return found


def _is_kicker(element: Any) -> bool:
    return bool(_KICKER.search(naming_words(element)))


def _pieces(element: Any, skipped: set[Any]) -> Iterator[str]:
    """The texts within an element, without those of some elements in it."""
    for text in element.xpath(".//text()"):
        holder = text.getparent()
        holder = holder.getparent() if text.is_tail else holder
        if holder not in skipped:
            yield str(text)


def _is_logo(heading: Any) -> bool:
    """Whether a heading is the site's name: called so, or a link to the front page."""
    link = heading.find(".//a[@href]")
    if link is not None and text_of(link) == text_of(heading):
        path = re.sub(r"^(?:https?:)?//[^/]+", "", link.get("href").strip())
        if path in ("", "/", "./", "index.html", "/index.html", "index.php", "/index.php"):
            return True
    return any(
        re.search(r"logo|site-?title|site-?name|\bbrand", naming_words(one))
        for one in (heading, heading.getparent())
        if one is not None
    )


def _best(headings: Sequence[Heading], told: Sequence[str], bare: Sequence[str]) -> tuple[float, str]:
    """What the heading says that agrees best with the head; empty where none does."""
    best, found = 0.0, ""
    for heading in headings:
        for one in (*told, *bare):
            agreement, text = _agreement(heading, one)
            if agreement > best:
                best, found = agreement, text
    return best, found


def _agreement(heading: Heading, told: str) -> tuple[float, str]:
    """How well a heading agrees with a title (0 to 4), and the text that they agree on."""
    one, other = key(heading.text), key(told)
    if not one or not other:
        return 0, ""
    if one == other:
        return 4, heading.text
    pieces = [key(piece) for _, piece in _split(told)]
    if len(one) >= 4 and one in pieces:
        return (3 if one != pieces[-1] else 1.3), heading.text  # the last piece may be the site
    if min(len(one), len(other)) >= (6 if _CHINESE.search(told) else 12):
        if one in other:
            return (3 if other.startswith(one) else 2), heading.text
        if one.startswith(other) or one.endswith(other):
            return 2.5, told if _apart(heading, other) else heading.text
    share = _shared(heading.text, told)
    return (1 + share, heading.text) if share >= _ALIKE else (0, "")


def _apart(heading: Heading, told: str) -> bool:
    """Whether the markup parts from the rest of a heading what the title says."""
    pieces = [key(piece) for piece in heading.pieces]
    return any(told in ("".join(pieces[:number]), "".join(pieces[number:])) for number in range(1, len(pieces)))


def _shared(text: str, other: str) -> float:
    """Which part of the words of the shorter text the other has, too."""
    one, two = (set(re.findall(r"\w{3,}", each.casefold())) for each in (text, other))
    least = min(len(one), len(two))
    return len(one & two) / least if least >= 3 else 0.0
