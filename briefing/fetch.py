"""The only place that asks the web for something: one GET or HEAD, of a public address, with an end to everything.

What a page links to is chosen by strangers, so a name is resolved once, every address that it has is looked at, and
the connection goes to one of these very addresses: a second look-up could answer otherwise (DNS rebinding). Each
redirect is a new address and is treated as one. The site sees the editor's IP address and nothing else: no cookie,
no referrer, no name of ours. Proxies set in the environment are not used.

With a proxy of the settings (Tor, say) the site sees that one's address, and nothing is looked up here: whoever watches
this computer's name server would learn each site. So nobody here can see which address the proxy connects to. What can
be told without looking it up is refused all the same (private addresses as numbers, however they are written, and names
that only networks of one's own have), and everything else holds as without: schemes, ports, each redirect again, all
limits, TLS from here to the site. The proxy sees hosts and ports, and of pages without encryption all of it.
"""

import contextlib
import http.client
import os
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeVar
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import Url, parse_url

from briefing.errors import FetchError
from briefing.proxy import Proxy, ProxyError

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")

USER_AGENT = "Mozilla/5.0 (compatible; newsletter-editor)"
SECONDS = 30.0
"""For all of it: redirects, and an answer that comes a byte at a time."""
SECONDS_TO_CONNECT = 10.0
MOST_BYTES = 5 * 1024 * 1024
"""Of an answer once unpacked."""
MOST_REDIRECTS = 5
PORTS = {"http": {80, 8080}, "https": {443, 8443}}

# IPv4 addresses that aren't the public internet's (IANA's special-purpose registry, RFC 6890). Written out, since
# ipaddress.is_global takes some of them for public ones up to Python 3.11.
_NOT_PUBLIC = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # behind a carrier's NAT
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local: the data of cloud machines about themselves
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
        ),
    )
)
# Of IPv6 only this is public, with exceptions. Outside of it lie loopback, link-local, private and multicast addresses,
# and IPv4 ones in disguise: mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: an IPv4 address in disguise
            "3fff::/20",  # documentation
        ),
    )
)
# Names that only the network here knows, or this computer: without a dot, below a reserved domain, or a number in one
# of the ways that resolvers read (127.1, 0x7f000001) and ipaddress doesn't.
_PRIVATE_NAME = re.compile(
    r"[^.]*|(.*\.)?(localhost|local|localdomain|internal|intranet|private|lan|home|corp|home\.arpa|\d+|0x[0-9a-f]*)"
)
_PRIVATE = "is in a private network or on this computer, not on the web"


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, as this computer finds them. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be asked for, and how long it may take."""

    resolve: Callable[[str, int], Sequence[str]] = resolved
    loopback_port: int | None = None
    """A port of this computer that may be asked, for a test's own server; never set otherwise."""
    seconds: float = SECONDS
    proxy: str = ""
    """Through what everything goes: socks5h://host:port or http://host:port; directly where it is empty."""

    def checked(self, address: str) -> Url:
        """A web address in its parts. Raises FetchError for one that must not be asked for."""
        try:
            url = parse_url(address)
        except urllib3.exceptions.LocationParseError as error:
            raise FetchError(address, "is no web address") from error
        if url.scheme not in PORTS or not url.host:
            raise FetchError(address, "is no whole web address; it begins with https://")
        if url.auth:
            raise FetchError(address, "holds a user name; take out what stands before the @")
        if port_of(url) not in {*PORTS[url.scheme], self.loopback_port}:
            raise FetchError(address, f"names port {port_of(url)}, where no public site is")
        return url

    def addresses(self, url: Url) -> list[str]:
        """The addresses of the site, resolved once, all of them public. Raises FetchError."""
        try:
            found = self.resolve(_host(url), port_of(url))
        except socket.gaierror as error:
            if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
                raise FetchError(url.url, "there is no such host", no_host=True) from error
            raise FetchError(url.url, "the host can't be looked up now; is this computer online?") from error
        except (OSError, UnicodeError) as error:
            raise FetchError(url.url, "no host can have such a name", no_host=True) from error
        if not found:
            raise FetchError(url.url, "there is no such host", no_host=True)
        if not all(public(one) or self._admits(one, port_of(url)) for one in found):
            raise FetchError(url.url, _PRIVATE)
        return list(found)

    def check_name(self, url: Url) -> None:
        """Where the proxy looks names up: raises FetchError for a site that can be told to be private without it."""
        host = _host(url).rstrip(".").lower()
        try:
            private = not public(host) and not self._admits(host, port_of(url))
        except ValueError:
            private = bool(_PRIVATE_NAME.fullmatch(host))
        if private:
            raise FetchError(url.url, _PRIVATE)

    def _admits(self, address: str, port: int) -> bool:
        return port == self.loopback_port and ip_address(address).is_loopback


