"""The web app of the preview: a page, the mail within it, and a stream that says when to reload.

It is read-only, so it answers only GET. Pages are self-contained, so no address leads to a file.
"""

import re
import secrets
from collections.abc import Callable, Iterator

from flask import Flask, Response, abort, g, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from briefing.errors import BriefingError
from briefing.preview.access import Access
from briefing.preview.changes import Changes
from briefing.preview.scroll_anchor import with_anchor
from briefing.preview.snapshots import RenderProblem, Snapshot, Snapshots, View

HEARTBEAT = 15.0
"""Seconds between empty messages in a stream: only by writing does the server notice that a page
was closed.
"""

MAIL_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
)
"""Keeps a draft from running anything or contacting anyone, whatever it contains."""

PAGE_POLICY = (
    "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; "
    "connect-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

FRAME = re.compile(r"<(?=i?frame\b)", re.IGNORECASE)

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Browsers look up the hosts of a page's links before anyone clicks on them.
    "X-DNS-Prefetch-Control": "off",
}

REFUSED = "Open the address that 'briefing preview' printed in its terminal: it contains the key to this page.\n"


def create(
    snapshots: Snapshots,
    changes: Changes,
    access: Access,
    port: int,
    report: Callable[[str], None],
) -> Flask:
    """Create the app for one issue, to be served on a port of 127.0.0.1.

    `report` is called with a line for the terminal if there is a bug in briefing.
    """
    app = Flask(__name__, static_folder=None)
    app.debug = False  # FLASK_DEBUG would make it true
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    _guard(app, access, port)
    _add_pages(app, snapshots, changes)
    _add_error_pages(app, changes, report)
    return app


def _add_pages(app: Flask, snapshots: Snapshots, changes: Changes) -> None:
    @app.get("/")
    def page() -> str:
        lang = request.args.get("lang", "")
        seen = changes.count  # before the files are read, so that a save meanwhile causes one more reload
        try:
            view = snapshots.take(lang)
        except (BriefingError, OSError) as error:
            view = View(None, (RenderProblem.of(error),))
        return _page(
            snapshot=view.snapshot or snapshots.fallback(lang),
            is_old=view.snapshot is None,
            problems=view.problems,
            seen=seen,
        )

    @app.get("/mail/<lang>")
    def mail(lang: str) -> Response:
        snapshot = snapshots.latest(lang) or abort(404)
        return Response(
            _framed(snapshot), headers={"Content-Security-Policy": MAIL_POLICY}
        )

    @app.get("/changes")
    def stream() -> Response:
        seen = request.args.get("seen", 0, type=int)
        return Response(_events(changes, seen), mimetype="text/event-stream")


def _add_error_pages(
    app: Flask, changes: Changes, report: Callable[[str], None]
) -> None:
    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[str, int]:
        problem = RenderProblem.of_bug(error)
        report(problem.message)
        page = _page(
            snapshot=None, is_old=True, problems=[problem], seen=changes.count
        )
        return page, 500

    @app.errorhandler(HTTPException)
    def refusal(error: HTTPException) -> Response:
        return Response(
            f"{error.description}\n",
            status=error.code,
            mimetype="text/plain",
        )


def _guard(app: Flask, access: Access, port: int) -> None:
    """Admit only the editor's browser, and keep other pages from reading the responses."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if port == 80:
        hosts |= {"127.0.0.1", "localhost"}
    cookie = f"briefing-{port}"  # a browser shares cookies between the ports of a host

    @app.before_request
    def admit() -> AnyResponse | None:
        # Attackers could make a name of theirs resolve to 127.0.0.1; their page would then be
        # same-origin with ours.
        if request.headers.get("Host", "").lower() not in hosts:
            abort(400, "This page is available only at 127.0.0.1.")
        token = request.args.get("token")
        if (
            token is not None
            and request.method == "GET"
            and access.redeem(token)
        ):
            # So that the address bar and the history don't contain the token.
            response = redirect("/", 303)
            response.set_cookie(
                cookie, access.token, httponly=True, samesite="Strict"
            )
            return response
        if not access.is_token(request.cookies.get(cookie, "")):
            abort(403, REFUSED)
        return None

    @app.after_request
    def add_headers(response: Response) -> Response:
        nonce = g.get("nonce")
        if nonce:
            response.headers["Content-Security-Policy"] = PAGE_POLICY.format(
                nonce=nonce
            )
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _framed(snapshot: Snapshot) -> str:
    """Return the mail as its frame shows it."""
    # Chromium connects to the host of a frame before it checks the policy, so frames are shown as
    # text.
    html = FRAME.sub("&lt;", snapshot.html)
    # A link would replace the mail. In a new window, which the sandbox forbids, it does nothing.
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    return with_anchor(html, snapshot.changed)


def _page(**context: object) -> str:
    g.nonce = secrets.token_urlsafe(16)
    return render_template("page.html", nonce=g.nonce, **context)


def _events(changes: Changes, seen: int) -> Iterator[str]:
    """Send one server-sent event for the first change after `seen`, then end, because the page
    reloads.
    """
    yield ":\n\n"
    while not changes.ended:
        if changes.wait(seen, HEARTBEAT):
            yield "data: changed\n\n"
            return
        yield ":\n\n"
