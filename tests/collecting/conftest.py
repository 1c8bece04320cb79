"""Fixtures for the tests of collecting."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The files and connections that are opened during a test, as Python's audit events."""
    events: list[str] = []
    recording = True

    def record(event: str, arguments: tuple[object, ...]) -> None:
        if recording and event in {
            "open",
            "socket.connect",
            "socket.getaddrinfo",
            "subprocess.Popen",
        }:
            events.append(f"{event} {arguments[0]}")

    # Hooks can't be removed, so it is switched off instead.
    sys.addaudithook(record)
    yield events
    recording = False
