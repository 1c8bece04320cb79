"""The server of the preview, reachable only from this computer."""

import os
import socket
import sys
import threading
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from briefing import imports
from briefing.errors import BriefingError, RefusedError
from briefing.newsletter import Newsletter
from briefing.storage import files

from .bare_app import ReportLine
from .desks import Desks
from .front import create_front
from .web import session
from .web.access import Access
from .web.changes import Changes
from .web.guard import below_home, is_admitted

HOST = "127.0.0.1"
SWITCH_INTERVAL = 0.0005
"""Seconds after which a busy thread lets another one run."""
OPENING_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<title>Preview</title>
<p><a href="{address}">Open the preview</a></p>
</html>
"""


class _Handler(WSGIRequestHandler):
    """Writes no log, which would reveal tokens, and doesn't identify its software."""

    timeout = 30  # seconds to read or write: browsers open connections that they never use
    server_version = "briefing"
    sys_version = ""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's own name
        pass


class PreviewServer:
    """Serves the issues of a newsletter. The context manager stops everything that it started."""

    def __init__(
        self,
        newsletter: Newsletter,
        folder: Path | None,
        *,
        port: int,
        report: ReportLine,
        is_read_only: bool = False,
    ) -> None:
        """Listen on a port; 0 means any free one. `folder` is the folder of the issue that is shown first;
        None: there is no issue yet. `report` is called with lines for the terminal. With
        `is_read_only`, the page can change nothing.

        Raises RefusedError if the port isn't free.
        """
        # Not in .briefing/: browsers that are confined (snap, flatpak) can't read hidden folders.
        self._opening_page = newsletter.root / "rendered" / "open-preview.html"
        last = session.load(newsletter)
        # Werkzeug ends the whole program if a port is taken, so it gets a socket that is already
        # bound.
        with _listening_again(port, last.port) as listener:
            self.port: int = listener.getsockname()[1]
            self._access = Access(self.port, last.key)
            # Without this, open pages don't survive a restart; everything else works.
            with suppress(BriefingError):
                session.save(newsletter, replace(last, port=self.port))
            first = folder.name if folder else ""
            self._desks = _desks(
                newsletter,
                self._access,
                report,
                first=first,
                is_read_only=is_read_only,
            )
            self._opening = threading.Thread(
                target=self._open_first, args=(first,), name="preview-opening"
            )
            self._server = make_server(
                HOST,
                self.port,
                below_home(self._desks, self._access),
                threaded=True,
                request_handler=_Handler,
                fd=listener.fileno(),
            )

    @property
    def address(self) -> str:
        """The page's address, with the token: for the editor only."""
        return f"http://{HOST}:{self.port}/?token={self._access.token}"

    def write_opening_page(self) -> Path:
        """Write a page that leads to the preview once, and return its path.

        The browser's arguments name only this file, which no other user of the computer can read.
        Raises RefusedError if a link leads there, BriefingError.
        """
        address = f"http://{HOST}:{self.port}/?token={self._access.ticket()}"
        files.make_folder(self._opening_page.parent)
        self._opening_page.unlink(missing_ok=True)
        page = OPENING_PAGE.format(address=address).encode()
        files.create(self._opening_page, page, mode=files.PRIVATE_FILE)
        return self._opening_page

    def _open_first(self, issue: str) -> None:
        """Open the issue that is shown first while the browser starts."""
        if issue:
            self._desks.open(issue)

    def serve(self) -> None:
        """Serve until Ctrl-C, or until another thread calls `stop`."""
        # With Python's 5 ms, a check in the background would slow down every request.
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Make `serve` return. Only while it runs."""
        self._server.shutdown()

    def __enter__(self) -> "PreviewServer":
        self._opening.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._opening.join()
        self._desks.close()
        self._server.server_close()
        self._opening_page.unlink(missing_ok=True)


def _desks(
    newsletter: Newsletter,
    access: Access,
    report: ReportLine,
    *,
    first: str,
    is_read_only: bool,
) -> Desks:
    """Return the app of the first page and of all issues."""
    changes = Changes()

    def open_issue(name: str) -> AbstractContextManager[Flask]:
        # Most of the program, which the server doesn't have to wait for.
        with imports.gc_paused():
            from .opened_issue import opened_issue  # noqa: PLC0415
        return opened_issue(
            newsletter,
            newsletter.issues / name,
            access,
            changes,
            report,
            is_read_only=is_read_only,
        )

    front = create_front(
        newsletter.root, access, report, first=first, is_read_only=is_read_only
    )
    return Desks(newsletter, front, open_issue, partial(is_admitted, access))


def _listening_again(port: int, last: int) -> socket.socket:
    """Listen on a port; if any will do, on the last one, where open pages still are."""
    if port == 0 and last:
        with suppress(RefusedError):
            return _listening(last)
    return _listening(port)


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        # The strerror of the error itself repeats the address.
        reason = os.strerror(error.errno or 0)
        raise RefusedError(
            f"port {port} isn't available ({reason}); choose another with --port, or omit it for any free one"
        ) from error
