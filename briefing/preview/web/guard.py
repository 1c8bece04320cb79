"""Admit only the editor's own page: who may look, who may post, and what browsers may do with the
answers.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, abort, redirect, request
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response as AnyResponse

from briefing.collecting.documents import size
from briefing.errors import BriefingError
from briefing.photos import pictures
from briefing.storage import files

from .access import Access

MOST_BYTES = 1_000_000
"""The largest request. Uploads have their own limit, in LARGE."""

LARGE: Mapping[str, int] = {
    # In base64, four characters are three bytes.
    "/files": size.MOST_BYTES // 3 * 4 + MOST_BYTES,
    "/photo": pictures.MOST_BYTES // 3 * 4 + MOST_BYTES,
}
"""Paths that take more than MOST_BYTES."""

JsonAnswer = dict[str, Any]
"""What a request is answered, as JSON."""
Body = Mapping[str, Any]
"""What was posted."""

TOKEN_HEADER = "X-Briefing-Token"  # noqa: S105  # a header's name

PAGE_POLICY = (
    "default-src 'none'; style-src {files}; script-src {files}; "
    "img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""Scripts and styles come only from the page's own files."""

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

REFUSED = "Open the address that ‘briefing preview’ printed in its terminal: only its secret opens this page.\n"


def is_admitted(access: Access, environ: WSGIEnvironment) -> bool:
    """Whether a request comes from a browser that has used the token, and is for an address below the secret
    path. The guard checks the rest.
    """
    if not access.is_below_home(f"{environ['SCRIPT_NAME']}/"):
        return False
    # Ours has only ASCII. Other programs on this computer may set any bytes, which browsers send to all ports.
    header = environ.get("HTTP_COOKIE", "").encode("ascii", "ignore").decode()
    cookies = parse_cookie(header)
    return access.is_cookie(cookies.get(access.cookie_name, ""))


def below_home(app: WSGIApplication, access: Access) -> WSGIApplication:
    """Return an app that serves this one below the secret path. Requests for other addresses reach it
    unchanged: of these, the guard admits only those with the token.
    """

    def pass_on(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if access.is_below_home(path):
            # As WSGI asks for (PEP 3333): what leads to the app in SCRIPT_NAME, the rest in PATH_INFO.
            environ["SCRIPT_NAME"] = access.home[:-1]
            environ["PATH_INFO"] = path[len(access.home) - 1 :]
        return app(environ, start_response)

    return pass_on


def guard(app: Flask, access: Access) -> None:
    """Check each request before the app sees it, and add HEADERS to each answer."""
    hosts = {f"127.0.0.1:{access.port}", f"localhost:{access.port}"}
    if access.port == 80:
        hosts |= {"127.0.0.1", "localhost"}

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
            response = redirect(access.home, 303)
            response.set_cookie(
                access.cookie_name,
                access.cookie,
                path=access.home,
                httponly=True,
                samesite="Strict",
            )
            return response
        if not is_admitted(access, request.environ):
            abort(403, REFUSED)
        if request.method == "POST":
            _check_post(access)
        return None

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def page_response(page: str, access: Access) -> Response:
    """Return a page in HTML with the policy for its files."""
    policy = PAGE_POLICY.format(files=f"{origin()}{access.home}page/")
    return Response(page, headers={"Content-Security-Policy": policy})


def origin() -> str:
    """Return the origin of the page that is asked for, whose host was checked before."""
    return f"http://{request.headers['Host'].lower()}"


def posted() -> Body:
    """Return the JSON object that was posted; 400 if it is anything else."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        # Nested too deeply for Python's parser.
        body = None
    if not isinstance(body, dict):
        abort(400, "What was posted isn’t a JSON object.")
    return body


def text_in(body: Body, name: str) -> str:
    """Return a text in a posted object; 400 if it isn't one."""
    value = body.get(name)
    if not isinstance(value, str):
        abort(400, f"'{name}' must be text.")
    return value


def texts_in(body: Body, *names: str) -> tuple[str, ...]:
    """Return several texts in a posted object, in the order of their names; 400 if any isn't one."""
    return tuple(text_in(body, name) for name in names)


def number_in(body: Body, name: str) -> int:
    """Return a whole number in a posted object, 0 if it isn't there; 400 if it is something else."""
    value = body.get(name, 0)
    if type(value) is not int:
        abort(400, f"'{name}' must be a number.")
    return value


def reason(error: BriefingError | OSError) -> str:
    """Return in one line why something can't be done now."""
    if isinstance(error, OSError):
        return files.reason(error)
    return str(error)


def _check_post(access: Access) -> None:
    """Refuse what wasn't posted by a script of our own page."""
    # A form of another site can't send this type.
    if request.headers.get("Content-Type") != "application/json":
        abort(415, "Post JSON, as application/json.")
    # In a browser without faults, each of these alone would be enough.
    if request.headers.get("Origin", "").lower() != origin():
        abort(403, "This request didn’t come from the page, so it was refused.")
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        abort(
            403,
            "This request didn’t come from the page, so it was refused. If you are using the page, "
            "use a newer browser.",
        )
    if not access.is_page_token(request.headers.get(TOKEN_HEADER, "")):
        abort(403, "Reload the page: the secret in it is no longer valid.")
    length = request.content_length
    if length is None:
        abort(411, "The length is missing.")
    if length > LARGE.get(request.path, MOST_BYTES):
        abort(413, "That is too large; make it smaller, or add it in parts.")
