"""Asking for the link to leave, or to change something, without an email at hand."""

import datetime as dt

from flask import Flask, Response

from .counters import Counter
from .pages import choose_language, is_from_robot, posted, show
from .service import Service, today
from .store import Store
from .wishes import Find


def add_finding(app: Flask, service: Service) -> None:
    """Add /find."""

    @app.get("/find")
    def find_page() -> Response:
        return show(service, "find")

    # The answer never says who is on the list: home sends the link, and only to readers.
    @app.post("/find")
    def find() -> Response:
        if is_from_robot():
            service.count(Counter.ROBOT)
            return show(service, "found")
        day = today()
        lang = choose_language(service).code
        try:
            wish = Find(posted("address"), lang, asked=day.isoformat())
        except ValueError:
            return show(service, "find", mistake="address", status=400)
        return show(service, "found" if _keep(service, wish, day) else "busy")


def _keep(service: Service, wish: Find, day: dt.date) -> bool:
    """Keep the request for a link; return whether there was room for it."""
    body = service.encrypt(wish)
    remembered = f"find {wish.address.casefold()}"
    is_first = service.seen.count(remembered) == 1

    def keep(store: Store) -> bool:
        if not is_first:
            store.count(Counter.REPEATED)
            return True
        return store.add(wish.kind, body, day)

    has_room = False
    try:
        has_room = service.writer.run(keep)
    finally:
        if not has_room:
            service.seen.forget(remembered)
    return has_room
