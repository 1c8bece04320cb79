"""What kind of item a page is: a label by its headline, the words of its address, or how its headline begins."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from briefing.collecting.brief.roles import Role
from briefing.collecting.brief.vocabulary import classify
from briefing.collecting.web.blocks import Block
from briefing.collecting.web.page import Page, text_of
from briefing.issue.model import Kind
from briefing.markup import tidy_spaces

# Folders of addresses: /press-releases/, /en/latest/news/statement/, /presse/pressemitteilungen/ …
_FOLDERS = (
    (
        Kind.PRESS_RELEASE,
        r"(?:press|media|news)[-_]?releases?|press-?room|(?:presse|medien)(?:mitteilung|meldung|information)(?:en)?"
        r"|communiques?(?:-de-presse)?|comunicados?(?:-de-prensa)?|comunicati-stampa"
        r"|basin-?(?:bultenleri|aciklamalari|bulteni)",
    ),
    (Kind.APPEAL, r"urgent-?actions?|appeals?|eilaktion(?:en)?|petitions?|petition(?:en)?|acil-eylem(?:ler)?"),
    (
        Kind.STATEMENT,
        r"(?:joint-|public-|press-)?statements?|stellungnahmen?|erklaerung(?:en)?|declarations?|aciklamalar",
    ),
    (Kind.BRIEF, r"(?:weekly|daily|monthly|news)-?(?:briefs?|briefings?|digest|round-?up)"),
)
_BY_FOLDER = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _FOLDERS)
_BEGINNINGS = (
    (
        Kind.PRESS_RELEASE,
        r"(?:press|media|news) release\b|(?:presse|medien)mitteilung\b|basın (?:bülteni|açıklaması|duyurusu)\b"
        r"|communiqué de presse\b",
    ),
    (Kind.APPEAL, r"urgent action\b|(?:urgent|joint|open|public) appeal\b|eilaktion\b|acil (?:eylem|çağrı)\b"),
    (
        Kind.STATEMENT,
        r"(?:(?:joint|public|press|open|ngo|civil society) )*statement\b|(?:gemeinsame )?(?:erklärung|stellungnahme)\b"
        r"|ortak açıklama\b",
    ),
    (Kind.BRIEF, r"(?:weekly|daily|monthly) (?:news )?(?:brief|briefing|digest|round-?up)\b"),
)
_BY_BEGINNING = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _BEGINNINGS)
# Services that carry nothing but releases.
_WIRES = re.compile(r"(?:^|\.)(?:prnewswire|businesswire|globenewswire|presseportal|ots|eurekalert|newswire)\.\w+$")
_NEAR = 8


def find_kind(page: Page, title: str, blocks: Sequence[Block]) -> Kind:
    """The kind; an article unless something says otherwise."""
    for line in _by_headline(page, blocks):
        label = classify(line)
        if label.role is Role.LABEL and label.kind:
            return label.kind
    for kind, pattern in _BY_BEGINNING:
        if pattern.match(title):
            return kind
    try:
        parts = urlsplit(page.url)
        folders, host = parts.path.strip("/").split("/"), parts.hostname or ""
    except ValueError:
        return Kind.ARTICLE
    for kind, pattern in _BY_FOLDER:
        if any(pattern.fullmatch(folder) for folder in folders):
            return kind
    return Kind.PRESS_RELEASE if _WIRES.search(host) else Kind.ARTICLE


def _by_headline(page: Page, blocks: Sequence[Block]) -> Iterator[str]:
    """The short lines around the headline, where labels stand, and the first line of the text."""
    heading = next(page.root.iter("h1"), None)
    if heading is not None:
        around = [*heading.xpath(f"preceding::text()[normalize-space()][position() <= {_NEAR}]")]
        around += heading.xpath(f"following::text()[normalize-space()][position() <= {_NEAR}]")
        around += [text_of(one) for one in heading.iter("span", "small")]
        yield from (line for line in map(tidy_spaces, map(str, around)) if 0 < len(line) <= 60)
    yield from (block.text for block in blocks[:1] if len(block.text) <= 60)
