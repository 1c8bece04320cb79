"""HTTP with a secret: never redirected, every status is an answer, and no error that holds a
request.
"""

import json
import re
import socket
import ssl
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

RawResponse = tuple[int, bytes, Mapping[str, str]]
"""Status, body and headers; the headers' names in any case."""

MOST_BYTES = 1 << 20
"""Of an answer, unless a longer one is expected."""

_KEY = re.compile(r"[!-~]+")
_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "its certificate can't be trusted ({error.verify_message}); check this computer's clock and network",
    ),
    (
        ssl.SSLError,
        "doesn't speak TLS as expected; check for a proxy in between",
    ),
    (TimeoutError, "didn't answer in time"),
    (socket.gaierror, "there is no such host; check the network"),
    (ConnectionRefusedError, "no server answers there; check the network"),
    (ConnectionError, "ended the connection"),
    (HTTPException, "its answer was cut off, or isn't HTTP"),
)
"""What errors of the network mean; specific ones come first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, or why there is none."""

    status: int
    """0: no complete answer came."""
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    failure: str = ""
    """Why no answer came."""
    sent: bool = True
    """Whether the whole request went out; if not, the server can't have acted on it."""

    def json(self) -> Any:
        """Return the parsed body; None if it isn't JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def fields(self) -> dict[str, Any]:
        """Return the fields of a JSON object; none if the body is anything else."""
        content = self.json()
        return content if isinstance(content, dict) else {}


class Client:
    """Asks one server, with a secret that none of its answers has."""

    def __init__(
        self,
        host: str,
        secret: str,
        *,
        timeout: float,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """`host` with its scheme; `timeout` of each step of a request, in seconds; `most_bytes` of
        an answer.
        """
        self.host = host
        self._secret = secret
        self._timeout = timeout
        self._most_bytes = most_bytes
        self._opener = make_opener()

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer to a request for a path, which may have a query."""
        request = urllib.request.Request(  # noqa: S310  # settings.py has checked the scheme
            f"{self.host}{path}", body, dict(headers), method=method
        )

        def send() -> RawResponse:
            with self._opener.open(request, timeout=self._timeout) as response:
                content = response.read(self._most_bytes)
                return response.status, content, response.headers

        return ask(self.host, self._secret, send)


def is_key(text: str) -> bool:
    """Whether a text can be a key: keys have only visible characters of ASCII, and no others may
    get into a header.
    """
    return _KEY.fullmatch(text) is not None


def ask(host: str, secret: str, request: Callable[[], RawResponse]) -> Answer:
    """Return the answer to a request, without the secret. No error of the network leaves this
    function.

    What they hold, the request with its key and its readers, must not reach a log or a terminal.
    """
    try:
        status, body, headers = request()
    except URLError as error:  # urllib raises it for errors until the request is written, and for none after that
        return Answer(0, failure=f"{host}: {explain(error.reason)}", sent=False)
    except (OSError, HTTPException) as error:
        return Answer(0, failure=f"{host}: {explain(error)}")
    return Answer(status, body.replace(secret.encode(), "…".encode()), headers)


def make_opener() -> urllib.request.OpenerDirector:
    """Return an opener for HTTP and HTTPS, the latter through the system's proxy if there is one."""
    # Built by hand: build_opener would add handlers that follow redirects and raise errors holding
    # whole answers.
    director = urllib.request.OpenerDirector()
    proxies = {
        scheme: proxy
        for scheme, proxy in urllib.request.getproxies().items()
        if scheme == "https"
    }
    director.add_handler(urllib.request.ProxyHandler(proxies))
    director.add_handler(urllib.request.HTTPHandler())
    director.add_handler(
        urllib.request.HTTPSHandler(context=ssl.create_default_context())
    )
    return director


def explain(error: object) -> str:
    """Return what an error of the network means, in a few words."""
    for kind, words in _FAILURES:
        if isinstance(error, kind):
            return words.format(error=error)
    return "can't be reached; check the network"
