"""Run Postfix's load generator and test server, to measure how fast and correctly a program sends.

`tests/sending/install-postfix .venv/postfix` installs them where this module finds them.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDERS = (
    Path(sys.prefix) / "postfix" / "bin",
    Path("/usr/local/sbin"),
    Path("/usr/sbin"),
)
"""Where the programs may be, besides PATH."""
SECONDS_TO_START = 60.0


def program(name: str) -> str | None:
    """Return the path of smtp-sink or smtp-source, or None if it isn't installed."""
    folders = [os.environ.get("PATH", ""), *map(str, FOLDERS)]
    return shutil.which(name, path=os.pathsep.join(folders))


def free_port() -> int:
    """Return an unused port of this computer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Sink:
    """Runs smtp-sink on `port` as a context manager. By default it accepts and discards emails."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self._options = options

    def __enter__(self) -> Self:
        command = program("smtp-sink")
        assert command, "smtp-sink isn't installed"
        # It insists on a user, and then doesn't change it.
        as_root = ("-u", "root") if os.geteuid() == 0 else ()
        self._process = subprocess.Popen(  # noqa: S603  # a program of our choice
            [
                command,
                *as_root,
                *self._options,
                f"127.0.0.1:{self.port}",
                "128",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        give_up = time.monotonic() + SECONDS_TO_START
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self._end()
                raise RuntimeError(
                    "smtp-sink doesn't start; is its port in use, or an option wrong?"
                )
            time.sleep(0.01)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
