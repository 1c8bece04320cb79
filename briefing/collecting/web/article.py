"""A saved page understood: the fields of an item, and which of them are uncertain.

Nothing is invented and nothing is asked: what isn't on the page stays empty. `walls` says whether it is the page at
all; `understand` takes it as it is.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from briefing.collecting.web.blocks import article_of, blocks_of
from briefing.collecting.web.canonical import find_link
from briefing.collecting.web.excerpts import excerpt_of
from briefing.collecting.web.kinds import kind_of
from briefing.collecting.web.language_detection import language_of
from briefing.collecting.web.lead_picture import lead_of
from briefing.collecting.web.page import Page
from briefing.collecting.web.publication_date import day_of
from briefing.collecting.web.publishers import find_publisher, site_names
from briefing.collecting.web.titles import title_of
from briefing.issue.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a page tells of itself; texts are empty where it doesn't."""

    title: str
    source: str
    """The publisher, as one writes it."""
    date: dt.date | None
    excerpt: str
    """The first sentences of its text, word for word; an empty line between paragraphs, at most 900 characters."""
    image: str
    """The lead picture's whole address."""
    photo: str
    """The lead picture's credit, without "Photo:"."""
    alt: str
    """Its alternative text: the page's, else the caption."""
    caption: str
    lang: str
    """The language's code: "en", "de", "ug"."""
    url: str
    """The address to link to, without tracking."""
    kind: Kind
    uncertain: tuple[str, ...]
    """The names of the fields that are guessed, or that somebody has to fill in."""


def understand(page: Page, *, names: Mapping[str, str]) -> Found:
    """The fields of an item; `names` are publishers by host, from the settings."""
    title, title_is_sure = title_of(page, site_names(page, names))
    source, source_is_sure = find_publisher(page, names)
    blocks = article_of(blocks_of(page), title)
    lang, lang_is_sure = language_of(page, " ".join(block.text for block in blocks))
    excerpt, excerpt_is_sure = excerpt_of(page, blocks)
    date, date_is_sure = day_of(page, title, _with_region(page, lang))
    lead = lead_of(page, title)
    sure = {
        "title": title_is_sure,
        "source": source_is_sure,
        "date": date_is_sure,
        "excerpt": excerpt_is_sure,
        "photo": bool(lead.credit) or not lead.address,
        "alt": lead.alt_is_pages or not lead.address,
        "lang": lang_is_sure,
    }
    return Found(
        title=title,
        source=source,
        date=date,
        excerpt=excerpt,
        image=lead.address,
        photo=lead.credit,
        alt=lead.alt,
        caption=lead.caption,
        lang=lang,
        url=find_link(page),
        kind=kind_of(page, title, blocks),
        uncertain=tuple(name for name, is_sure in sure.items() if not is_sure),
    )


def _with_region(page: Page, lang: str) -> str:
    """The language with the region that the page gives it: American days begin with the month."""
    declared: str = page.root.get("lang") or page.meta("og:locale")
    return declared if declared.lower().startswith(lang) else lang
