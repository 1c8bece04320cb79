"""The day on which a page was published, as the page itself counts days; never the day on which it was changed.

First what it says to machines (JSON-LD, metas, `<time>`), then its address, then what stands by its headline, and last
htmldate's guess. A moment in UTC may be another day where the page was written: there the day that it shows decides.
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from briefing.collecting.text.wordlists import words, words_in_order
from briefing.collecting.web.day_names import existing, of_machine, written
from briefing.collecting.web.hosts import site_of
from briefing.collecting.web.linked_data import is_article, texts
from briefing.collecting.web.page import Page, naming_words, text_of
from briefing.collecting.web.redirectors import unwrap
from briefing.markup import is_hidden, tidy_spaces

# Metas with the day, the likelier ones first: Open Graph's and its like, then those of publishers' systems.
_OPEN_GRAPH = words_in_order(
    """
    article:published_time og:article:published_time article:published og:published_time og:pubdate
    datepublished
    """
)
_METAS = words_in_order(
    """
    article.published article_date_original article:post_date article-publication-date article.created
    article_publication_date date_published publication_date publicationdate publication-date publish-date
    publish_date publishdate published_date published-date published_at published_time publishtime publish_time
    pubdate pub_date pub-date dateposted sailthru.date parsely-pub-date cxenseparse:recs:publishtime
    cxenseparse:publishtime recs:publishtime bt:pubdate rnews:datepublished ob:date
    shareaholic:article_published_time dc.date.issued dcterms.issued dcterms.date.issued dc.date.published
    dcterms.available video:release_date citation_publication_date citation_online_date citation_date
    originalpublicationdate displaydate release_date releasedate lw.dateday
    """
)
# Said of the page's file as often as of its piece.
_WEAK = words_in_order(
    """
    datecreated creation_date creationdate created date dc.date.created dcterms.created dc.created dcterms.date
    dc.date last-published
    """
)
_MONTHS = words_in_order("jan feb mar apr may jun jul aug sep oct nov dec")
_ADDRESS = re.compile(
    rf"[/_=-]((?:19|20)\d\d)([/_.-])(0?[1-9]|1[0-2]|{'|'.join(_MONTHS)})\2(0?[1-9]|[12]\d|3[01])(?=[/_.?&-]|$)"
    rf"|[/_=-]((?:19|20)\d\d)/()({'|'.join(_MONTHS)}|0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=/)",
    re.IGNORECASE,
)
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|$|\d{4,9}(?!\d))")
_DAY_FIRST = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-.](0?[1-9]|1[0-2])[-.]((?:19|20)\d\d)(?!\d)")
_UTC = re.compile(r"[T ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?\s*(?:Z|\+00:?00|UTC|GMT)$")
_CHANGED = re.compile(r"modif|updat|changed|aktualis|bearbeit|edited")
_PUBLISHED = re.compile(
    r"publi|posted|entry-date|created|erstell|veröff|(?:article|post|story)-?date|pubdate|dateline|timestamp|byline"
)
_OTHERS = re.compile(
    r"comment|related|sidebar|widget|teaser|recommend|footer|most-|popular|latest|recent|archive|pagination|next|prev"
    r"|event|countdown|card|list-item"
)
_PUBLISHED_ON = re.compile(
    r"\b(?:published|posted|veröffentlicht|erschienen|erstellt|eingestellt|publié|publicad[oa]|pubblicato|gepubliceerd"
    r"|opublikowano|publicerad|yayın(?:lanma)? tarihi)\b[^.\d]{0,20}",
    re.IGNORECASE,
)
_MONTH = re.compile(r"/((?:19|20)\d\d)/(0?[1-9]|1[0-2])/")
_NEAR = 600
"""Characters below the headline in which its day stands."""
_SEARCHED = 200_000
_MOST_GUESSED = 1_000_000
# Lands whose clocks are an hour or two before UTC: a day without a time is stored as 22:00 or 23:00 of the day before.
_CENTRAL_EUROPE = words(
    """
    de at ch li it fr nl be lu pl cz sk hu si hr rs ba me mk al dk no se es mt eu
    """
)


def find_publication_date(page: Page, title: str = "", language: str = "") -> tuple[dt.date | None, bool]:
    """The day, and whether the page says so rather than that it is guessed; `language` is the page's."""
    told = [(day, text) for text in _told(page) if (day := _read(text, language))][:6]
    if told:
        return _of_head(told, page, title, language), True
    day = next(_by_headline(page, title, language), None) or _of_address(unwrap(page.url))
    day = day or next(_told_by_words(page, language), None) or _labelled(page, language)
    day = day or next((day for day in (_read(page.meta(name), language) for name in _WEAK) if day), None)
    day = day or _of_address(unwrap(next(page.links("canonical"), "")))
    return (day, True) if day else (_guess(page, language), False)


