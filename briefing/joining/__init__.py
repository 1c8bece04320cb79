"""The server where readers leave, join and change their data; the one part that faces the internet.

`app` is for any WSGI server that runs it in one process; `briefing subscribers serve` brings its own.
"""

import atexit
import os
import sys
import threading
from collections.abc import Iterable
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from briefing.errors import BriefingError

_lock = threading.Lock()


def app(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer a request for the newsletter whose folder is the current one, or the one that
    BRIEFING_FOLDER names. The server opens on the first request, and closes when the program ends.
    """
    try:
        with _lock:
            application = _application()
    except BriefingError as error:
        # Raised, it would end in the server's log together with the path of the request.
        _report(str(error))
        start_response("503 Service Unavailable", [("Content-Length", "0")])
        return []
    return application(environ, start_response)


@cache
def _application() -> WSGIApplication:
    # Imported here, so that importing the protocol alone doesn't need Flask.
    from briefing.newsletter import Newsletter  # noqa: PLC0415

    from . import server  # noqa: PLC0415

    folder = Path(os.environ.get("BRIEFING_FOLDER", ""))
    opened = server.opened(Newsletter.find(folder), _report)
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(opened)


def _report(line: str) -> None:
    sys.stderr.write(f"briefing: {line}\n")
