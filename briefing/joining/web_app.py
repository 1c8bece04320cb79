"""The web app: its pages, what guards them, and what the editors' computer reads and writes, as described
in protocol.py. Without the key, that isn't there.
"""

import base64
import hashlib
import hmac
from typing import Any

from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from briefing.bugs import describe_bug

from . import protocol
from .pages import FOLDER, add_pages, show, style_sheet
from .protocol import (
    DIGEST_LENGTH,
    MOST_BYTES,
    MOST_UPLOAD,
    SYNC,
    key_digest,
    write_batch,
)
from .service import Service, today
from .store import Store, UnavailableError

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
_MOST_NUMBER = 1 << 60

_Answer = tuple[dict[str, Any], int]
"""An object as JSON, and the status."""
_DONE: _Answer = {}, 200
_OUTDATED: _Answer = {}, 409
"""What was sent doesn't fit what the server has."""


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
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    style = style_sheet(service.settings.look)
    add_pages(app, service, style)
    _guard(app, service, style)
    _add_requests(app, service)
    _add_tokens(app, service)
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


def _add_requests(app: Flask, service: Service) -> None:
    @app.get(protocol.REQUESTS)
    def requests() -> _Answer:
        after = _number(request.args.get("after", "0"))
        batch = service.writer.run(lambda store: store.batch(after))
        return write_batch(batch), 200

    @app.post(protocol.ACKNOWLEDGED)
    def acknowledged() -> _Answer:
        given = _object()
        up_to = _number(given.get("up_to"))
        day = today()

        def keep(store: Store) -> bool:
            if given.get("store") != store.name:
                return False
            store.acknowledge(up_to, day)
            return True

        return _DONE if service.writer.run(keep) else _OUTDATED


def _add_tokens(app: Flask, service: Service) -> None:
    @app.put(protocol.TOKENS)
    def add_tokens() -> _Answer:
        upload = _number(request.args.get("upload"), MOST_UPLOAD)
        digests = request.get_data(cache=False)
        if len(digests) % DIGEST_LENGTH:
            abort(400)
        service.writer.run(lambda store: store.add_tokens(upload, digests))
        return _DONE

    @app.post(protocol.TOKENS)
    def use_tokens() -> _Answer:
        given = _object()
        upload = _number(given.get("upload"), MOST_UPLOAD)
        count = _number(given.get("count"))
        if not service.writer.run(
            lambda store: store.use_tokens(upload, count)
        ):
            return _OUTDATED
        # Readers' requests get their turn between these.
        while service.writer.run(lambda store: store.delete_old_tokens()):
            pass
        return _DONE


def _has_key(service: Service) -> bool:
    given = request.headers.get("Authorization", "")
    key = given.removeprefix(_BEARER)
    is_right = hmac.compare_digest(key_digest(key), service.sync_digest)
    return is_right and given.startswith(_BEARER)


def _object() -> dict[str, Any]:
    """Return the JSON object that was posted; 400 if it is anything else."""
    try:
        body = request.get_json(force=True, silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        abort(400)
    return body


def _number(given: object, most: int = _MOST_NUMBER) -> int:
    """Return a whole number in a query or an object; 400 if it is anything else."""
    if isinstance(given, str) and given.isascii() and given.isdecimal():
        given = int(given[:20])
    if type(given) is not int or not 0 <= given < most:
        abort(400)
    return given
