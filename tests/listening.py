"""A server for tests that speaks whatever a function says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A port of this computer at which `serve` talks to who comes, one after the other."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def work() -> None:
        while True:
            connection, _ = listener.accept()
            with suppress(OSError), connection:
                if ended.is_set():
                    return
                connection.settimeout(10)
                serve(connection)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        socket.create_connection(listener.getsockname()).close()
        thread.join(5)
        listener.close()
