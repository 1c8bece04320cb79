"""Leaving: a page with a button, and the one click of mail programs (RFC 8058)."""

from flask import Flask, Response

from briefing.subscribers.suppression import TOKEN

from .pages import show
from .protocol import token_digest
from .service import Service, today


def add_leaving(app: Flask, service: Service) -> None:
    """Add /leave/TOKEN."""

    # Filters of mail follow each link, so looking at the page changes nothing.
    @app.get("/leave/<token>")
    def leave_page(token: str) -> Response:
        token = token.lower()
        if not TOKEN.fullmatch(token):
            return show(service, "incomplete", status=404)
        return show(service, "leave", token=token)

    # Whatever is in the body, somebody pressed a button. No limit holds here: the one-click requests
    # of large providers come from a few addresses.
    @app.post("/leave/<token>")
    def leave(token: str) -> Response:
        token = token.lower()
        if not TOKEN.fullmatch(token):
            return show(service, "incomplete", status=404)
        digest = token_digest(token)
        day = today()

        service.writer.run(lambda store: store.leave(digest, day))
        return show(service, "left")
