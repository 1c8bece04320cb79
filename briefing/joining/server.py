"""The server as a process: waitress with limits that suit small pages, and no log of requests."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.types import WSGIApplication

from waitress.server import create_server

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.transports.registry import smtp_password
from briefing.storage import folder_lock

from . import requirements, web_app
from .mailer import SmtpConnection
from .protocol import MOST_BYTES
from .service import Service

LOCK = "server.lock"
"""The limits are in the memory of one process."""
BUSY = "another 'briefing subscribers serve' is already running in this folder; stop it first"
THREADS = 64
"""Requests at a time: each waits for the disk, and as many share a commit."""
MOST_CONNECTIONS = 1_000
SILENCE = 20
"""Seconds after which a silent connection is ended."""
MOST_HEADER_BYTES = 16_384


@contextmanager
def opened(
    newsletter: Newsletter, report: Callable[[str], None], *, has_form: bool
) -> Iterator[WSGIApplication]:
    """Yield the application of a newsletter's folder, in which nothing may be missing (`requirements`).

    Raises BusyError if another process serves this folder, and BriefingError if it can't be used.
    """
    settings = newsletter.settings
    password = smtp_password(newsletter)
    with folder_lock.hold(newsletter.state, LOCK, BUSY):
        service = Service(
            newsletter,
            connect=lambda: SmtpConnection(settings, password),
            report=report,
            sync_digest=requirements.sync_digest(newsletter),
            has_form=has_form,
        )
        try:
            yield web_app.create(service)
        finally:
            service.close()


def listen(address: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises RefusedError if that isn't possible."""
    try:
        return socket.create_server((address, port), backlog=1024)
    except OSError as error:
        raise RefusedError(
            f"port {port} of {address} isn't available ({os.strerror(error.errno or 0)}); choose another with --port "
            "or --host"
        ) from error


def serve(application: WSGIApplication, listener: socket.socket) -> None:
    """Serve until SIGTERM or Ctrl-C. Requests that were begun are answered."""
    # The libraries' messages name paths, and paths contain tokens.
    for name in ("waitress", "waitress.queue", "werkzeug"):
        logging.getLogger(name).disabled = True
    server = create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        ident=None,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SILENCE,
        cleanup_interval=5,
        log_socket_errors=False,
        max_request_header_size=MOST_HEADER_BYTES,
        # It takes one byte less.
        max_request_body_size=MOST_BYTES + 1,
        inbuf_overflow=2 * MOST_BYTES,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=True,
    )
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        server.run()
    finally:
        signal.signal(signal.SIGTERM, previous)
        server.close()


def _stop(*_: object) -> None:
    sys.exit(0)
