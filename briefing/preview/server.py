"""The server of the preview: on this machine alone, for as long as the editor looks."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from werkzeug.serving import WSGIRequestHandler, make_server

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.preview.access import Access
from briefing.preview.app import create
from briefing.preview.changes import Changes, Watcher
from briefing.preview.draft import Draft

HOST = "127.0.0.1"


class _Handler(WSGIRequestHandler):
    """Writes no log, which would show tokens in the terminal, and doesn't say what it runs on."""

    timeout = 30  # seconds for one read or write: browsers open connections that they never use
    server_version = "briefing"
    sys_version = ""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's own name
        pass


class PreviewServer:
    """Shows one issue of a newsletter. As a context manager it ends everything that it began."""

    def __init__(self, newsletter: Newsletter, folder: Path, *, port: int, report: Callable[[str], None]) -> None:
        """Take the port; 0 is any free one. `report` gets lines for the terminal.

        Raises RefusedError if the port can't be had.
        """
        self._access = Access()
        self._changes = Changes()
        self._watcher = Watcher(newsletter, folder, self._changes)
        # Werkzeug ends the whole program when a port is taken, so that it gets a socket that has one.
        with _listening(port) as listener:
            self.port: int = listener.getsockname()[1]
            app = create(Draft(newsletter, folder), self._changes, self._access, self.port, report)
            self._server = make_server(
                HOST, self.port, app, threaded=True, request_handler=_Handler, fd=listener.fileno()
            )

    @property
    def address(self) -> str:
        """Where the page is, for the editor's eyes."""
        return f"http://{HOST}:{self.port}/?token={self._access.token}"

    def address_for_once(self) -> str:
        """Where the page is, for a place that other users can read."""
        return f"http://{HOST}:{self.port}/?token={self._access.ticket()}"

    def serve(self) -> None:
        """Answer until Ctrl-C, or until another thread calls `stop`."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Let `serve` return. Only while it runs."""
        self._server.shutdown()

    def __enter__(self) -> "PreviewServer":
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._changes.end()
        self._watcher.stop()
        self._server.server_close()


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port), backlog=128)
    except OSError as error:
        reason = os.strerror(error.errno or 0)  # strerror of the error itself repeats the address
        raise RefusedError(
            f"port {port} can't be had ({reason}); name another with --port, or leave it out for a free one"
        ) from error
