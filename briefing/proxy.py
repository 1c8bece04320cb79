"""What is said to a proxy before a site can be talked to through it: SOCKS 5 (RFC 1928), or CONNECT of HTTP (RFC 9110).

The host is named, not numbered, so that nobody looks it up here. Done by hand, since it is a few bytes, and since the
libraries for it keep the connection to themselves meanwhile, so that nobody can end it in time.
"""

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

MOST_BYTES = 16 * 1024
"""Of the header lines that a proxy answers CONNECT with."""

_REFUSALS = {
    1: "it failed to, without saying why",
    2: "its rules don't allow it",
    3: "it can't reach that network",
    4: "it can't find or reach the host",
    5: "the site takes no connection",
    6: "the site doesn't answer in time",
}


class ProxyError(Exception):
    """A proxy makes no connection; its text says why, as the end of a sentence that begins with the address."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy by its address, as the settings hold it: socks5h://127.0.0.1:9050 or http://127.0.0.1:8080."""

    address: str

    @property
    def place(self) -> tuple[str, int]:
        """Its own host and port."""
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or 0

    def forwards(self, scheme: str) -> bool:
        """Whether a request of this scheme is given to the proxy as it is, with the whole address in its first line."""
        return scheme == "http" and self.address.startswith("http:")

    def lead_to(self, host: str, port: int, sock: socket.socket) -> None:
        """Make a new connection with the proxy one with `host`. Raises ProxyError, OSError."""
        if self.address.startswith("socks5h:"):
            _socks(sock, host, port)
        else:
            _connect(sock, host, port)


def _socks(sock: socket.socket, host: str, port: int) -> None:
    sock.sendall(b"\x05\x01\x00")  # version 5, with one way to log in: none
    if _exactly(sock, 2) != b"\x05\x00":
        raise ProxyError("can't be reached: the proxy wants a password, or is no SOCKS 5 proxy")
    sock.sendall(b"\x05\x01\x00" + _named(host) + port.to_bytes(2, "big"))  # connect to …
    version, refusal, _, kind = _exactly(sock, 4)
    if version != 5:
        raise ProxyError("can't be reached: the proxy is no SOCKS 5 proxy")
    if refusal:
        raise ProxyError(f"can't be reached through the proxy: {_REFUSALS.get(refusal, 'it refuses')}")
    length = {1: 4, 4: 16}.get(kind) or _exactly(sock, 1)[0]
    _exactly(sock, length + 2)  # whence the proxy connects; Tor says 0.0.0.0


def _named(host: str) -> bytes:
    try:
        ip = ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > 255:
            raise ProxyError("can't be reached through the proxy: no host can have such a name") from None
        return b"\x03" + len(name).to_bytes(1, "big") + name
    return (b"\x01" if isinstance(ip, IPv4Address) else b"\x04") + ip.packed


def _connect(sock: socket.socket, host: str, port: int) -> None:
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sock.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode("ascii"))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += _exactly(sock, 1)  # what comes after the empty line is the site's
        if len(head) > MOST_BYTES:
            raise ProxyError("can't be reached: the proxy answers what isn't HTTP")
    status = re.match(rb"HTTP/1\.[01] (\d{3})\b", head)
    if not status:
        raise ProxyError("can't be reached: the proxy answers what isn't HTTP")
    if not status[1].startswith(b"2"):
        raise ProxyError(f"can't be reached: the proxy answers {status[1].decode()}")


def _exactly(sock: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        piece = sock.recv(length - len(data))
        if not piece:
            raise ProxyError("can't be reached: the proxy broke off")
        data += piece
    return data
