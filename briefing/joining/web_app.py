"""The web app: its pages, what guards them, and what the editors' computer reads and writes, as described
in protocol.py. Without the key, that isn't there.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from briefing.bugs import describe_bug

from . import protocol
from .pages import FOLDER, add_pages, show, style_sheet
from .protocol import (
    DIGEST_LENGTH,
    MOST_BYTES,
    SYNC,
    key_digest,
)
from .service import Service, today
from .store import UnavailableError

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


_BEARER = "Bearer "

_Answer = tuple[dict[str, Any], int]
"""An object as JSON, and the status; 409 if what was sent doesn't fit what the server has."""


def create(service: Service) -> Flask:
    """Create the app for a service."""
    app = Flask(__name__, static_folder=None, template_folder=str(FOLDER))
    # Flask would escape only in templates whose names end in .html.
    app.jinja_options = {
        "autoescape": True,
        "extensions": [],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    # FLASK_DEBUG would make it true.
    app.debug = False
    # It names paths, and paths contain tokens.
    app.logger.disabled = True
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    style = style_sheet(service.settings.look)
    add_pages(app, service, style)
    _guard(app, service, style)
    _add_sync(app, service)
    return app


def _guard(app: Flask, service: Service, style: str) -> None:
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
        # A body in pieces, of a length that isn't known, ends at MAX_CONTENT_LENGTH.
        is_sync = request.path.startswith(SYNC)
        most = MOST_BYTES if is_sync else MOST_IN_A_FORM
        if (request.content_length or 0) > most:
            abort(413)
        if is_sync and not _has_key(service):
            abort(404)

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


def _add_sync(app: Flask, service: Service) -> None:
    run = service.writer.run

    @app.get(protocol.REQUESTS)
    def requests() -> _Answer:
        after = _number("after")
        return asdict(run(lambda store: store.batch(after))), 200

    @app.post(protocol.ACKNOWLEDGED)
    def acknowledged() -> _Answer:
        name, up_to = _given("store"), _number("up_to")
        is_ours = run(lambda store: store.acknowledge(name, up_to, today()))
        return {}, 200 if is_ours else 409

    @app.put(protocol.TOKENS)
    def add_tokens() -> _Answer:
        upload = _number("upload")
        digests = request.get_data(cache=False)
        if len(digests) % DIGEST_LENGTH:
            abort(400)
        run(lambda store: store.add_tokens(upload, digests))
        return {}, 200

    @app.post(protocol.TOKENS)
    def use_tokens() -> _Answer:
        upload, count = _number("upload"), _number("count")
        is_whole = run(lambda store: store.use_tokens(upload, count))
        return {}, 200 if is_whole else 409


def _has_key(service: Service) -> bool:
    given = request.headers.get("Authorization", "")
    key = given.removeprefix(_BEARER)
    is_right = hmac.compare_digest(key_digest(key), service.sync_digest)
    return is_right and given.startswith(_BEARER)


def _given(name: str) -> object:
    """Return a value of the query, or else of the JSON object that was posted; 400 if there is none."""
    try:
        given: object = (request.args or request.get_json(force=True))[name]
    except (LookupError, RecursionError, TypeError):
        abort(400)
    return given


def _number(name: str) -> int:
    """Return a whole number that was given; 400 if it is anything else."""
    digits = str(_given(name))
    if not re.fullmatch("[0-9]{1,18}", digits):
        abort(400)
    return int(digits)
