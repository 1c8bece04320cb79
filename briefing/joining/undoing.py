"""Undoing a change of address, by a link that the editors' computer mailed to the earlier address."""

from flask import Flask, Response, abort

from briefing.subscribers.suppression import TOKEN

from .changing import MOST_A_DAY
from .counters import Counter
from .pages import show
from .protocol import SEALED, RequestKind, token_digest, undo_code
from .service import Service, today
from .store import Store


def add_undoing(app: Flask, service: Service) -> None:
    """Add /undo/TOKEN/SEALED."""

    @app.get("/undo/<token>/<sealed>")
    def undo_page(token: str, sealed: str) -> Response:
        _refuse_incomplete(service, token, sealed)
        return show(service, "undo")

    @app.post("/undo/<token>/<sealed>")
    def undo(token: str, sealed: str) -> Response:
        _refuse_incomplete(service, token, sealed)
        if service.seen.count(f"undo {token}") > MOST_A_DAY:
            service.count(Counter.FULL)
            return show(service, "busy")
        service.writer.run(lambda store: _keep(store, token, sealed))
        return show(service, "undone")


def _refuse_incomplete(service: Service, token: str, sealed: str) -> None:
    """Unless a link is complete, end the request with a page that says so."""
    if not (TOKEN.fullmatch(token) and SEALED.fullmatch(sealed)):
        abort(show(service, "incomplete"))


def _keep(store: Store, token: str, sealed: str) -> None:
    """Keep what the link carries, which only home can read, if home has made such a link."""
    digest = token_digest(undo_code(token))
    store.add_for_token(digest, RequestKind.UNDO, sealed, today())
