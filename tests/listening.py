"""A server for tests that does whatever a function says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Listen on a port of this computer; `serve` handles one connection after another."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def work() -> None:
        while True:
            connection, _ = listener.accept()
            with suppress(OSError), connection:
                if ended.is_set():
                    return
                connection.settimeout(60)
                serve(connection)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        socket.create_connection(listener.getsockname()).close()
        thread.join(60)
        listener.close()
