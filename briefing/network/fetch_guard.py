"""What may be requested from the web: public addresses, on the ports of public sites.

With a proxy, this computer looks up no host name, so only the name itself is checked.
"""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

import urllib3
from urllib3.util import Url, parse_url

from briefing.errors import FetchError

from .deadline import Clock
from .public_hosts import is_private_host, is_public

SECONDS = 30.0
"""Time limit for a request, including redirects and an answer that arrives byte by byte."""
PORTS = {"http": {80, 8080}, "https": {443, 8443}}
NO_SUCH_HOST = {
    socket.EAI_NONAME,
    getattr(socket, "EAI_NODATA", socket.EAI_NONAME),
}

_PRIVATE = "is in a private network or on this computer, not on the web"
_NO_SITE = "no website has this address"


def resolve(host: str, port: int) -> list[str]:
    """Look up the addresses of a host. Raises socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be requested, and how long it may take."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    loopback_port: int | None = None
    """A port of this computer that requests may go to. Only tests set it, for their own server."""
    seconds: float = SECONDS
    proxy: str = ""
    """The proxy for all requests: socks5h://host:port or http://host:port, or empty for none."""
    clock: Clock = field(default_factory=Clock)

    def check_address(self, address: str) -> Url:
        """Parse a web address. Raises FetchError if it must not be requested."""
        try:
            url = parse_url(address)
        except urllib3.exceptions.LocationParseError as error:
            raise FetchError(address, "isn't a web address") from error
        if url.scheme not in PORTS or not url.host:
            raise FetchError(
                address,
                "isn't a complete web address; it must begin with https://",
            )
        if url.auth:
            raise FetchError(
                address, "contains a user name; remove what is before the @"
            )
        port = port_of(url)
        if port not in PORTS[url.scheme] and port != self.loopback_port:
            raise FetchError(
                address, f"has port {port}, which public sites don't use"
            )
        return url

    def public_addresses(self, url: Url) -> list[str]:
        """Resolve a host name, once. Raises FetchError if it doesn't exist, or if any of its
        addresses isn't public.
        """
        found = self._look_up(url)
        for address in found:
            if not is_public(address) and not self._is_test_server(
                address, port_of(url)
            ):
                raise FetchError(url.url, _PRIVATE)
        return found

    def _look_up(self, url: Url) -> list[str]:
        try:
            found = self.resolve(host_of(url), port_of(url))
        except socket.gaierror as error:
            if error.errno in NO_SUCH_HOST:
                raise FetchError(
                    url.url,
                    _NO_SITE,
                    no_host=True,
                ) from error
            raise FetchError(
                url.url,
                "its address can't be looked up; check that this computer is online",
            ) from error
        except (OSError, UnicodeError) as error:
            raise FetchError(
                url.url,
                "isn't the address of a website",
                no_host=True,
            ) from error
        if not found:
            raise FetchError(url.url, _NO_SITE, no_host=True)
        return list(found)

    def check_name(self, url: Url) -> None:
        """Check a host that the proxy will look up. Raises FetchError if its name alone shows that
        it is private.
        """
        host = host_of(url).rstrip(".").lower()
        if is_private_host(host) and not self._is_test_server(
            host, port_of(url)
        ):
            raise FetchError(url.url, _PRIVATE)

    def _is_test_server(self, address: str, port: int) -> bool:
        if port != self.loopback_port:
            return False
        try:
            return ip_address(address).is_loopback
        except ValueError:  # a name
            return False


GUARD = Guard()


def host_of(url: Url) -> str:
    """Return the host in an address, of an IPv6 address without its brackets."""
    return (url.host or "").strip("[]")


def port_of(url: Url) -> int:
    """Return the port in an address, or else the default port of its scheme."""
    return url.port or (443 if url.scheme == "https" else 80)