def _of_head(told: list[tuple[dt.date, str]], page: Page, title: str, language: str) -> dt.date:
    """The first of the days that the page's head tells; another one where they differ and it stands by the headline."""
    differ = len({day for day, _ in told}) > 1
    by_headline = [*_by_headline(page, title, language)] if differ or _UTC.search(told[0][1]) else []
    day, text = next((one for one in told if differ and one[0] in by_headline[:1]), told[0])
    return _where_it_was_written(day, text, page, by_headline, language)


def _read(text: str, language: str) -> dt.date | None:
    return of_machine(text) or next((day for _, day in written(text[:200], language)), None)


def _told(page: Page) -> Iterator[str]:
    """What the page's head says, the likelier places first."""
    articles = [node for node in page.linked_data if is_article(node)]
    others = [node for node in page.linked_data if not is_article(node)]
    for node in (*articles, *others):
        yield from texts(node.get("datePublished"))
    for name in _OPEN_GRAPH:
        yield from page.metas.get(name, ())[:1]
    for element in page.root.iterfind(".//*[@itemprop]"):
        if "datepublished" in element.get("itemprop", "").lower().split():
            yield element.get("datetime") or element.get("content") or element.get("title") or text_of(element)
    for node in articles:
        yield from texts(node.get("dateCreated"))
        yield from texts(node.get("uploadDate"))
    for name in _METAS:
        yield from page.metas.get(name, ())[:1]


def _where_it_was_written(day: dt.date, text: str, page: Page, by_headline: list[dt.date], language: str) -> dt.date:
    """The day as it was on the publisher's clock, where the page shows that; the day of UTC otherwise."""
    moment = _UTC.search(text)
    if not moment:
        return day
    beside = {day - dt.timedelta(days=1), day + dt.timedelta(days=1)}
    near = [one for one in _told(page) if not _UTC.search(one) and re.search(r"\d:\d\d", one)]
    shown = [found for found in (_read(one, language) for one in near) if found] or by_headline
    if shown:
        return day if day in shown else next((one for one in shown if one in beside), day)
    ending = site_of(urlsplit(page.url).hostname or "").rpartition(".")[2]
    if moment[1] in ("22", "23") and moment[2] == "00" and ending in _CENTRAL_EUROPE:
        return day + dt.timedelta(days=1)
    return day


def _headline(page: Page, title: str) -> Any:
    """The element of the headline."""
    wanted = re.sub(r"[\W_]+", "", title).casefold()
    headings = [*islice(page.root.iter("h1", "h2", "h3"), 100)]
    for heading in headings:
        text = re.sub(r"[\W_]+", "", text_of(heading)).casefold()
        if wanted and (text == wanted or (len(wanted) > 12 and wanted in text)):
            return heading
    return next((one for one in headings if one.tag == "h1"), None)


def _by_headline(page: Page, title: str, language: str) -> Iterator[dt.date]:
    """The days that stand by the headline, in `<time>` first; then those of `<time>`s that are called the page's."""
    heading = _headline(page, title)
    around = (
        []
        if heading is None
        else [
            *heading.xpath("following::*[position() <= 80]"),
            *heading.xpath("preceding::*[position() <= 15]"),
            *heading.iter(),
        ]
    )
    times = [one for one in around if one.tag == "time" and not _is_anothers(one)]
    yield from (day for day in (_of_time(one, language) for one in times) if day)
    if heading is not None:
        yield from _shown(heading, language)
    others = [one for one in [*page.root.iter("time")][:100] if not _is_anothers(one)]
    named = [one for one in others if one.get("pubdate") is not None or _PUBLISHED.search(naming_words(one))]
    within = [one for one in others if next(one.iterancestors("article"), None) is not None]
    yield from (day for day in (_of_time(one, language) for one in (*named, *within)) if day)


