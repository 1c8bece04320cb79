"""Connect to a site through a proxy: the handshake of SOCKS 5 (RFC 1928) or CONNECT (RFC 9110
9.3.6).

The proxy gets the host's name, not its address, so that no name server near the editor learns it.
This is written by hand because it is only a few bytes, and because libraries hide the socket until
the handshake is done, so that no deadline could interrupt it.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

MOST_BYTES = 16 * 1024
"""Limit on a proxy's answer to CONNECT, which consists of header lines only."""

# SOCKS 5 (RFC 1928): bytes of requests and answers.
VERSION = 5
IPV4 = 1
NAME = 3
IPV6 = 4
GREETING = b"\x05\x01\x00"  # version 5, and one way to log in: none
CONNECT_REQUEST = b"\x05\x01\x00"  # version 5, connect, reserved
ADDRESS_LENGTHS = {IPV4: 4, IPV6: 16}
PORT_LENGTH = 2
LONGEST_NAME = 255

_REFUSALS = {
    1: "it failed without giving a reason",
    2: "its rules don't allow it",
    3: "it can't reach that network",
    4: "it can't find or reach the host",
    5: "the site refuses the connection",
    6: "the site doesn't answer in time",
}
NOT_HTTP = "can't be reached: the proxy's answer isn't HTTP"


class ProxyError(Exception):
    """A proxy refuses to connect. The text says why, as the end of a sentence that begins with the
    address.
    """


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy by its address in the settings: socks5h://127.0.0.1:9050 or http://127.0.0.1:8080."""

    address: str

    @property
    def host_and_port(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return parts.hostname or "", parts.port or 0

    def forwards(self, scheme: str) -> bool:
        """Whether the proxy forwards requests of this scheme, which then need the complete address
        in their first line, instead of opening a connection.
        """
        return scheme == "http" and self.address.startswith("http:")

    def connect(self, host: str, port: int, sock: socket.socket) -> None:
        """Turn a new connection to the proxy into one to `host`. Raises ProxyError or OSError."""
        if self.address.startswith("socks5h:"):
            _socks(sock, host, port)
        else:
            _http_connect(sock, host, port)


def _socks(sock: socket.socket, host: str, port: int) -> None:
    sock.sendall(GREETING)
    if _receive(sock, 2) != b"\x05\x00":
        raise ProxyError(
            "can't be reached: the proxy requires a password, or isn't a SOCKS 5 proxy"
        )
    sock.sendall(
        CONNECT_REQUEST
        + _encoded_host(host)
        + port.to_bytes(PORT_LENGTH, "big")
    )
    version, refusal, _, kind = _receive(sock, 4)
    if version != VERSION:
        raise ProxyError("can't be reached: the proxy isn't a SOCKS 5 proxy")
    if refusal:
        raise ProxyError(
            f"can't be reached through the proxy: {_REFUSALS.get(refusal, 'it refuses')}"
        )
    # The address that the proxy connects from follows. It isn't needed; Tor sends 0.0.0.0.
    length = ADDRESS_LENGTHS.get(kind) or _receive(sock, 1)[0]
    _receive(sock, length + PORT_LENGTH)


def _encoded_host(host: str) -> bytes:
    try:
        ip = ip_address(host)
    except ValueError:
        return _encoded_name(host)
    kind = IPV4 if isinstance(ip, IPv4Address) else IPV6
    return bytes([kind]) + ip.packed


def _encoded_name(host: str) -> bytes:
    name = host.encode("ascii")
    if len(name) > LONGEST_NAME:
        raise ProxyError(
            "can't be reached through the proxy: the host name is too long"
        )
    return bytes([NAME, len(name)]) + name


def _http_connect(sock: socket.socket, host: str, port: int) -> None:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    sock.sendall(
        f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode("ascii")
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        # Byte by byte: what follows the empty line is already from the site.
        head += _receive(sock, 1)
        if len(head) > MOST_BYTES:
            raise ProxyError(NOT_HTTP)
    version, _, rest = head.partition(b" ")
    status = rest[:3]
    if version not in {b"HTTP/1.0", b"HTTP/1.1"} or not status.isdigit():
        raise ProxyError(NOT_HTTP)
    if not status.startswith(b"2"):
        raise ProxyError(
            f"can't be reached: the proxy returned an error ({status.decode()})"
        )


def _receive(sock: socket.socket, length: int) -> bytes:
    """Receive exactly `length` bytes."""
    data = b""
    while len(data) < length:
        piece = sock.recv(length - len(data))
        if not piece:
            raise ProxyError(
                "can't be reached: the proxy closed the connection"
            )
        data += piece
    return data
