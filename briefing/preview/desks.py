"""One web app for all issues of a newsletter: each issue has its own, below its id."""

import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from briefing.issue import store
from briefing.issue.store import INBOX
from briefing.newsletter import Newsletter

OpenIssue = Callable[[str], AbstractContextManager[WSGIApplication]]
"""Called with the id of an issue; returns its app, which works until it is left."""


class Desks:
    """Passes each request on: `/2020-10-09/edits` to the app of this issue as `/edits`, and what
    names no issue to the front page's app.

    An issue's app is made when it is first asked for; `close` ends all of them.
    """

    def __init__(
        self,
        newsletter: Newsletter,
        front: WSGIApplication,
        open_issue: OpenIssue,
        admits: Callable[[WSGIEnvironment], bool],
    ) -> None:
        """`admits` says whether a request may open an issue; the front page answers all others."""
        self._newsletter = newsletter
        self._front = front
        self._open_issue = open_issue
        self._admits = admits
        self._opened: dict[str, WSGIApplication] = {}
        self._is_closed = False
        self._lock = threading.Lock()
        self._stack = ExitStack()

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        name, slash, rest = environ["PATH_INFO"][1:].partition("/")
        app = None
        if slash and self._admits(environ):
            app = self.open(name)
        if app is None:
            return self._front(environ, start_response)
        # As WSGI asks for (PEP 3333); the secret path is there already.
        environ["SCRIPT_NAME"] += f"/{name}"
        environ["PATH_INFO"] = f"/{rest}"
        return app(environ, start_response)

    def open(self, name: str) -> WSGIApplication | None:
        """Return the app of an issue; None if there is no such issue, or if all were ended."""
        with self._lock:
            if name not in self._opened:
                # A page may still ask while the program ends.
                if self._is_closed or not _exists(self._newsletter, name):
                    return None
                opened = self._open_issue(name)
                self._opened[name] = self._stack.enter_context(opened)
            return self._opened[name]

    def close(self) -> None:
        """End everything that runs for the issues."""
        with self._lock:
            self._is_closed = True
            self._opened.clear()
        self._stack.close()


def _exists(newsletter: Newsletter, name: str) -> bool:
    if name == INBOX:
        return store.first_edition_path(newsletter, INBOX).exists()
    return bool(store.ID.fullmatch(name)) and name in store.ids(newsletter)
