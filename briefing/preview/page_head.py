"""The head of an issue's page, which the browser gets before the issue is open: it leaves the former
page and loads the styles meanwhile. The scripts come later: answering for all of them would hold up
the opening for longer than the browser gains by it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from flask import Flask, Response, abort, render_template, request

from briefing.newsletter import Newsletter
from briefing.preview import issue_list
from briefing.preview.access import Access
from briefing.preview.guard import page_headers

HEAD_IS_SENT = "briefing.head_is_sent"
"""Marks a request, in its environment, for the rest of a page."""

RestOfPage = Callable[[str, WSGIEnvironment], Iterator[bytes]]
"""Opens an issue by its id, and yields its page without the head."""


def add_page_head(
    app: Flask, root: Path, access: Access, rest_of_page: RestOfPage
) -> None:
    """Serve the page of each issue at /ID/: the head at once, and the rest once the issue is open."""

    @app.get("/<name>/")
    def page_of_issue(name: str) -> Response:
        if not issue_list.exists(Newsletter(root), name):
            abort(404)
        head = render_template("page_head.html", page_token=access.page_token)
        environ = request.environ

        def page() -> Iterator[bytes]:
            yield head.encode()
            yield from rest_of_page(name, environ)

        return Response(page(), headers=page_headers())
