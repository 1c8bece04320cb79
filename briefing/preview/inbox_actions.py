"""The inbox on the page: what is in it, and what moves between it and the issue."""

from flask import Flask

from .desk import inbox
from .desk.desk import Desk
from .parts.cards import NO_HEADLINE, short_date
from .web.changes import Changes
from .web.guard import JsonAnswer, posted, texts_in

SEPARATOR = " · "


def add_inbox_actions(
    app: Flask,
    desk: Desk,
    changes: Changes,
) -> None:
    """Serve the inbox at /inbox, and the requests that move an item."""

    @app.get("/inbox")
    def show() -> JsonAnswer:
        waiting = inbox.waiting(desk.newsletter())
        return {"items": list(map(_item_json, waiting))}

    @app.post("/inbox/take")
    def take() -> JsonAnswer:
        lang, item, section, after = texts_in(
            posted(), "lang", "item", "section", "after"
        )
        inbox.take(desk, lang, item, section, after)
        changes.announce()
        return {}

    @app.post("/inbox/put")
    def put() -> JsonAnswer:
        lang, item = texts_in(posted(), "lang", "item")
        inbox.put(desk, lang, item)
        changes.announce()
        return {}


def _item_json(waiting: inbox.WaitingItem) -> dict[str, str]:
    item = waiting.item
    date = short_date(item.date) if item.date else ""
    return {
        "id": waiting.id,
        "headline": item.heading or NO_HEADLINE,
        "origin": SEPARATOR.join(filter(None, (item.source, date))),
    }