GUARD = Guard()


@dataclass(frozen=True, slots=True)
class Response:
    """What a site answered, whatever its status."""

    url: str
    """The address that answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Their names are found in any case."""
    body: bytes = field(repr=False)
    """Unpacked; empty for HEAD."""


def fetch(url: str, *, guard: Guard = GUARD, method: str = "GET", etag: str = "", modified: str = "") -> Response:
    """Ask for a page. Raises FetchError where there is no answer, none that ends, or where nothing must be asked.

    `etag` and `modified` are the header fields ETag and Last-Modified of an earlier answer; if nothing changed since,
    the site answers 304 and no body (RFC 9110 13.1). A site could give each reader an ETag of its own and know them
    again, so they go only to the host that was asked, and nowhere through a proxy.
    """
    deadline = _Deadline(guard.seconds)
    asked = guard.checked(url).host
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    for _ in range(MOST_REDIRECTS + 1):
        target = guard.checked(url)
        headers = _headers(target)
        if target.host == asked and not guard.proxy:
            headers |= {name: value for name, value in conditions.items() if value}
        response = _exchange(target, guard, method, headers, deadline)
        if not _redirects(response.status, response.headers):
            return response
        url = _followed(target.url, response.headers["Location"])
    raise FetchError(url, f"is reached by more than {MOST_REDIRECTS} redirects")


def side_by_side(
    ask: Callable[[Thing], Answer], things: Sequence[Thing], at_once: int, progress: Callable[[int, int], None]
) -> list[Answer]:
    """What `ask` answers for each of the things, in their order; `progress` is told how many are done, of how many.

    When the person stops it, nothing more is begun.
    """
    with ThreadPoolExecutor(at_once) as pool:
        try:
            tasks = [pool.submit(ask, thing) for thing in things]
            for done, task in enumerate(as_completed(tasks), start=1):
                task.result()  # raises at once what it raised
                progress(done, len(tasks))
            return [task.result() for task in tasks]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return ip in _GLOBAL_UNICAST and not any(ip in network for network in _NOT_PUBLIC_6)
    return not any(ip in network for network in _NOT_PUBLIC)


def port_of(url: Url) -> int:
    """The port that an address names, or that its scheme has."""
    return url.port or (443 if url.scheme == "https" else 80)


