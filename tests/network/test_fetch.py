"""Fetching from servers on this computer that behave like hostile or broken sites. Nothing leaves
the computer.
"""

import gzip
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from briefing.collecting.web.canonical import clean_address
from briefing.errors import FetchError
from briefing.network.deadline import Clock
from briefing.network.fetch import MOST_BYTES, USER_AGENT, Response, fetch
from briefing.network.fetch_guard import Guard, resolve
from tests import tls
from tests.clock import FakeClock
from tests.listening import listening

Answer = Callable[[bytes], Iterable[bytes]]

SECONDS = 60
"""The time limit of requests: long, so that only a test's own clock ever reaches it."""


@dataclass
class Site:
    """A server on this computer that sends, piece by piece, what a function yields for a request."""

    port: int
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def guard(self, *addresses: str, clock: Clock | None = None) -> Guard:
        """Admit only this server; with `addresses`, every host has these addresses."""
        find = (lambda *_: addresses) if addresses else resolve
        return Guard(find, self.port, SECONDS, clock=clock or Clock())

    def fetch(
        self, path: str = "", *, clock: Clock | None = None, method: str = "GET"
    ) -> Response:
        return fetch(
            self.url + path, guard=self.guard(clock=clock), method=method
        )


@contextmanager
def site(
    answer: Answer, *, tls: ssl.SSLContext | None = None, reset: bool = False
) -> Iterator[Site]:
    def serve(connection: socket.socket) -> None:
        stream = (
            tls.wrap_socket(connection, server_side=True) if tls else connection
        )
        with stream:
            request = b""
            while b"\r\n\r\n" not in request and (piece := stream.recv(65536)):
                request += piece
                if not request[:1].isalpha():  # the client starts TLS
                    break
            here.requests.append(request)
            for piece in answer(request):
                stream.sendall(piece)
            if reset:  # closing with linger 0 sends RST
                stream.setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0"
                )

    with listening(serve) as port:
        here = Site(port)
        yield here


def says(*pieces: bytes) -> Answer:
    return lambda _request: pieces


def page(body: bytes = b"<p>Hello", *headers: bytes) -> Answer:
    return says(
        b"\r\n".join(
            [
                b"HTTP/1.1 200 OK",
                b"Content-Length: %d" % len(body),
                *headers,
                b"",
                body,
            ]
        )
    )


def drip(clock: FakeClock, start: bytes) -> Iterator[bytes]:
    """Begin an answer, and send its bytes one by one; meanwhile the time runs out."""
    yield start
    yield b"x"
    yield b"x"
    clock.advance(SECONDS)
    while True:
        yield b"x"


