"""The inbox on the page: what is in it, and what goes to and fro."""

from typing import Any

from flask import Flask

from briefing.errors import BriefingError
from briefing.preview import inbox
from briefing.preview.changes import Changes
from briefing.preview.desk import Desk
from briefing.preview.guard import posted, refuse, text_in

SEPARATOR = " · "


def add_inbox_actions(
    app: Flask,
    desk: Desk,
    changes: Changes,
) -> None:
    """Serve the inbox at /inbox, and the requests that move an item."""

    @app.get("/inbox")
    def show() -> dict[str, Any]:
        try:
            waiting = inbox.waiting(desk.newsletter())
        except BriefingError as error:
            refuse(error)
        return {"items": list(map(_shown, waiting))}

    @app.post("/inbox/take")
    def take() -> dict[str, Any]:
        body = posted()
        lang, item, section = (
            text_in(body, name) for name in ("lang", "item", "section")
        )
        try:
            inbox.take(desk.newsletter(), desk, lang, item, section)
        except (BriefingError, OSError) as error:
            refuse(error)
        changes.announce()
        return {}

    @app.post("/inbox/put")
    def put() -> dict[str, Any]:
        body = posted()
        lang, item = text_in(body, "lang"), text_in(body, "item")
        try:
            inbox.put(desk.newsletter(), desk, lang, item)
        except (BriefingError, OSError) as error:
            refuse(error)
        changes.announce()
        return {}


def _shown(waiting: inbox.WaitingItem) -> dict[str, str]:
    item = waiting.item
    date = item.date.isoformat() if item.date else ""
    return {
        "id": waiting.id,
        "headline": item.heading or "No headline",
        "origin": SEPARATOR.join(filter(None, (item.source, date))),
    }
