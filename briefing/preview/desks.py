"""One web app for all issues of a newsletter: each issue has its own, below its id."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from markupsafe import escape
from werkzeug.wrappers import Response

from briefing.newsletter import Newsletter
from briefing.preview import issue_list
from briefing.preview.page_head import HEAD_IS_SENT

if TYPE_CHECKING:
    from briefing.preview.opened_issue import OpenedIssue


class Desks:
    """Passes each request on: `/2020-10-09/edits` to the app of this issue as `/edits`, and what
    names no issue to the front page's app. That one also begins the page of an issue that isn't
    open yet.

    An issue's app is made when it is first asked for; `close` ends all of them.
    """

    def __init__(
        self,
        newsletter: Newsletter,
        front: WSGIApplication,
        open_issue: Callable[[str], "OpenedIssue"],
        admits: Callable[[WSGIEnvironment], bool],
    ) -> None:
        """`admits` says whether a request may open an issue; the front page answers all others."""
        self._newsletter = newsletter
        self._front = front
        self._open_issue = open_issue
        self._admits = admits
        self._opened: dict[str, OpenedIssue] = {}
        self._lock = threading.Lock()
        self._stack = ExitStack()

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        name, slash, rest = environ["PATH_INFO"][1:].partition("/")
        opened = None
        is_begun_by_front = not rest and name not in self._opened
        if slash and not is_begun_by_front and self._admits(environ):
            opened = self.open(name)
        if opened is None:
            return self._front(environ, start_response)
        return opened.app(_below(name, environ), start_response)

    def rest_of_page(
        self, name: str, environ: WSGIEnvironment
    ) -> Iterator[bytes]:
        """Open an issue, and yield its page without the head, which the browser has already."""
        opened = self.open(name)
        if opened is None:
            return
        request = {**_below(name, environ), HEAD_IS_SENT: True}
        with closing(Response.from_app(opened.app, request)) as page:
            if page.mimetype == "text/html":
                yield page.get_data()
            else:
                yield escape(page.get_data(as_text=True)).encode()

    def open(self, name: str) -> "OpenedIssue | None":
        """Return an issue with its app; None if there is no such issue."""
        with self._lock:
            if name not in self._opened:
                if not issue_list.exists(self._newsletter, name):
                    return None
                opened = self._open_issue(name)
                self._opened[name] = self._stack.enter_context(opened)
            return self._opened[name]

    def close(self) -> None:
        """End everything that runs for the issues."""
        with self._lock:
            self._opened.clear()
        self._stack.close()


def _below(name: str, environ: WSGIEnvironment) -> WSGIEnvironment:
    """Return a request as the app of an issue sees it: its path begins below the issue's id."""
    return {
        **environ,
        "SCRIPT_NAME": f"{environ['SCRIPT_NAME']}/{name}",
        "PATH_INFO": environ["PATH_INFO"].removeprefix(f"/{name}"),
    }
