"""The stream that tells open pages of changes: server-sent events."""

from collections.abc import Iterator

from flask import Flask, Response, request

from .changes import Changes

HEARTBEAT = 15.0
"""Seconds between empty messages in a stream: only by writing does the server notice that a page
was closed.
"""

RETRY = 500
"""Milliseconds after which a browser connects again when the program has stopped."""


def add_stream(app: Flask, changes: Changes) -> None:
    """Serve the stream at /changes; `seen` is the number of changes that the page knows.

    It is the same for all issues, so that one page can listen for all.
    """

    @app.get("/changes")
    def stream() -> Response:
        # A browser that connects again says which event it got last.
        last = request.headers.get("Last-Event-ID", type=int)
        seen = request.args.get("seen", 0, type=int) if last is None else last
        # The program counts from 0 again after a restart.
        seen = min(seen, changes.count)
        return Response(events(changes, seen), mimetype="text/event-stream")


def events(changes: Changes, seen: int) -> Iterator[str]:
    """Yield an event with the ids of the changed issues after each change, until the program ends."""
    yield f"retry: {RETRY}\n\n"
    while not changes.ended:
        if changes.wait(seen, HEARTBEAT):
            # Several changes in quick succession are one event.
            seen, issues = changes.since(seen)
            yield f"id: {seen}\ndata: {' '.join(issues)}\n\n"
        elif not changes.ended:
            yield ":\n\n"
