"""Undoing a change of address, by a link that the editors' computer mailed to the earlier address."""

from flask import Flask, Response

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
        if not _is_whole(token, sealed):
            return show(service, "incomplete")
        return show(service, "undo")

    @app.post("/undo/<token>/<sealed>")
    def undo(token: str, sealed: str) -> Response:
        if not _is_whole(token, sealed):
            return show(service, "incomplete")
        if service.seen.count(f"undo {token}") > MOST_A_DAY:
            service.count(Counter.FULL)
            return show(service, "busy")
        service.writer.run(lambda store: _keep(store, token, sealed))
        return show(service, "undone")


def _is_whole(token: str, sealed: str) -> bool:
    return bool(TOKEN.fullmatch(token) and SEALED.fullmatch(sealed))


def _keep(store: Store, token: str, sealed: str) -> None:
    """Keep what the link carries, which only home can read, if home has made such a link."""
    digest = token_digest(undo_code(token))
    store.add_for_token(digest, RequestKind.UNDO, sealed, today())
