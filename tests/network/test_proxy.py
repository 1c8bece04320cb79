"""Fetching through a proxy: what it and the site learn, and that every limit and check still holds."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from briefing.errors import FetchError
from briefing.network.deadline import Clock
from briefing.network.fetch import Response, fetch
from briefing.network.fetch_guard import Guard
from briefing.network.proxy import Proxy
from tests import tls
from tests.clock import FakeClock
from tests.listening import listening
from tests.network.test_fetch import (
    SECONDS,
    Site,
    certificate,
    drip,
    page,
    redirect,
    says,
    site,
)

__all__ = ["certificate"]

Handle = Callable[[socket.socket, list[bytes]], bool]
"""Handles a new connection and records the requests; returns whether to pass on everything that
follows.
"""


@dataclass
class Relay:
    """A proxy on this computer that connects to the same site, whatever is asked for."""

    place: str
    requests: list[bytes] = field(default_factory=list)
    """The requests that it got itself, before it passed anything on."""


@contextmanager
def relay(handle: Handle, to: Site) -> Iterator[Relay]:
    def serve(near: socket.socket) -> None:
        if handle(near, here.requests):
            with socket.create_connection(("127.0.0.1", to.port), 10) as far:
                back = threading.Thread(
                    target=_pass_on, args=(far, near), daemon=True
                )
                back.start()
                _pass_on(near, far)
                back.join(SECONDS)

    with listening(serve) as port:
        here = Relay(f"127.0.0.1:{port}")
        yield here


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    # Also after a connection that was reset, or the other end would wait for the rest.
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def socks(
    near: socket.socket,
    requests: list[bytes],
    refusal: int = 0,
    bound: bytes = b"\1\0\0\0\0\0\0",
) -> bool:
    """A SOCKS 5 proxy."""
    assert near.recv(3) == b"\5\1\0"
    near.sendall(b"\5\0")
    requests.append(near.recv(1024))
    near.sendall(bytes([5, refusal, 0]) + bound)
    return not refusal


def connect(
    near: socket.socket,
    requests: list[bytes],
    answer: bytes = b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n",
) -> bool:
    """An HTTP proxy that accepts CONNECT."""
    requests.append(near.recv(65536))
    near.sendall(answer)
    return answer[9:10] == b"2"


def forward(_near: socket.socket, _told: list[bytes]) -> bool:
    """An HTTP proxy that passes requests on."""
    return True


def unasked(host: str, _port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up here")


def through(
    scheme: str,
    proxy: Relay,
    here: Site,
    url: str,
    *,
    clock: Clock | None = None,
) -> Response:
    guard = Guard(
        unasked,
        here.port,
        SECONDS,
        f"{scheme}://{proxy.place}",
        clock or Clock(),
    )
    return fetch(url.replace("PORT", str(here.port)), guard=guard)


class TestSocks:
    def test_the_proxy_gets_the_name_and_nothing_is_looked_up_here(
        self,
    ) -> None:
        with site(page()) as here, relay(socks, here) as proxy:
            assert (
                through(
                    "socks5h", proxy, here, "http://Site.invalid:PORT/a?b#c"
                ).body
                == b"<p>Hello"
            )
        assert proxy.requests == [
            b"\5\1\0\3\x0csite.invalid" + here.port.to_bytes(2, "big")
        ]
        assert here.requests[0].startswith(
            b"GET /a?b HTTP/1.1\r\nHost: site.invalid:"
        )

    def test_an_ip_address_is_sent_as_one(self) -> None:
        with site(page()) as here:
            for bound, place, requests in (
                (b"\1\0\0\0\0\0\0", "127.0.0.1", b"\1\x7f\0\0\1"),
                (b"\3\1x\0\0", "[::1]", b"\4" + bytes(15) + b"\1"),
                (b"\4" + bytes(18), "127.0.0.1", b"\1\x7f\0\0\1"),
            ):
                answer = partial(socks, refusal=0, bound=bound)
                with relay(answer, here) as proxy:
                    assert (
                        through(
                            "socks5h", proxy, here, f"http://{place}:PORT/"
                        ).status
                        == 200
                    )
                assert proxy.requests == [
                    b"\5\1\0" + requests + here.port.to_bytes(2, "big")
                ]

    def test_tls_is_between_here_and_the_site(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with (
            site(page(), tls=tls.server_context(certificate)) as here,
            relay(socks, here) as proxy,
        ):
            assert (
                through(
                    "socks5h", proxy, here, "https://site.invalid:PORT/"
                ).body
                == b"<p>Hello"
            )
            with pytest.raises(FetchError, match="has no valid certificate"):
                through("socks5h", proxy, here, "https://other.invalid:PORT/")

    @pytest.mark.parametrize(
        ("refusal", "words"),
        [
            (1, "without giving a reason"),
            (2, "rules"),
            (4, "can't find or reach"),
            (5, "refuses the connection"),
            (6, "in time"),
            (99, "it refuses"),
        ],
    )
    def test_a_refusal_is_reported_in_one_line(
        self, refusal: int, words: str
    ) -> None:
        with (
            site(page()) as here,
            relay(
                lambda near, requests: socks(near, requests, refusal), here
            ) as proxy,
            pytest.raises(
                FetchError,
                match=f"can't be reached through the proxy: .*{words}",
            ) as raised,
        ):
            through("socks5h", proxy, here, "http://site.invalid:PORT/")
        assert not raised.value.no_host

    @pytest.mark.parametrize(
        "answer", [b"\5\2", b"\4\0", b"HT", b"", b"\5\0\4\0\0\1"]
    )
    def test_a_server_that_is_not_a_socks_proxy_is_reported_in_one_line(
        self, answer: bytes
    ) -> None:
        def handle(near: socket.socket, _told: list[bytes]) -> bool:
            near.recv(3)
            near.sendall(answer)
            return False

        with (
            site(page()) as here,
            relay(handle, here) as proxy,
            pytest.raises(FetchError, match="can't be reached: the"),
        ):
            through("socks5h", proxy, here, "http://site.invalid:PORT/")


class TestHttp:
    def test_with_tls_the_proxy_learns_only_the_host(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with (
            site(page(), tls=tls.server_context(certificate)) as here,
            relay(connect, here) as proxy,
        ):
            assert (
                through(
                    "http", proxy, here, "https://site.invalid:PORT/secret"
                ).body
                == b"<p>Hello"
            )
        place = f"site.invalid:{here.port}"
        assert proxy.requests == [
            f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode()
        ]

    def test_without_tls_the_proxy_gets_the_request(self) -> None:
        """Most proxies don't allow CONNECT to port 80."""
        with site(page()) as here, relay(forward, here) as proxy:
            assert (
                through(
                    "http", proxy, here, "http://site.invalid:PORT/a?b#c"
                ).body
                == b"<p>Hello"
            )
        start = f"GET http://site.invalid:{here.port}/a?b HTTP/1.1\r\nHost: site.invalid:{here.port}\r\n"
        assert here.requests[0].startswith(start.encode())

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (
                b"HTTP/1.1 407 Log in\r\n\r\n",
                r"the proxy returned an error \(407\)",
            ),
            (
                b"HTTP/1.1 502 Oh\r\nX: y\r\n\r\n",
                r"the proxy returned an error \(502\)",
            ),
            (b"SSH-2.0\r\n\r\n", "answer isn't HTTP"),
            (b"x" * 20_000, "answer isn't HTTP"),
            (b"HTTP/1.1 2", "closed the connection"),
        ],
    )
    def test_a_refusal_is_reported_in_one_line(
        self, answer: bytes, words: str
    ) -> None:
        def handle(near: socket.socket, requests: list[bytes]) -> bool:
            connect(near, requests, answer)
            return False

        with (
            site(page()) as here,
            relay(handle, here) as proxy,
            pytest.raises(FetchError, match=words),
        ):
            through("http", proxy, here, "https://site.invalid:PORT/")


