"""What the editors' computer reads and writes, as described in protocol.py. Without the key, it isn't there."""

import hmac
from typing import Any

from flask import Flask, Response, abort, jsonify, request

from . import protocol
from .protocol import DIGEST_LENGTH, MOST_UPLOAD, Mode, key_digest, write_batch
from .service import Service, today
from .store import Store

_BEARER = "Bearer "
_MOST_NUMBER = 1 << 60


def add_sync_api(app: Flask, service: Service) -> None:
    """Add the paths below /sync/."""

    @app.before_request
    def require_key() -> None:
        if request.path.startswith("/sync/") and not _has_key(service):
            abort(404)

    _add_requests(app, service)
    _add_lists(app, service)


def _add_requests(app: Flask, service: Service) -> None:
    @app.get(protocol.REQUESTS)
    def requests() -> Response:
        after = _number(request.args.get("after", "0"))
        batch = service.writer.run(
            lambda store: store.batch(after, service.mode)
        )
        return jsonify(write_batch(batch))

    @app.post(protocol.ACKNOWLEDGED)
    def acknowledged() -> Response:
        given = _object()
        up_to = _number(given.get("up_to"))
        day = today()

        def keep(store: Store) -> bool:
            if given.get("store") != store.name:
                return False
            store.acknowledge(up_to, day)
            return True

        return _answer(service.writer.run(keep))

    @app.post(protocol.MODE)
    def mode() -> Response:
        name = _object().get("mode")
        if name not in {"", *Mode}:
            abort(400)
        wanted = Mode(name) if name else None
        service.writer.run(lambda store: service.set_mode(store, wanted))
        return _answer(True)


def _add_lists(app: Flask, service: Service) -> None:
    @app.put(protocol.TOKENS)
    def add_tokens() -> Response:
        upload = _number(request.args.get("upload"), MOST_UPLOAD)
        digests = _digests()
        service.writer.run(lambda store: store.add_tokens(upload, digests))
        return _answer(True)

    @app.post(protocol.TOKENS)
    def use_tokens() -> Response:
        given = _object()
        upload = _number(given.get("upload"), MOST_UPLOAD)
        count = _number(given.get("count"))
        if not service.writer.run(
            lambda store: store.use_tokens(upload, count)
        ):
            return _answer(False)
        # Readers' requests get their turn between these.
        while service.writer.run(lambda store: store.delete_old_tokens()):
            pass
        return _answer(True)

    @app.put(protocol.INVITATIONS)
    def invitations() -> Response:
        digests = _digests()
        service.writer.run(lambda store: store.replace_invitations(digests))
        return _answer(True)


def _has_key(service: Service) -> bool:
    given = request.headers.get("Authorization", "")
    key = given.removeprefix(_BEARER)
    is_right = hmac.compare_digest(key_digest(key), service.sync_digest)
    return is_right and given.startswith(_BEARER)


def _answer(is_done: bool) -> Response:
    response = jsonify({})
    response.status_code = 200 if is_done else 409
    return response


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


def _digests() -> bytes:
    data = request.get_data(cache=False)
    if len(data) % DIGEST_LENGTH:
        abort(400)
    return data