def redirect(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


class TestAnswers:
    def test_a_page_has_its_address_status_headers_and_body(self) -> None:
        with site(page(b"<p>Hello", b"Content-Type: text/html")) as here:
            response = here.fetch("news?a=1")
        assert (response.url, response.status, response.body) == (
            f"{here.url}news?a=1",
            200,
            b"<p>Hello",
        )
        assert response.headers["content-type"] == "text/html"

    @pytest.mark.parametrize("status", [404, 410, 403, 429, 500, 503])
    def test_any_status_is_an_answer(self, status: int) -> None:
        with site(
            says(b"HTTP/1.1 %d No\r\nContent-Length: 2\r\n\r\nno" % status)
        ) as here:
            response = here.fetch()
        assert (response.status, response.body) == (status, b"no")

    def test_head_has_no_body(self) -> None:
        with site(
            says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        ) as here:
            assert here.fetch(method="HEAD").body == b""
        assert here.requests[0].startswith(b"HEAD / HTTP/1.1\r\n")

    def test_a_compressed_page_is_unpacked(self) -> None:
        with site(
            page(gzip.compress(b"Hello" * 1000), b"Content-Encoding: gzip")
        ) as here:
            assert here.fetch().body == b"Hello" * 1000

    def test_a_body_may_be_chunked_or_end_with_the_connection(self) -> None:
        with site(
            says(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            )
        ) as here:
            assert here.fetch().body == b"abc"
        with site(says(b"HTTP/1.0 200 OK\r\n\r\n", b"abc")) as here:
            assert here.fetch().body == b"abc"

    def test_an_address_in_another_script_is_requested_in_ascii(self) -> None:
        with site(page()) as here:
            fetch(
                f"http://bücher.example:{here.port}/ä b?ö",
                guard=here.guard("127.0.0.1"),
            )
        assert here.requests[0].startswith(
            b"GET /%C3%A4%20b?%C3%B6 HTTP/1.1\r\n"
        )
        assert b"\r\nHost: xn--bcher-kva.example:" in here.requests[0]


class TestWhatTheSiteLearns:
    def test_the_site_gets_no_cookie_no_referrer_and_no_product_name(
        self,
    ) -> None:
        answers = iter(
            [
                redirect("/second"),
                redirect("/third"),
                b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            ]
        )
        with site(
            lambda _: [
                next(answers).replace(
                    b"\r\n", b"\r\nSet-Cookie: id=canary\r\n", 1
                )
            ]
        ) as here:
            here.fetch()
        assert len(here.requests) == 3
        for request in here.requests:
            names = sorted(
                line.partition(b":")[0]
                for line in request.split(b"\r\n")[1:]
                if line
            )
            assert names == [
                b"Accept",
                b"Accept-Encoding",
                b"Accept-Language",
                b"Host",
                b"User-Agent",
            ]
            assert f"User-Agent: {USER_AGENT}\r\n".encode() in request
            assert b"canary" not in request
            assert b"briefing" not in request.lower()

    def test_the_user_agent_is_that_of_firefox(self) -> None:
        version = r"(\d{3})\.0"
        pattern = rf"Mozilla/5\.0 \(Windows NT 10\.0; Win64; x64; rv:{version}\) Gecko/20100101 Firefox/{version}"
        match = re.fullmatch(pattern, USER_AGENT)
        assert match
        assert match[1] == match[2]

    def test_tracking_parameters_are_taken_off_redirects_unless_the_site_insists(
        self,
    ) -> None:
        redirects = {
            b"/": redirect("/news?id=7&mc_eid=canary"),
            b"/news?id=7": redirect("/news?id=7&mc_eid=needed"),
        }

        def answer(request: bytes) -> Iterable[bytes]:
            _, path, _ = request.split(b" ", 2)
            return [redirects[path]] if path in redirects else page()(request)

        with site(answer) as here:
            fetch(here.url, guard=here.guard(), without_tracking=clean_address)
        paths = [request.split(b" ", 2)[1] for request in here.requests]
        assert paths == [b"/", b"/news?id=7", b"/news?id=7&mc_eid=needed"]

    def test_a_page_can_be_requested_only_if_it_has_changed(self) -> None:
        answers = iter(
            [b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', *page()(b"")]
        )
        with site(lambda _: [next(answers)]) as here:
            fetched = fetch(
                here.url,
                guard=here.guard(),
                etag='W/"a"',
                modified="Fri, 09 Oct 2020 08:00:00 GMT",
            )
            assert (fetched.status, fetched.body) == (304, b"")
            assert here.fetch().body == b"<p>Hello"
        assert (
            b'\r\nIf-None-Match: W/"a"\r\nIf-Modified-Since: Fri, 09 Oct 2020 08:00:00 GMT\r\n'
            in here.requests[0]
        )
        assert b"\r\nIf-" not in here.requests[1]

    def test_an_etag_goes_only_to_the_host_that_set_it(self) -> None:
        """An ETag can identify a visitor, like a cookie."""
        answers = iter(
            [
                redirect("/next"),
                redirect("http://second.invalid:PORT/"),
                *page()(b""),
            ]
        )
        with site(
            lambda _: [next(answers).replace(b"PORT", str(here.port).encode())]
        ) as here:
            fetch(
                f"http://first.invalid:{here.port}/",
                guard=here.guard("127.0.0.1"),
                etag="canary",
            )
        assert [b"canary" in request for request in here.requests] == [
            True,
            True,
            False,
        ]

    def test_an_impossible_etag_is_reported_in_one_line(self) -> None:
        with site(page()) as here, pytest.raises(FetchError):
            fetch(here.url, guard=here.guard(), etag="a\r\nCookie: x")

    def test_proxies_in_the_environment_are_not_used(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with site(page()) as proxy, site(page()) as here:
            for name in (
                "http_proxy",
                "HTTP_PROXY",
                "https_proxy",
                "ALL_PROXY",
                "all_proxy",
            ):
                monkeypatch.setenv(name, proxy.url)
            assert here.fetch().status == 200
        assert not proxy.requests


class TestGuard:
    @pytest.mark.parametrize(
        "host",
        [
            *(
                "127.1",
                "0x7f.1",
                "2130706433",
                "0177.0.0.1",
                "localhost",
                "[::1]",
                "0",
                "0x7f000001",
                "127.0.0.1.",
            ),
            *(
                "LOCALHOST.",
                "127。0。0。1",
                "１２７.0.0.1",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::]",
            ),
            *(
                "[fe80::1%25eth0]",
                "[64:ff9b::127.0.0.1]",
                "017700000001",
                "%31%32%37.0.0.1",
                "[0:0:0:0:0:0:0:1]",
            ),
        ],
    )
    def test_this_computer_is_refused_under_any_name(self, host: str) -> None:
        with site(page()) as here, pytest.raises(FetchError):
            fetch(f"http://{host}/", guard=here.guard())
        assert not here.requests

    def test_a_host_is_looked_up_once_and_the_connection_goes_to_that_address(
        self,
    ) -> None:
        """A second look-up could give another address: DNS rebinding."""
        lookups = []

        def resolve(host: str, port: int) -> list[str]:
            lookups.append((host, port))
            return ["127.0.0.1"]

        with site(page()) as here:
            guard = Guard(resolve=resolve, loopback_port=here.port)
            assert (
                fetch(f"http://site.invalid:{here.port}/", guard=guard).status
                == 200
            )
        assert lookups == [("site.invalid", here.port)]
        assert (
            f"\r\nHost: site.invalid:{here.port}\r\n".encode()
            in here.requests[0]
        )

    def test_the_next_address_is_tried_if_the_first_refuses_the_connection(
        self,
    ) -> None:
        with site(page()) as here:
            guard = here.guard("127.9.9.9", "127.0.0.1")
            assert (
                fetch(f"http://site.invalid:{here.port}/", guard=guard).status
                == 200
            )


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_followed(self, status: int) -> None:
        answers = iter(
            [
                redirect("next", status),
                redirect("/last?x", status),
                *page()(b""),
            ]
        )
        with site(lambda _: [next(answers)]) as here:
            assert here.fetch("a/b").url == f"{here.url}last?x"
        assert [request.split(b" ")[1] for request in here.requests] == [
            b"/a/b",
            b"/a/next",
            b"/last?x",
        ]

    @pytest.mark.parametrize(
        "location",
        [
            *(
                "http://169.254.169.254/latest/meta-data/",
                "http://127.0.0.1/",
                "http://[::1]/",
                "file:///etc/passwd",
            ),
            *(
                "http://u:p@127.0.0.1:{port}/",
                "//10.0.0.1/",
                "http://[",
                "http://127.0.0.1:1/",
                "gopher://x/",
            ),
        ],
    )
    def test_each_redirect_is_checked_like_the_first_address(
        self, location: str
    ) -> None:
        with (
            site(
                lambda _: [redirect(location.replace("{port}", str(here.port)))]
            ) as here,
            pytest.raises(FetchError),
        ):
            here.fetch()
        assert len(here.requests) == 1

    def test_a_host_that_becomes_private_is_refused_at_the_next_redirect(
        self,
    ) -> None:
        found = iter([["127.0.0.1"], ["127.0.0.1", "192.168.1.1"]])
        with site(says(redirect("/next"))) as here:
            guard = Guard(
                resolve=lambda *_: next(found), loopback_port=here.port
            )
            with pytest.raises(FetchError, match="not on the web"):
                fetch(f"http://site.invalid:{here.port}/", guard=guard)
        assert len(here.requests) == 1

    def test_forty_redirects_end_after_five(self) -> None:
        hops = iter(range(40))
        with (
            site(lambda _: [redirect(f"/{next(hops)}")]) as here,
            pytest.raises(FetchError, match="more than 5"),
        ):
            here.fetch()
        assert len(here.requests) == 6

    def test_a_circle_ends_after_five(self) -> None:
        with (
            site(says(redirect("/"))) as here,
            pytest.raises(FetchError, match="redirects more than 5 times"),
        ):
            here.fetch()
        assert len(here.requests) == 6

    def test_the_body_of_a_redirect_is_not_read(self) -> None:
        answers = iter(
            [
                redirect("/next").replace(b"Length: 0", b"Length: 99999"),
                *page()(b""),
            ]
        )
        with site(lambda _: [next(answers)]) as here:
            assert here.fetch().status == 200

    def test_an_address_in_raw_bytes_is_read_as_utf_8(self) -> None:
        answers = iter([redirect("/ئا"), *page()(b"")])
        with site(lambda _: [next(answers)]) as here:
            assert here.fetch().url == f"{here.url}%D8%A6%D8%A7"


class TestLimits:
    def test_a_body_that_drips_is_cut_off_in_time(self) -> None:
        self.assert_cut_off(
            lambda clock: drip(clock, b"HTTP/1.1 200 OK\r\n\r\n")
        )

    def test_a_header_that_drips_is_cut_off_in_time(self) -> None:
        self.assert_cut_off(
            lambda clock: drip(clock, b"HTTP/1.1 200 OK\r\nX: ")
        )

    def test_silence_is_cut_off_in_time(self) -> None:
        def silence(clock: FakeClock) -> Iterator[bytes]:
            clock.advance(SECONDS)
            yield b""

        self.assert_cut_off(silence)

    def test_slow_redirects_share_the_same_time(self) -> None:
        def slow(clock: FakeClock) -> Iterator[bytes]:
            clock.advance(SECONDS / 3)
            yield redirect("/")

        self.assert_cut_off(slow)

    def test_a_page_that_takes_nearly_all_the_time_is_accepted(self) -> None:
        clock = FakeClock()

        def slow(_request: bytes) -> Iterator[bytes]:
            clock.advance(SECONDS - 1)
            yield from page()(b"")

        with site(slow) as here:
            assert here.fetch(clock=clock).body == b"<p>Hello"

    def assert_cut_off(
        self, answer: Callable[[FakeClock], Iterable[bytes]]
    ) -> None:
        clock = FakeClock()
        with (
            site(lambda _: answer(clock)) as here,
            pytest.raises(FetchError, match="took longer than 60 seconds"),
        ):
            here.fetch(clock=clock)

    def test_a_body_of_the_largest_size_is_accepted_and_a_larger_one_is_not(
        self,
    ) -> None:
        with site(page(b"x" * MOST_BYTES)) as here:
            assert len(here.fetch().body) == MOST_BYTES
        with (
            site(page(b"x" * (MOST_BYTES + 1))) as here,
            pytest.raises(FetchError, match="larger than 5 MB"),
        ):
            here.fetch()

    def test_a_decompression_bomb_is_not_decompressed_to_its_end(self) -> None:
        bomb = gzip.compress(bytes(100_000_000), 1)
        with (
            site(page(bomb, b"Content-Encoding: gzip")) as here,
            pytest.raises(FetchError, match="larger than 5 MB"),
        ):
            here.fetch()

    def test_a_wrong_content_length_changes_nothing(self) -> None:
        with site(
            says(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef")
        ) as here:
            assert here.fetch().body == b"abc"

        def endless(_request: bytes) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"
            while True:
                yield bytes(0x10000)

        with (
            site(endless) as here,
            pytest.raises(FetchError, match="larger than 5 MB"),
        ):
            here.fetch()

    @pytest.mark.parametrize(
        "coding", [b"gzip, gzip, gzip", b"br", b"zstd", b"deflate", b"nonsense"]
    )
    def test_a_compression_that_was_not_asked_for_is_refused(
        self, coding: bytes
    ) -> None:
        with (
            site(page(b"x", b"Content-Encoding: " + coding)) as here,
            pytest.raises(FetchError, match="compression"),
        ):
            here.fetch()

    def test_chunks_without_end_are_cut_off(self) -> None:
        def endless(_request: bytes) -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            while True:
                yield b"10000\r\n" + bytes(0x10000) + b"\r\n"

        with (
            site(endless) as here,
            pytest.raises(FetchError, match="larger than 5 MB"),
        ):
            here.fetch()

    @pytest.mark.parametrize(
        "start",
        [
            b"HTTP/1.1 200 OK\r\nX: ",  # one header line
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",  # one line of a chunk
            b"",  # a status line
        ],
    )
    def test_a_line_without_end_is_cut_off(self, start: bytes) -> None:
        def endless(_request: bytes) -> Iterator[bytes]:
            yield start
            while True:
                yield b"x" * 65536

        with (
            site(endless) as here,
            pytest.raises(FetchError, match="closed the connection"),
        ):
            here.fetch()


class TestBrokenSites:
    @pytest.mark.parametrize(
        "charset", [b"utf-7", b"nonsense", b"", b"utf-16; charset=x", b"\xff"]
    )
    @pytest.mark.parametrize(
        "body", [b"+ADw-script+AD4-", "ئا".encode("utf-16-le"), b"\0\xff\xfe"]
    )
    def test_a_body_is_bytes_whatever_charset_it_claims(
        self, charset: bytes, body: bytes
    ) -> None:
        with site(
            page(body, b"Content-Type: text/html; charset=" + charset)
        ) as here:
            assert here.fetch().body == body

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nshort",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Encoding: gzip\r\n\r\nnope",
            b"HTTP/1.1 abc\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        ],
    )
    def test_an_incomplete_answer_is_reported_in_one_line(
        self, answer: bytes
    ) -> None:
        with (
            site(says(answer)) as here,
            pytest.raises(FetchError, match="closed the connection") as raised,
        ):
            here.fetch()
        assert "\n" not in str(raised.value)

    def test_a_reset_connection_is_reported_in_one_line(self) -> None:
        half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
        with (
            site(says(half), reset=True) as here,
            pytest.raises(FetchError, match="closed the connection"),
        ):
            here.fetch()

    def test_a_closed_port_is_reported_in_one_line(self) -> None:
        with site(page()) as here:
            pass
        with pytest.raises(FetchError, match="refuses the connection"):
            here.fetch()

    @pytest.mark.parametrize(
        "head", [b"X-No-Colon\r\n", b"\xff\xfe: \x00\r\n", b": x\r\n"]
    )
    def test_a_malformed_header_does_not_matter(self, head: bytes) -> None:
        with site(
            says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + head + b"\r\nok")
        ) as here:
            assert here.fetch().status == 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for site.invalid, with its key in the same file."""
    return tls.certificate(tmp_path_factory.mktemp("tls"), "site.invalid")


class TestEncryption:
    def test_a_certificate_is_checked_for_the_name_in_the_address(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        context = tls.server_context(certificate)
        named = []
        context.sni_callback = lambda _socket, name, _context: named.append(
            name
        )
        with site(page(), tls=context) as here:
            guard = here.guard("127.0.0.1")
            assert (
                fetch(f"https://site.invalid:{here.port}/", guard=guard).body
                == b"<p>Hello"
            )
            with pytest.raises(FetchError, match="has no valid certificate"):
                fetch(f"https://other.invalid:{here.port}/", guard=guard)
        assert named == ["site.invalid", "other.invalid"]

    def test_an_untrusted_certificate_is_refused(
        self, certificate: Path
    ) -> None:
        with (
            site(page(), tls=tls.server_context(certificate)) as here,
            pytest.raises(FetchError, match="has no valid certificate"),
        ):
            fetch(
                f"https://site.invalid:{here.port}/",
                guard=here.guard("127.0.0.1"),
            )
        assert not here.requests

    def test_a_server_without_tls_is_reported_in_one_line(self) -> None:
        with (
            site(says(b"no TLS here")) as here,
            pytest.raises(FetchError, match="TLS failed"),
        ):
            fetch(
                f"https://site.invalid:{here.port}/",
                guard=here.guard("127.0.0.1"),
            )

    def test_a_redirect_to_an_unencrypted_page_is_not_followed(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with (
            site(
                lambda _: [redirect(f"http://site.invalid:{here.port}/")],
                tls=tls.server_context(certificate),
            ) as here,
            pytest.raises(FetchError, match="from https to http"),
        ):
            fetch(
                f"https://site.invalid:{here.port}/",
                guard=here.guard("127.0.0.1"),
            )

    def test_an_encrypted_body_that_drips_is_cut_off_in_time(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        clock = FakeClock()
        start = b"HTTP/1.1 200 OK\r\n\r\n"
        with (
            site(
                lambda _: drip(clock, start),
                tls=tls.server_context(certificate),
            ) as here,
            pytest.raises(FetchError, match="took longer than"),
        ):
            fetch(
                f"https://site.invalid:{here.port}/",
                guard=here.guard("127.0.0.1", clock=clock),
            )