def _is_anothers(time: Any) -> bool:
    """Whether a `<time>` is that of a change, a comment, or another piece."""
    above = [one for one in [*time.iterancestors()][:6] if one.tag not in ("body", "html", "main", "article")]
    changed = any(_CHANGED.search(naming_words(one)) for one in (time, *above[:1])) and time.get("pubdate") is None
    return is_hidden(time.attrib) or changed or any(_OTHERS.search(naming_words(one)) for one in (time, *above))


def _of_time(element: Any, language: str) -> dt.date | None:
    return _read(element.get("datetime") or "", language) or next(
        (day for _, day in written(text_of(element), language)), None
    )


def _of_address(url: str) -> dt.date | None:
    """A whole day in an address: /2020/10/08/, /20201008/, -8-10-2020."""
    for match in _ADDRESS.finditer(url):
        year, _, month, number = (one for one in match.groups() if one is not None)
        month = month.lower()
        day = existing(int(year), _MONTHS.index(month) + 1 if month in _MONTHS else int(month), int(number))
        if day:
            return day
    packed, day_first = _PACKED.search(url), _DAY_FIRST.search(url)
    if packed:
        return existing(int(packed[1]), int(packed[2]), int(packed[3]))
    return existing(int(day_first[3]), int(day_first[2]), int(day_first[1])) if day_first else None


def _shown(heading: Any, language: str) -> Iterator[dt.date]:
    """The days that stand by the headline, on a line of their own or at the beginning of one: below it, then above."""
    below = "".join(map(_unless_anothers, heading.xpath("following::text()[position() <= 120]")))[:_NEAR]
    above = "".join(map(_unless_anothers, heading.xpath("preceding::text()[position() <= 40]")))[-_NEAR // 2 :]
    within = text_of(heading)
    for text in (below, within, above):
        for line in map(tidy_spaces, text.split("\n")):
            yield from (
                day
                for place, day in written(line, language)
                if (len(line) <= 160 or place <= 40) and not _CHANGED.search(line.lower()[:place])
            )


def _unless_anothers(text: Any) -> str:
    """A text of the tree; a line end for one of a change, a comment, or another piece."""
    holder = text.getparent().getparent() if text.is_tail else text.getparent()
    around = [] if holder is None else [holder, *islice(holder.iterancestors(), 3)]
    named = [naming_words(one) for one in around if one.tag not in {"body", "html", "main", "article"}]
    others = any(_OTHERS.search(name) for name in named) or any(_CHANGED.search(name) for name in named[:2])
    return "\n" if others else str(text)


def _told_by_words(page: Page, language: str) -> Iterator[dt.date]:
    """The days behind "published on"; and those of the month that the address tells."""
    text = page.text[:_SEARCHED]
    for match in _PUBLISHED_ON.finditer(text):
        yield from (day for place, day in written(text[match.end() : match.end() + 60], language) if place <= 30)
    month = _MONTH.search(page.url)
    if month:
        days = (day for _, day in written(text, language))
        yield from (day for day in days if (day.year, day.month) == (int(month[1]), int(month[2])))


def _labelled(page: Page, language: str) -> dt.date | None:
    """The day in an element that is called the page's date."""
    for element in page.root.iter("span", "div", "p", "li", "td", "em", "small", "b", "i", "dd"):
        name = naming_words(element)
        if (
            len(name) > 2
            and re.search(
                r"(?:^|[\s_-])(?:date|datum|fecha|data|pubdate|posted|published|timestamp|meta)(?:[\s_-]|$)", name
            )
            and not _CHANGED.search(name)
        ):
            text = text_of(element)
            day = next((day for _, day in written(text, language)), None) if len(text) < 120 else None
            if day:
                return day
    return None


def _guess(page: Page, language: str) -> dt.date | None:
    """The first `<time>`, whosever it is; htmldate's guess; the newest day that the page holds."""
    far = next((day for day in (_of_time(one, language) for one in islice(page.root.iter("time"), 100)) if day), None)
    if far:
        return far
    from htmldate import find_date  # noqa: PLC0415 - slow to load, and rarely needed

    try:
        # Its extensive search reads any text with dateparser, which takes seconds to load its languages.
        found = find_date(page.source[:_MOST_GUESSED], url=page.url, original_date=True, extensive_search=False)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        found = None
    newest = max((day for _, day in written(page.text[:_SEARCHED], language)), default=None)
    return (of_machine(found) if found else None) or newest
