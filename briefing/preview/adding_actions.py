"""What the page posts to add to an issue: links, files, photos, and what is pasted into a text."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, abort

from briefing.collecting.pasted import pasted_markdown
from briefing.errors import BriefingError
from briefing.preview import adding
from briefing.preview.adding import Found, FoundItem
from briefing.preview.changes import Changes
from briefing.preview.desk import Desk
from briefing.preview.doubts import Doubts
from briefing.preview.editor import label_of
from briefing.preview.guard import posted, text_in

Answer = dict[str, Any]
ANY_ITEM = "i"
"""What the id of every item begins with."""


def add_adding_actions(
    app: Flask,
    desk: Desk,
    doubts: Doubts,
    changes: Changes,
) -> None:
    """Serve what adds to the issue. Each answer says what was added and what went wrong."""

    def added(body: Mapping[str, Any], find: Callable[[], Found]) -> Answer:
        lang, section = text_in(body, "lang"), text_in(body, "section")
        try:
            found = find()
            ids = adding.add(desk, desk.folder, lang, section, found)
        except (BriefingError, OSError) as error:
            return {"items": [], "problems": [str(error)]}
        for part, each in zip(ids, found.items, strict=True):
            doubts.note(lang, part, each)
        changes.announce()
        return {
            "items": [_shown(each) for each in found.items],
            "problems": list(found.problems),
        }

    @app.post("/links")
    def link() -> Answer:
        body = posted()
        address = text_in(body, "address")
        return added(
            body, lambda: adding.find_links(desk.newsletter(), [address])
        )

    @app.post("/files")
    def file() -> Answer:
        body = posted()
        name, data = text_in(body, "name"), _bytes(body)
        return added(
            body, lambda: adding.find_in_file(desk.newsletter(), name, data)
        )

    @app.post("/photo")
    def photo() -> Answer:
        body = posted()
        lang, part, data = (
            text_in(body, "lang"),
            text_in(body, "part"),
            _bytes(body),
        )
        try:
            adding.replace_photo(desk, desk.folder, lang, part, data)
        except (BriefingError, OSError) as error:
            return {"saved": False, "why": str(error)}
        changes.announce()
        return {"saved": True, "why": ""}

    @app.post("/pasted")
    def pasted() -> Answer:
        body = posted()
        html, text = text_in(body, "html"), text_in(body, "text")
        return {"text": pasted_markdown(html, text)}


def _shown(found: FoundItem) -> Answer:
    return {
        "headline": found.item.heading or "No headline",
        "check": [label_of(ANY_ITEM, name) for name in found.uncertain],
        "notes": list(found.notes),
    }


def _bytes(body: Mapping[str, Any]) -> bytes:
    """Return the file in a request; 400 if it isn't base64."""
    try:
        return base64.b64decode(text_in(body, "data"), validate=True)
    except (binascii.Error, ValueError):
        abort(400, "'data' must be base64.")
