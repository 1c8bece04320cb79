"""What the page posts to add to an issue: links, files, photos, and what is pasted into a text."""

import base64
import binascii
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask, abort

from briefing.errors import BriefingError

from .desk.desk import Desk
from .doubts import Doubts
from .link_order import LinkItems, LinkOrder, item_above
from .parts.cards import NO_HEADLINE
from .parts.editor import ITEM_LABELS
from .web.changes import Changes
from .web.guard import (
    Body,
    JsonAnswer,
    number_in,
    posted,
    reason,
    text_in,
    texts_in,
)

if TYPE_CHECKING:
    from .adding import AddedItems, FoundContent, FoundItem


def add_adding_actions(
    app: Flask,
    desk: Desk,
    doubts: Doubts,
    changes: Changes,
) -> None:
    """Serve what adds to the issue. Each answer says what was added and what went wrong.

    What reads pages and documents takes a quarter of a second to import, and the page must not wait
    for that when it is opened.
    """
    _add_new_items(app, desk, doubts, changes)
    _add_to_parts(app, desk, doubts, changes)


def _add_new_items(
    app: Flask,
    desk: Desk,
    doubts: Doubts,
    changes: Changes,
) -> None:
    """Serve what makes items of links and files."""
    order = LinkOrder()
    turn = threading.Lock()

    def add(
        body: Body,
        find: "Callable[[], FoundContent]",
        items: LinkItems,
    ) -> JsonAnswer:
        lang = text_in(body, "lang")
        try:
            found = find()
            added = _add_in_order(desk, turn, body, found, items)
            section = _section_title(desk, body)
        except (BriefingError, OSError) as error:
            return {"items": [], "notes": [], "problems": [reason(error)]}
        for part, item in zip(added.items, found.items, strict=True):
            doubts.remember(lang, part, item)
        changes.announce()
        return {
            "items": [_item_json(item, section) for item in found.items],
            "notes": _introduction_notes(added, found),
            "problems": list(found.problems),
        }

    @app.post("/links")
    def link() -> JsonAnswer:
        from . import adding  # noqa: PLC0415  # see add_adding_actions

        body = posted()
        address = text_in(body, "address")
        items = order.items_of(text_in(body, "list"))
        return add(
            body,
            lambda: adding.find_links(desk.newsletter(), [address]),
            items,
        )

    @app.post("/files")
    def file() -> JsonAnswer:
        from . import adding  # noqa: PLC0415  # see add_adding_actions

        body = posted()
        name = text_in(body, "name")
        data = _file_in(body)
        return add(
            body,
            lambda: adding.find_in_file(desk.newsletter(), name, data),
            {},
        )


def _add_to_parts(
    app: Flask,
    desk: Desk,
    doubts: Doubts,
    changes: Changes,
) -> None:
    """Serve what changes a part of the issue: its photo, what is pasted, and what an editor has checked."""

    @app.post("/checked")
    def checked() -> JsonAnswer:
        body = posted()
        lang, part, field = texts_in(body, "lang", "part", "field")
        doubts.forget(lang, part, field)
        changes.announce()
        return {}

    @app.post("/photo")
    def photo() -> JsonAnswer:
        from . import adding  # noqa: PLC0415  # see add_adding_actions

        body = posted()
        lang, part = texts_in(body, "lang", "part")
        data = _file_in(body)
        try:
            adding.replace_photo(desk, lang, part, data)
        except (BriefingError, OSError) as error:
            return {"saved": False, "why": reason(error)}
        changes.announce()
        return {"saved": True, "why": ""}

    @app.post("/pasted")
    def pasted() -> JsonAnswer:
        from briefing.collecting.pasted import pasted_markdown  # noqa: PLC0415  # see add_adding_actions

        body = posted()
        html, text = texts_in(body, "html", "text")
        return {"text": pasted_markdown(html, text)}


def _add_in_order(
    desk: Desk,
    turn: threading.Lock,
    body: Body,
    found: "FoundContent",
    items: LinkItems,
) -> "AddedItems":
    """Add what was found, a link's item in the place of the link among `items`."""
    from . import adding  # noqa: PLC0415  # see add_adding_actions

    lang, section = texts_in(body, "lang", "section")
    number = number_in(body, "number")
    with turn:
        after = item_above(number, items, desk.view(lang).parts)
        added = adding.add(desk, lang, section, found, after=after)
        if added.items:
            items[number] = added.items[-1]
    return added


def _introduction_notes(
    added: "AddedItems", found: "FoundContent"
) -> list[str]:
    """Return what became of a brief's introduction."""
    if not found.introduction:
        return []
    if added.has_introduction:
        return ["Its introduction is the issue’s now"]
    return [
        f"Its introduction wasn’t added, because the issue has one: “{found.introduction}”"
    ]


def _section_title(desk: Desk, body: Body) -> str:
    """Return the title of the section that a request adds to; "" for the start of the issue."""
    lang, section = texts_in(body, "lang", "section")
    added_to = desk.view(lang).parts.section(section)
    return added_to.title if added_to else ""


def _item_json(found: "FoundItem", section: str) -> JsonAnswer:
    return {
        "headline": found.item.heading or NO_HEADLINE,
        "check": [ITEM_LABELS[name] for name in found.uncertain],
        "notes": found.notes_in(section),
    }


def _file_in(body: Body) -> bytes:
    """Return the file in a request; 400 if it isn't base64."""
    try:
        return base64.b64decode(text_in(body, "data"), validate=True)
    except (binascii.Error, ValueError):
        abort(400, "'data' must be base64.")