class TestWhatHoldsWithAndWithoutAProxy:
    @pytest.mark.parametrize(
        "host",
        [
            *(
                "127.0.0.1",
                "10.0.0.1",
                "169.254.169.254",
                "[::1]",
                "[fe80::1%25eth0]",
                "[::ffff:127.0.0.1]",
                "127.1",
            ),
            *(
                "0x7f.1",
                "0X7F000001",
                "2130706433",
                "0177.0.0.1",
                "127.0.0.1.",
                "1.2.3.4.5",
                "localhost",
                "LocalHost.",
            ),
            *(
                "a.localhost",
                "printer",
                "printer.local",
                "nas.lan",
                "wiki.intranet",
                "metadata.google.internal",
            ),
            *("router.home.arpa", "①②⑦.0.0.1", "１２７.0.0.1"),
        ],
    )
    def test_a_private_address_or_name_is_refused_before_the_proxy_is_asked(
        self, host: str
    ) -> None:
        with (
            site(page()) as here,
            relay(socks, here) as proxy,
            pytest.raises(FetchError),
        ):
            through("socks5h", proxy, here, f"http://{host}/")
        assert not proxy.requests

    @pytest.mark.parametrize(
        "url",
        [
            "http://site.invalid:22/",
            "ftp://site.invalid/",
            "http://u:p@site.invalid/",
        ],
    )
    def test_an_address_outside_the_public_internet_is_refused(
        self, url: str
    ) -> None:
        with (
            site(page()) as here,
            relay(socks, here) as proxy,
            pytest.raises(FetchError),
        ):
            through("socks5h", proxy, here, url)
        assert not proxy.requests

    @pytest.mark.parametrize(
        "location",
        [
            "http://192.168.1.1/",
            "http://127.0.0.1/",
            "file:///etc/passwd",
            "http://nas/",
        ],
    )
    def test_each_redirect_is_checked_like_the_first_address(
        self, location: str
    ) -> None:
        with (
            site(says(redirect(location))) as here,
            relay(socks, here) as proxy,
            pytest.raises(FetchError),
        ):
            through("socks5h", proxy, here, "http://site.invalid:PORT/")
        assert len(proxy.requests) == 1

    def test_an_onion_address_is_accepted(self) -> None:
        with site(page()) as here, relay(socks, here) as proxy:
            assert (
                through(
                    "socks5h", proxy, here, f"http://{'a' * 56}.onion:PORT/"
                ).status
                == 200
            )

    def test_a_site_gets_nothing_by_which_it_could_recognise_a_visitor(
        self,
    ) -> None:
        """Two visits through Tor mustn't be recognised as the same person's."""
        with site(page()) as here, relay(socks, here) as proxy:
            guard = Guard(unasked, here.port, 10, f"socks5h://{proxy.place}")
            fetch(
                f"http://site.invalid:{here.port}/",
                guard=guard,
                etag="canary",
                modified="canary",
            )
        assert b"canary" not in here.requests[0]

    @pytest.mark.parametrize(
        ("scheme", "start"),
        [("socks5h", b"\5\0\5\0\0\3\xff"), ("http", b"HTTP/1.1 200 OK\r\nX: ")],
    )
    def test_a_proxy_that_drips_is_cut_off_in_time(
        self, scheme: str, start: bytes
    ) -> None:
        clock = FakeClock()

        def handle(near: socket.socket, _received: list[bytes]) -> bool:
            near.recv(3)
            for piece in drip(clock, start):
                near.sendall(piece)
            return False

        with (
            site(page()) as here,
            relay(handle, here) as proxy,
            pytest.raises(FetchError, match="took longer than"),
        ):
            through(
                scheme, proxy, here, "https://site.invalid:PORT/", clock=clock
            )

    def test_a_body_that_drips_through_a_proxy_is_cut_off_in_time(self) -> None:
        clock = FakeClock()
        start = b"HTTP/1.1 200 OK\r\n\r\n"
        with (
            site(lambda _: drip(clock, start)) as here,
            relay(socks, here) as proxy,
            pytest.raises(FetchError, match="took longer than"),
        ):
            through(
                "socks5h", proxy, here, "http://site.invalid:PORT/", clock=clock
            )

    def test_without_a_proxy_at_its_address_nothing_is_fetched(self) -> None:
        with site(page()) as here:
            with relay(socks, here) as proxy:
                pass
            with pytest.raises(
                FetchError, match="there is no proxy at socks5h://127"
            ):
                through("socks5h", proxy, here, "http://site.invalid:PORT/")
        assert not here.requests

    def test_a_proxy_has_a_host_and_a_port(self) -> None:
        assert Proxy("socks5h://[::1]:9050").host_and_port == ("::1", 9050)
