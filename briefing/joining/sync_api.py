"""What the editors' computer reads and writes, as described in protocol.py. Without the key, it isn't there."""

import hmac
from typing import Any

from flask import Flask, abort, request

from . import protocol
from .protocol import DIGEST_LENGTH, MOST_UPLOAD, Mode, key_digest, write_batch
from .service import Service, today
from .store import Store

_BEARER = "Bearer "
_MOST_NUMBER = 1 << 60

_Answer = tuple[dict[str, Any], int]
"""An object as JSON, and the status."""
_DONE: _Answer = {}, 200
_OUTDATED: _Answer = {}, 409
"""What was sent doesn't fit what the server has."""


def add_sync_api(app: Flask, service: Service) -> None:
    """Add the paths below /sync/."""

    @app.before_request
    def require_key() -> None:
        if request.path.startswith(protocol.SYNC) and not _has_key(service):
            abort(404)

    _add_requests(app, service)
    _add_lists(app, service)


def _add_requests(app: Flask, service: Service) -> None:
    @app.get(protocol.REQUESTS)
    def requests() -> _Answer:
        after = _number(request.args.get("after", "0"))
        batch = service.writer.run(
            lambda store: store.batch(after, service.mode)
        )
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

    @app.post(protocol.MODE)
    def mode() -> _Answer:
        name = _object().get("mode")
        if name not in {"", *Mode}:
            abort(400)
        wanted = Mode(name) if name else None
        service.writer.run(lambda store: service.set_mode(store, wanted))
        return _DONE


def _add_lists(app: Flask, service: Service) -> None:
    @app.put(protocol.TOKENS)
    def add_tokens() -> _Answer:
        upload = _number(request.args.get("upload"), MOST_UPLOAD)
        digests = _digests()
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

    @app.put(protocol.INVITATIONS)
    def invitations() -> _Answer:
        digests = _digests()
        service.writer.run(lambda store: store.replace_invitations(digests))
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


def _digests() -> bytes:
    data = request.get_data(cache=False)
    if len(data) % DIGEST_LENGTH:
        abort(400)
    return data
