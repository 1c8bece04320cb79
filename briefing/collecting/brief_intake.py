"""Turn a brief that was pasted, mailed or saved as a document into an issue: items with links,
photos and notes.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from briefing.collecting.brief.model import Brief, ParsedItem, left_out_above
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.brief.photos import with_photos
from briefing.collecting.documents.beside import (
    PictureBeside,
    find_beside,
    read_beside,
)
from briefing.collecting.documents.document import Document
from briefing.collecting.documents.read import read_document
from briefing.collecting.documents.size import MOST_BYTES
from briefing.collecting.text.emphasis import with_replacements
from briefing.collecting.text.literal import Link, locate_links
from briefing.collecting.web.canonical import clean_address, part_of_page
from briefing.collecting.web.redirectors import unwrap
from briefing.errors import BriefingError, LimitError, RefusedError
from briefing.issue.compose import compose, compose_titled
from briefing.issue.composed import Composed, note_earlier_issues
from briefing.issue.model import Issue, Item
from briefing.issue.section_titles import same_title
from briefing.newsletter import Newsletter
from briefing.sandbox.limited import run_limited

SECONDS = 60
"""Of CPU time, for a brief with its photos."""

Confirm = Callable[[Sequence[PictureBeside]], bool]
"""Asks the editor whether pictures that weren't saved with the page may be used."""


def use_none(_pictures: Sequence[PictureBeside]) -> bool:
    """Use none of them."""
    return False


@dataclass(frozen=True, slots=True)
class UnderstoodBrief:
    """A brief, and the names of the pictures beside it that it lacks."""

    brief: Brief
    missing: Sequence[str]


def read_brief_document(
    data: bytes,
    name: str,
    *,
    folder: Path | None = None,
    confirm: Confirm = use_none,
    before: dt.date | None = None,
    layout: str = "",
) -> Brief:
    """Read a brief from the bytes of a document, in a child process; `name` is for messages.

    `before` is the brief's own date, for dates without a year; `layout` is the one of LAYOUTS that
    the editor asks for.

    A page that was saved in `folder` gets its pictures from its own folder there (`NAME_files`),
    and others that it names only if `confirm` agrees. Raises RefusedError if the document can't be
    read, is too large or has no text.
    """
    if len(data) > MOST_BYTES:
        raise RefusedError(
            f"{name}: is larger than {MOST_BYTES // 1024 // 1024} MB, too large for a brief"
        )

    understand = partial(
        run_limited,
        understand_brief,
        data,
        name,
        before,
        layout,
        name=name,
        remedy="paste its text instead",
        seconds=SECONDS,
    )
    try:
        understood = understand({})
        if folder and understood.missing:
            pictures = find_beside(understood.missing, folder, Path(name).name)
            beside = read_beside(_allowed(pictures, confirm))
            if beside:
                understood = understand(beside)
    except LimitError as error:
        raise RefusedError(str(error)) from error
    brief = understood.brief
    if not brief.items and not brief.introduction:
        raise RefusedError(f"{name}: contains no text")
    return brief


def _allowed(
    pictures: Sequence[PictureBeside], confirm: Confirm
) -> list[PictureBeside]:
    own = [picture for picture in pictures if picture.is_own]
    others = [picture for picture in pictures if not picture.is_own]
    return [*own, *others] if others and confirm(others) else own


def understand_brief(
    data: bytes,
    name: str,
    before: dt.date | None,
    layout: str,
    beside: Mapping[str, bytes],
) -> UnderstoodBrief:
    """Read a brief in this process. Raises RefusedError if the document can't be read."""
    try:
        document = read_document(data, name, beside=beside)
    except BriefingError as error:
        raise RefusedError(f"{name}: {error}") from error
    brief = brief_in(document, name, before, layout)
    return UnderstoodBrief(brief, document.missing)


