"""Run Postfix's load generator and test server, to measure how fast and correctly a program sends.

`tests/sending/install-postfix .venv/postfix` installs them where this module finds them.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def smtp_sink(*options: str) -> Iterator[int]:
    """Run smtp-sink; yield its port. By default it accepts and discards emails."""
    command = program("smtp-sink")
    assert command, "smtp-sink isn't installed"
    port = _free_port()
    # It insists on a user, and then doesn't change it.
    as_root = ("-u", "root") if os.geteuid() == 0 else ()
    process = subprocess.Popen(  # noqa: S603  # a program of our choice
        [command, *as_root, *options, f"127.0.0.1:{port}", "128"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_listens(process, port)
        yield port
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    """Return an unused port of this computer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_until_it_listens(
    process: "subprocess.Popen[bytes]", port: int
) -> None:
    give_up = time.monotonic() + SECONDS_TO_START
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError(
                "smtp-sink doesn't start; is its port in use, or an option wrong?"
            )
        time.sleep(0.01)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
