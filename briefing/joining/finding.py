"""Asking for the link to leave, or to change something, without an email at hand."""

from flask import Flask, Response

from briefing.subscribers.subscriber import parse_address

from .counters import Counter
from .pages import choose_language, is_from_robot, posted, show
from .protocol import Find, RequestKind
from .service import Service, today
from .store import Store


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
        try:
            address = parse_address(posted("address"))
        except ValueError:
            return show(service, "find", mistake="address", status=400)
        if not _keep(service, address):
            return show(service, "busy")
        return show(service, "found")


def _keep(service: Service, address: str) -> bool:
    """Keep the request for a link to an address; return whether there was room for it."""
    day = today()
    body = service.encrypt(
        Find(
            address=address,
            lang=choose_language(service).code,
            asked=day.isoformat(),
        )
    )
    remembered = f"find {address.casefold()}"
    is_first = service.seen.count(remembered) == 1

    def keep(store: Store) -> bool:
        if not is_first:
            store.count(Counter.REPEATED)
            return True
        return store.add(RequestKind.FIND, body, day)

    has_room = False
    try:
        has_room = service.writer.run(keep)
    finally:
        if not has_room:
            service.seen.forget(remembered)
    return has_room