def brief_in(
    document: Document,
    name: str,
    before: dt.date | None = None,
    layout: str = "",
) -> Brief:
    """Return the brief in a document that was read; `name` is for the names of its photos."""
    paragraphs = list(map(_with_direct_links, document.paragraphs))
    brief = with_photos(
        read_brief(paragraphs, before, layout), document.pictures, name
    )
    links = _clean_links([parsed.item.link for parsed in brief.items])
    items = [
        replace(parsed, item=replace(parsed.item, link=link))
        for parsed, link in zip(brief.items, links, strict=True)
    ]
    if items:
        items[-1] = items[-1].with_notes(document.left_out)
    return replace(brief, items=items)


def compose_brief(
    newsletter: Newsletter,
    name: str,
    brief: Brief,
    section: str | None = None,
) -> Composed:
    """Create an issue from a brief, or add the items that it lacks, each into the section that it
    stood under; or all into `section`. Raises the same errors as `compose`.
    """
    if section:
        items = [parsed.item for parsed in brief.items]
        composed = compose(
            newsletter,
            name,
            items,
            section,
            brief.introduction,
            photos=brief.photos,
        )
    else:
        titled = [(parsed.item, parsed.section) for parsed in brief.items]
        composed = compose_titled(
            newsletter, name, titled, brief.introduction, photos=brief.photos
        )
    composed = replace(_with_remarks(composed, brief), layout=brief.layout)
    return note_earlier_issues(composed, newsletter, clean_address)


def _with_remarks(composed: Composed, brief: Brief) -> Composed:
    """Return the result with the notes of the brief's items, the titles of sections that the issue
    doesn't have, and the brief's introduction. A title that the issue has as well needs no note.
    """
    needless = left_out_above(composed.edition.issue.title)
    by_item = _with_all_notes(
        parsed.without_note(needless) for parsed in brief.items
    )
    notes = {item: by_item[item].notes for item in composed.already}
    titles: dict[Item, str] = {}
    for item, given in zip(composed.added, composed.given, strict=True):
        parsed = by_item[given]
        notes[item] = parsed.notes
        section = composed.sections[item] or ""
        if parsed.section and not same_title(parsed.section, [section]):
            titles[item] = parsed.section
    introduction = Issue(introduction=brief.introduction).introduction
    return replace(
        composed, notes=notes, titles=titles, introduction=introduction
    )


def _with_all_notes(
    parsed_items: Iterable[ParsedItem],
) -> dict[Item, ParsedItem]:
    """Return what was parsed by item; equal items are one, with the notes of all."""
    by_item: dict[Item, ParsedItem] = {}
    for parsed in parsed_items:
        equal = by_item.get(parsed.item)
        by_item[parsed.item] = (
            equal.with_notes(parsed.notes) if equal else parsed
        )
    return by_item


def _with_direct_links(paragraph: Paragraph) -> Paragraph:
    """Return the paragraph with links to the pages themselves, instead of to redirectors and with trackers: only their
    hosts show whose articles they are, and readers mustn't be counted by others.
    """
    # A shorter address would move the emphasised words after it.
    can_exchange = not any(paragraph.emphases)
    links: list[Link] = []
    shown: list[Link] = []
    for words, address in paragraph.links:
        direct = _direct(address)
        if can_exchange and words == address:
            shown.append((words, direct))
            links.append((direct, direct))
        else:
            links.append((words, direct))
    lines = paragraph.lines
    if shown:
        text = "\n".join(lines)
        text = with_replacements(text, locate_links(text, shown))
        lines = tuple(text.split("\n"))
    return replace(paragraph, lines=lines, links=tuple(links))


def _direct(address: str) -> str:
    page, mark, place = unwrap(address).partition("#")
    return clean_address(page) + mark + place


def _clean_links(addresses: Iterable[str]) -> list[str]:
    """Return the links of a brief's items without redirectors and tracking parameters. They lead to whole
    pages, except where several items are about parts of one page, such as the entries of a live blog.
    """
    targets = [
        (clean_address(address), part_of_page(address))
        for address in map(unwrap, addresses)
    ]
    parts = Counter(page for page, _ in set(targets))
    links: list[str] = []
    for page, part in targets:
        is_part = part and parts[page] > 1
        links.append(f"{page}#{part}" if is_part else page)
    return links