class _Deadline:
    """When everything must have ended."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self, url: str) -> float:
        """Seconds, more than none. Raises FetchError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise FetchError(url, f"took longer than {self._seconds:.0f} seconds to answer")
        return left

    @contextmanager
    def on(self, connection: HTTPConnection) -> Iterator[None]:
        """Close a connection after use, and cut it off at the end: its own timeout begins anew with each byte."""
        sock: socket.socket = connection.sock
        try:
            with self.cutting(sock):
                yield
        finally:
            connection.close()
            # It may have passed the socket on to an answer, which urllib3 forgets if its header lines can't be.
            with contextlib.suppress(OSError):
                os.close(sock.detach())

    @contextmanager
    def cutting(self, sock: socket.socket) -> Iterator[None]:
        timer = threading.Timer(max(0, self._end - time.monotonic()), _shut_down, (sock,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _shut_down(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not SSLSocket's, which changes what a reader is using


def _exchange(url: Url, guard: Guard, method: str, headers: Mapping[str, str], deadline: _Deadline) -> Response:
    """One request and its answer, from one of the addresses that were looked at, or through the proxy."""
    path = url.request_uri
    if guard.proxy:
        guard.check_name(url)
        proxy = Proxy(guard.proxy)
        connection = _connected_through(proxy, url, deadline)
        if proxy.forwards(url.scheme or ""):
            path = f"{url.scheme}://{url.netloc}{path}"
    else:
        connection = _connected(url, guard.addresses(url), deadline)
    with deadline.on(connection):
        try:
            connection.timeout = deadline.remaining(url.url)
            connection.request(method, path, headers=headers, preload_content=False)
            with closing(connection.getresponse()) as answer:
                body = b"" if method == "HEAD" or _redirects(answer.status, answer.headers) else _body(url, answer)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            deadline.remaining(url.url)
            raise FetchError(url.url, _reason(error)) from error
    deadline.remaining(url.url)  # a connection that was cut off can look like a body that ended
    return Response(url.url, answer.status, answer.headers, body)


def _connected(url: Url, addresses: Sequence[str], deadline: _Deadline) -> HTTPConnection:
    """A connection to the first of the addresses that takes one."""
    failure: Exception | None = None
    for address in addresses:
        connection = _connection(url, address, min(SECONDS_TO_CONNECT, deadline.remaining(url.url)))
        try:
            connection.connect()
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            connection.close()
            failure = error
        else:
            return connection
    deadline.remaining(url.url)
    assert failure
    raise FetchError(url.url, _reason(failure)) from failure


def _connection(url: Url, address: str, timeout: float) -> HTTPConnection:
    if url.scheme == "http":
        return HTTPConnection(address, port_of(url), timeout=timeout)
    context = ssl.create_default_context()
    return HTTPSConnection(address, port_of(url), timeout=timeout, ssl_context=context, server_hostname=_host(url))


def _connected_through(proxy: Proxy, url: Url, deadline: _Deadline) -> HTTPConnection:
    """A connection with the site that begins with one to the proxy. The latter has the usual time to be there; as Tor
    takes a while to find its way, what follows has all that is left."""
    try:
        sock = socket.create_connection(proxy.place, min(SECONDS_TO_CONNECT, deadline.remaining(url.url)))
    except OSError as error:
        deadline.remaining(url.url)
        message = f"can't be asked for: there is no proxy at {proxy.address}; start it, or mend [collect] proxy"
        raise FetchError(url.url, message) from error
    try:
        with deadline.cutting(sock):
            sock.settimeout(deadline.remaining(url.url))
            if not proxy.forwards(url.scheme or ""):
                proxy.lead_to(_host(url), port_of(url), sock)
            if url.scheme == "https":
                sock.settimeout(deadline.remaining(url.url))
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=_host(url))
    except (ProxyError, OSError, ValueError) as error:
        sock.close()
        deadline.remaining(url.url)
        raise FetchError(url.url, str(error) if isinstance(error, ProxyError) else _reason(error)) from error
    connection = HTTPConnection(_host(url), port_of(url))
    connection.sock = sock
    return connection


def _headers(url: Url) -> dict[str, str]:
    return {
        "Host": url.netloc or "",
        "User-Agent": USER_AGENT,
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Encoding": "gzip",
    }


def _body(url: Url, answer: urllib3.BaseHTTPResponse) -> bytes:
    """The whole answer, unpacked piece by piece, so that one that grows is noticed before it fills the memory."""
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchError(url.url, "answers in a compression that it wasn't asked for")
    body = bytearray()
    while piece := answer.read(16 * 1024, decode_content=True):
        body += piece
        if len(body) > MOST_BYTES:
            raise FetchError(url.url, f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    return bytes(body)


def _redirects(status: int, headers: Mapping[str, str]) -> bool:
    return status in {301, 302, 303, 307, 308} and "Location" in headers


def _followed(url: str, location: str) -> str:
    """Where a redirect leads. Raises FetchError where it gives up encryption."""
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")  # bytes of a header line are no text yet
    try:
        following = urljoin(url, location)
    except ValueError as error:
        raise FetchError(url, "leads on to what is no web address") from error
    if url.startswith("https:") and following.startswith("http:"):
        raise FetchError(url, "leads on from https to http, where anybody can read along and change the page")
    return following


def _host(url: Url) -> str:
    return (url.host or "").strip("[]")


def _reason(error: Exception) -> str:
    """What went wrong, as the end of a sentence that begins with the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"can't prove that it is this site ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return "can't be talked to in private: TLS fails"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "takes no connection"
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return "doesn't answer in time"
    return "broke off, or answers what isn't HTTP"
