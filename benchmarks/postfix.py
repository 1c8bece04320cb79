"""Postfix's load generator and its counterpart: programs by which a sender's speed and manners are judged.

`tests/sending/install-postfix .venv/postfix` puts them where they are looked for.
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

FOLDERS = (Path(sys.prefix) / "postfix" / "bin", Path("/usr/local/sbin"), Path("/usr/sbin"))
"""Where they are looked for, apart from the PATH."""
STARTS_WITHIN = 10.0
"""Seconds."""


def program(name: str) -> str | None:
    """Where smtp-sink or smtp-source is; None if it isn't here."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *map(str, FOLDERS)]))


def free_port() -> int:
    """A port of this computer that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Sink:
    """smtp-sink at `port` while it is entered: it takes mails and throws them away, or does what its options say."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self._options = options

    def __enter__(self) -> Self:
        command = program("smtp-sink")
        assert command, "smtp-sink isn't here"
        as_root = ("-u", "root") if os.geteuid() == 0 else ()  # it wants to be told, and stays what it is
        self._process = subprocess.Popen(  # noqa: S603  # a program of our choice
            [command, *as_root, *self._options, f"127.0.0.1:{self.port}", "128"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + STARTS_WITHIN
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > until:
                self._end()
                raise RuntimeError("smtp-sink doesn't start; is its port taken, or an option wrong?")
            time.sleep(0.01)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
