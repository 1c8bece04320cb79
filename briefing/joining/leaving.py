"""Leaving: a page with a button, and the one-click requests of mail apps (RFC 8058)."""

from flask import Flask, Response

from .pages import show, whole_token
from .protocol import token_digest
from .service import Service, today


def add_leaving(app: Flask, service: Service) -> None:
    """Add /leave/TOKEN."""

    # Spam filters follow each link, so looking at the page changes nothing.
    @app.get("/leave/<token>")
    def leave_page(token: str) -> Response:
        return show(service, "leave", token=whole_token(service, token))

    # Whatever the body says, someone pressed a button. There is no limit: the one-click requests of
    # large providers come from a few addresses.
    @app.post("/leave/<token>")
    def leave(token: str) -> Response:
        digest = token_digest(whole_token(service, token))
        day = today()
        service.writer.run(lambda store: store.leave(digest, day))
        return show(service, "left")
