"""What applies to every request and answer: hosts, sizes, headers, and errors that reveal nothing."""

import base64
import hashlib

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from briefing.bugs import describe_bug

from .pages import show
from .protocol import MOST_BYTES, SYNC
from .service import Service
from .writer import UnavailableError

MOST_IN_A_FORM = 8_192
"""Bytes of a form: a name and an address of the greatest length take less."""

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    # Links in emails are https; people who type the address later get there safely as well.
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-DNS-Prefetch-Control": "off",
    "X-Robots-Tag": "noindex",
}

POLICY = (
    "default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def guard(app: Flask, service: Service, style: str) -> None:
    """Check each request before a page sees it, and add headers to each answer. `style`, the
    pages' style sheet, is the only one that they may use.
    """
    host = service.settings.joining.url.removeprefix("https://")
    digest = hashlib.sha256(style.encode()).digest()
    policy = POLICY.format(digest=base64.b64encode(digest).decode())
    headers = HEADERS | {"Content-Security-Policy": policy}
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.config["MAX_FORM_PARTS"] = 20

    @app.before_request
    def admit() -> None:
        # A link that we mail must lead to us, whatever Host a request names.
        if request.headers.get("Host", "").lower() != host:
            abort(421)
        if request.method in {"POST", "PUT"}:
            _check_size()

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        return response

    @app.errorhandler(HTTPException)
    def refuse(error: HTTPException) -> Response:
        return show(service, "problem", status=error.code or 400)

    @app.errorhandler(UnavailableError)
    def unavailable(_error: UnavailableError) -> Response:
        response = show(service, "problem", status=503)
        response.headers["Retry-After"] = "300"
        return response

    @app.errorhandler(Exception)
    def bug(error: Exception) -> Response:
        service.report(describe_bug(error))
        return show(service, "problem", status=500)


def _check_size() -> None:
    # A body in pieces, of a length that isn't known, ends at MAX_CONTENT_LENGTH.
    is_sync = request.path.startswith(SYNC)
    most = MOST_BYTES if is_sync else MOST_IN_A_FORM
    if (request.content_length or 0) > most:
        abort(413)
