"""Functions that misbehave in a child process, for test_limited.py."""

import os
import resource
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from briefing.errors import FetchError, PictureError, RefusedError


def join(text: str, data: bytes, names: Mapping[str, str]) -> tuple[str, bytes]:
    return f"{text} {dict(names)}", data


def process_id() -> int:
    return os.getpid()


def process_limits() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_NPROC)


def loop() -> int:
    while True:
        pass


def sleep_for_ever() -> int:
    time.sleep(10**6)
    return 0


def fill_memory() -> int:
    return len(bytearray(16 * 1024**3))


def return_too_much() -> bytes:
    return bytes(200 * 1024 * 1024)


def return_something_else() -> int:
    return "text"  # type: ignore[return-value]


def crash() -> int:
    os.abort()


def fail() -> int:
    return {"a": 1}["b"]


def connect(port: int) -> int:
    socket.create_connection(("127.0.0.1", port))
    return 0


def look_up() -> int:
    socket.getaddrinfo("localhost", 80)
    return 0


def run_a_program() -> int:
    subprocess.run(["true"], check=True)
    return 0


def write(path: str) -> int:
    Path(path).write_text("x")
    return 0


def environment() -> list[str]:
    return [name for name in os.environ if name != "LC_CTYPE"]


def refuse(kind: str) -> int:
    if kind == "picture":
        raise PictureError(Path("photo.jpg"), "is damaged", line=3)
    if kind == "page":
        raise FetchError("https://www.example.org/", "is gone")
    raise RefusedError("brief.txt: contains no text")
