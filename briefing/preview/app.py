"""The web app of the preview: one page, the mail in it, and a stream that tells when to load it again.

There is nothing to be changed through it, so it answers GET alone; and since a page holds all that it needs, no
address of it leads to a file.
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
from briefing.preview.draft import Draft, Look, Problem
from briefing.preview.place import marked

HEARTBEAT = 15.0
"""Seconds between signs of life in a stream; only by writing does the server learn that a page was closed."""

MAIL_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
)
"""Whatever came through with a draft: in the preview it runs nothing and reaches nobody."""

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
    # Browsers look up the hosts of a page's links before anybody follows them.
    "X-DNS-Prefetch-Control": "off",
}

REFUSED = "Open the address that 'briefing preview' has printed in its terminal: it holds the key to this page.\n"


def create(draft: Draft, changes: Changes, access: Access, port: int, report: Callable[[str], None]) -> Flask:
    """The app for one draft, to be served on a port of 127.0.0.1.

    `report` gets a line for the terminal when the program itself has made a mistake.
    """
    app = Flask(__name__, static_folder=None)
    app.debug = False  # FLASK_DEBUG would make it true
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    _guard(app, access, port)

    @app.get("/")
    def page() -> str:
        lang = request.args.get("lang", "")
        seen = changes.count  # read before the files are, so that a save in between is shown by a further load
        look = problem = None
        try:
            look = draft.look(lang)
        except (BriefingError, OSError) as error:
            problem = Problem.of(error)
        return _page(look=look or draft.fallback(lang), problem=problem, seen=seen)

    @app.get("/mail/<lang>")
    def mail(lang: str) -> Response:
        look = draft.last(lang) or abort(404)
        return Response(_framed(look), headers={"Content-Security-Policy": MAIL_POLICY})

    @app.get("/changes")
    def stream() -> Response:
        seen = request.args.get("seen", 0, type=int)
        return Response(_events(changes, seen), mimetype="text/event-stream")

    @app.errorhandler(Exception)
    def mistake(error: Exception) -> tuple[str, int]:
        problem = Problem.of_ours(error)
        report(problem.message)
        return _page(look=None, problem=problem, seen=changes.count), 500

    @app.errorhandler(HTTPException)
    def refusal(error: HTTPException) -> Response:
        return Response(f"{error.description}\n", status=error.code, mimetype="text/plain")

    return app


def _guard(app: Flask, access: Access, port: int) -> None:
    """Let nobody in but the editor's browser, and tell every browser to keep what it got to itself."""
    hosts = {host if port == 80 else f"{host}:{port}" for host in ("127.0.0.1", "localhost")}
    cookie = f"briefing-{port}"  # a browser shares cookies between the ports of a host

    @app.before_request
    def admit() -> AnyResponse | None:
        # A name that an attacker's server resolves to 127.0.0.1 makes a page of theirs same-origin with ours.
        if request.headers.get("Host", "").lower() not in hosts:
            abort(400, "This page is at 127.0.0.1 alone.")
        given = request.args.get("token")
        if given is not None and request.method == "GET" and access.opens(given):
            response = redirect("/", 303)  # the address in the browser's bar and history is without it
            response.set_cookie(cookie, access.token, httponly=True, samesite="Strict")
            return response
        if not access.admits(request.cookies.get(cookie, "")):
            abort(403, REFUSED)
        return None

    @app.after_request
    def close_up(response: Response) -> Response:
        nonce = g.get("nonce")
        if nonce:
            response.headers["Content-Security-Policy"] = PAGE_POLICY.format(nonce=nonce)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _framed(look: Look) -> str:
    """The mail as it stands in its frame."""
    # Chromium connects to the host of a frame before it asks the policy, so that a frame is shown as text.
    html = FRAME.sub("&lt;", look.html)
    # A link would take the place of the mail; in a window, which a sandbox may not open, it leads nowhere.
    html = html.replace("<head>", '<head><base target="_blank">', 1)
    return marked(html, look.changed)


def _page(**context: object) -> str:
    g.nonce = secrets.token_urlsafe(16)
    return render_template("page.html", nonce=g.nonce, **context)


def _events(changes: Changes, seen: int) -> Iterator[str]:
    """Server-sent events: one for the first change after `seen`, and the end, since the page then loads again."""
    yield ":\n\n"
    while not changes.ended:
        if changes.wait(seen, HEARTBEAT):
            yield "data: changed\n\n"
            return
        yield ":\n\n"
