"""Request a page: one GET or HEAD of a public address, within a time limit. All requests to the web
are made here.

Strangers choose what a page links to, so each address is checked first, those of redirects as well
(`fetch_guard`). A host name is resolved once, and the connection goes to one of the addresses that
were checked: a second look-up could give a different answer (DNS rebinding). The site sees the editor's IP
address and four headers of a common browser, the same for every editor: no cookie, no referrer, no
product name. Proxies set in the environment aren't used. No HTTP library does all of this, so it is
written here, on top of urllib3's connections.

With a proxy from the settings, such as Tor, the site sees the proxy's address. No host name is
looked up on this computer, because anyone who watches its name server would learn about every site.
This means that the addresses the proxy connects to can't be checked. Private addresses, in any
notation, and names that exist only in private networks are still refused. Schemes, ports,
redirects and limits are checked as without a proxy, and TLS is end-to-end. The proxy sees hosts
and ports, and everything on unencrypted pages.
"""

import contextlib
import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url

from briefing.errors import FetchError

from .deadline import Deadline
from .fetch_guard import GUARD, Guard, host_of, port_of
from .proxy import Proxy, ProxyError

USER_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0"
"""That of Firefox ESR, as Tor Browser sends it on every system; 'make release-check' compares it."""
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
"""What Firefox accepts for an address that is opened by itself, be it a page or a picture."""
ACCEPT_LANGUAGE = "en-US,en;q=0.5"
"""The same for every editor, as in Tor Browser: a language would narrow down who asks."""
SECONDS_TO_CONNECT = 10.0
MOST_BYTES = 5 * 1024 * 1024
"""Limit on an answer, uncompressed."""
PIECE = 16 * 1024
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
BROKEN = (
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
"""What urllib3 and http.client raise if a site can't be reached, hangs up or doesn't speak HTTP."""


@dataclass(frozen=True, slots=True)
class Response:
    """A site's answer, with any status."""

    url: str
    """The address that answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Their names aren't case-sensitive."""
    body: bytes = field(repr=False)
    """Uncompressed; empty for HEAD."""


def fetch(
    url: str,
    *,
    guard: Guard = GUARD,
    method: str = "GET",
    etag: str = "",
    modified: str = "",
    without_tracking: Callable[[str], str] = str,
) -> Response:
    """Request a page. Raises FetchError if the request isn't allowed, or isn't answered completely
    and in time.

    `etag` and `modified` are the fields ETag and Last-Modified of an earlier answer: if nothing has
    changed since, the site answers 304 without a body (RFC 9110 13.1). They go only to the same
    host, and never through a proxy, because a site could give every visitor an ETag of their own
    and so recognise them. `without_tracking` takes from an address what identifies its reader; it is
    applied to redirects before they are followed.
    """
    deadline = Deadline(guard.seconds, guard.clock)
    first_host = guard.check_address(url).host
    asked = set()
    for _ in range(MOST_REDIRECTS + 1):
        asked.add(url)
        target = guard.check_address(url)
        headers = _headers(target)
        if target.host == first_host and not guard.proxy:
            headers |= _conditions(etag, modified)
        response = _Request(target, guard, deadline).send(method, headers)
        if not _is_redirect(response.status, response.headers):
            return response
        location = _redirect_target(target.url, response.headers["Location"])
        url = without_tracking(location)
        if url in asked:  # the site insists on its parameters
            url = location
    raise FetchError(url, f"redirects more than {MOST_REDIRECTS} times")


def _headers(url: Url) -> dict[str, str]:
    return {
        "Host": url.netloc or "",
        "User-Agent": USER_AGENT,
        "Accept": ACCEPT,
        "Accept-Language": ACCEPT_LANGUAGE,
        "Accept-Encoding": "gzip",
    }


def _conditions(etag: str, modified: str) -> dict[str, str]:
    conditions = {}
    if etag:
        conditions["If-None-Match"] = etag
    if modified:
        conditions["If-Modified-Since"] = modified
    return conditions


def _is_redirect(status: int, headers: Mapping[str, str]) -> bool:
    return status in REDIRECTS and "Location" in headers


def _redirect_target(url: str, location: str) -> str:
    """Return the address that a redirect leads to. Raises FetchError if it isn't encrypted and `url`
    was.
    """
    with contextlib.suppress(UnicodeError):
        # http.client reads header lines as Latin-1.
        location = location.encode("latin-1").decode("utf-8")
    try:
        target = urljoin(url, location)
    except ValueError as error:
        raise FetchError(
            url, "redirects to something that isn't a web address"
        ) from error
    if url.startswith("https:") and target.startswith("http:"):
        raise FetchError(
            url,
            "redirects from https to http, where others can read and change the page",
        )
    return target


class _Request:
    """One request, either to an address that was checked or through the proxy."""

    def __init__(self, url: Url, guard: Guard, deadline: Deadline) -> None:
        self._url = url
        self._guard = guard
        self._deadline = deadline

    def send(self, method: str, headers: Mapping[str, str]) -> Response:
        url = self._url.url
        path = self._url.request_uri
        if self._guard.proxy:
            proxy = Proxy(self._guard.proxy)
            connection = self._connect_through(proxy)
            if proxy.forwards(self._url.scheme or ""):
                path = f"{self._url.scheme}://{self._url.netloc}{path}"
        else:
            connection = self._connect()
        with self._deadline.closing(connection):
            try:
                connection.timeout = self._remaining()
                connection.request(
                    method, path, headers=headers, preload_content=False
                )
                with contextlib.closing(connection.getresponse()) as answer:
                    no_body = method == "HEAD" or _is_redirect(
                        answer.status, answer.headers
                    )
                    body = b"" if no_body else self._body(answer)
            except BROKEN as error:
                raise self._failure(error) from error
        # If the deadline cut the connection off, the body may only seem to have ended.
        self._remaining()
        return Response(url, answer.status, answer.headers, body)

    def _remaining(self) -> float:
        return self._deadline.remaining(self._url.url)

    def _failure(self, error: Exception) -> FetchError:
        """Return the error for editors. Raises FetchError itself if the time is up."""
        self._remaining()
        return FetchError(self._url.url, _reason(error))

    def _body(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """Read and decompress a body in pieces, so that a huge one can't fill the memory."""
        compression = (
            answer.headers.get("Content-Encoding", "identity").strip().lower()
        )
        if compression not in {"identity", "gzip", "x-gzip", ""}:
            raise FetchError(
                self._url.url,
                "sends its data in a compression that wasn't requested",
            )
        body = bytearray()
        while piece := answer.read(PIECE, decode_content=True):
            body += piece
            if len(body) > MOST_BYTES:
                raise FetchError(
                    self._url.url,
                    f"is larger than {MOST_BYTES // 1024 // 1024} MB",
                )
        return bytes(body)

    def _connect(self) -> HTTPConnection:
        """Connect to the first of the site's addresses that accepts a connection."""
        failure: Exception | None = None
        for address in self._guard.public_addresses(self._url):
            connection = self._connection(address)
            try:
                connection.connect()
            except BROKEN as error:
                connection.close()
                failure = error
            else:
                return connection
        assert failure, "a site has at least one address"
        raise self._failure(failure) from failure

    def _connection(self, address: str) -> HTTPConnection:
        timeout = min(SECONDS_TO_CONNECT, self._remaining())
        if self._url.scheme == "http":
            return HTTPConnection(address, port_of(self._url), timeout=timeout)
        return HTTPSConnection(
            address,
            port_of(self._url),
            timeout=timeout,
            ssl_context=ssl.create_default_context(),
            server_hostname=host_of(self._url),
        )

    def _connect_through(self, proxy: Proxy) -> HTTPConnection:
        """Connect to the site through the proxy.

        The proxy itself must accept the connection within SECONDS_TO_CONNECT. What follows may take
        until the deadline, because Tor needs time to build a circuit.
        """
        self._guard.check_name(self._url)
        try:
            sock = socket.create_connection(
                proxy.host_and_port,
                min(SECONDS_TO_CONNECT, self._remaining()),
            )
        except OSError as error:
            self._remaining()
            message = (
                f"can't be requested: there is no proxy at {proxy.address}; start it, or correct 'proxy' under "
                "[collect] in briefing.toml"
            )
            raise FetchError(self._url.url, message) from error
        try:
            with self._deadline.cutting_off(sock):
                sock = self._through(proxy, sock)
        except ProxyError as error:
            sock.close()
            self._remaining()
            raise FetchError(self._url.url, str(error)) from error
        except BROKEN as error:
            sock.close()
            raise self._failure(error) from error
        connection = HTTPConnection(host_of(self._url), port_of(self._url))
        connection.sock = sock
        return connection

    def _through(self, proxy: Proxy, sock: socket.socket) -> socket.socket:
        scheme = self._url.scheme or ""
        sock.settimeout(self._remaining())
        if not proxy.forwards(scheme):
            proxy.connect(host_of(self._url), port_of(self._url), sock)
        if scheme == "https":
            sock.settimeout(self._remaining())
            return ssl.create_default_context().wrap_socket(
                sock, server_hostname=host_of(self._url)
            )
        return sock


def _reason(error: Exception) -> str:
    """Say what went wrong, as the end of a sentence that begins with the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"has no valid certificate ({error.verify_message}), so it may be another site"
    if isinstance(error, ssl.SSLError):
        return "can't be reached over an encrypted connection (TLS failed)"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "refuses the connection"
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return "doesn't answer in time"
    return "closed the connection, or its answer isn't HTTP"
