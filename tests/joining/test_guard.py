"""Whatever is asked of the server, it gives away nothing, keeps to its limits and stays up."""

import re
import socket
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.joining.conftest import (
    HOST,
    SAFETY_NET,
    TOKEN,
    MailServer,
    Server,
    form_token,
    text_of,
)

PAGES = [
    f"/leave/{TOKEN}",
    f"/change/{TOKEN}",
    "/leave/x",
    "/join",
    "/confirm/x",
    "/elsewhere",
]
MOST_BYTES = 10_000


def raw(server: Server, data: bytes) -> bytes:
    """Return everything that the server answers to some bytes, until it ends the connection."""
    address = ("127.0.0.1", server.port)
    with socket.create_connection(address, SAFETY_NET) as connection:
        # It may end the connection before it has read everything, and answer all the same.
        with suppress(OSError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with suppress(ConnectionError):
            while part := connection.recv(65_536):
                answer += part
        return answer


class TestPages:
    @pytest.mark.parametrize("lang", ["en", "de", "tr", "ug", "zh"])
    def test_each_is_small_and_in_the_language_that_was_chosen(
        self, steady_server: Server, lang: str
    ) -> None:
        for path in PAGES:
            page = steady_server.get(f"{path}?lang={lang}")
            direction = "rtl" if lang == "ug" else "ltr"
            assert f'<html lang="{lang}" dir="{direction}">' in page.text
            assert len(page.body) < MOST_BYTES, path
            assert page.heading

    def test_otherwise_in_the_browsers_or_else_the_newsletters_first(
        self, steady_server: Server
    ) -> None:
        for accepted, lang in [
            ("tr-TR,tr;q=0.9,en;q=0.5", "tr"),
            ("fr, de;q=0.1", "de"),
            ("fr", "en"),
            ("", "en"),
            ("*;q=,,", "en"),
        ]:
            page = steady_server.get("/join", Accept_Language=accepted)
            assert f'<html lang="{lang}"' in page.text

    def test_each_answer_has_the_headers_that_protect_readers(
        self, steady_server: Server
    ) -> None:
        answers = [steady_server.get(path) for path in PAGES]
        answers += [
            steady_server.post(f"/leave/{TOKEN}"),
            steady_server.get("/"),
            steady_server.get("/join", Host="elsewhere.example"),
            steady_server.ask("POST", "/join", "x" * 9_000),
            steady_server.ask("DELETE", "/join"),
        ]
        for answer in answers:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert "form-action 'self'" in policy
            assert "unsafe" not in policy
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "max-age=" in answer.headers["Strict-Transport-Security"]
            assert "Set-Cookie" not in answer.headers
            assert "Server" not in answer.headers

    def test_they_load_nothing(self, steady_server: Server) -> None:
        for path in PAGES:
            page = steady_server.get(path).text
            assert not re.search(
                r"<script|<img|<link|\bsrc=|@import|url\(", page
            )


class TestRequests:
    @pytest.mark.parametrize(
        "host",
        [
            "elsewhere.example",
            f"{HOST}.elsewhere.example",
            f"{HOST}:8080",
            f"me@{HOST}",
            f"{HOST}/x",
            "",
            "127.0.0.1",
        ],
    )
    def test_another_host_is_refused(self, server: Server, host: str) -> None:
        assert server.get("/join", Host=host).status in {400, 421}
        answer = server.ask("POST", f"/leave/{TOKEN}", Host=host)
        assert answer.status in {400, 421}
        assert server.requests() == []

    def test_no_header_changes_where_a_link_leads(
        self, server: Server, mail_server: MailServer
    ) -> None:

        body = f"address=a%40example.org&consent=yes&lang=en&token={form_token(server.folder)}"
        server.ask(
            "POST",
            "/join",
            body,
            Content_Type="application/x-www-form-urlencoded",
            X_Forwarded_Host="elsewhere.example",
            X_Forwarded_Proto="http",
            Forwarded="host=elsewhere.example",
            Origin="https://elsewhere.example",
        )
        assert "elsewhere" not in text_of(mail_server.wait()[0][1])

    @pytest.mark.parametrize(
        "method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]
    )
    def test_other_methods_do_nothing(
        self, server: Server, method: str
    ) -> None:
        answer = server.ask(method, f"/leave/{TOKEN}", b"")
        assert answer.status == 405
        assert server.requests() == []

    @pytest.mark.parametrize("size", [9_000, 100_000_000])
    def test_large_bodies_are_refused_before_they_arrive(
        self, steady_server: Server, size: int
    ) -> None:
        head = (
            f"POST /join HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n"
            "Connection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        body = b"address=" + b"a" * 8_992 if size == 9_000 else b"a" * 1_000
        address = ("127.0.0.1", steady_server.port)
        with socket.create_connection(address, SAFETY_NET) as connection:
            connection.sendall(head.encode() + body)
            assert b" 413 " in connection.recv(65_536).partition(b"\r\n")[0]

    def test_a_body_in_pieces_is_limited_as_well(
        self, steady_server: Server
    ) -> None:
        head = f"POST /join HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n"
        piece = b"2000\r\n" + b"a" * 0x2000 + b"\r\n"
        before = steady_server.requests()
        answer = raw(steady_server, head.encode() + piece * 12 + b"0\r\n\r\n")
        # What was on its way when the server ended the connection can cost its answer.
        assert answer == b"" or b" 413 " in answer.partition(b"\r\n")[0]
        assert steady_server.requests() == before

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01",
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /join HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET /\0 HTTP/1.1\r\n\r\n",
            b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: join.example.org\r\n\r\n",
            b"POST /join HTTP/1.1\r\nHost: join.example.org\r\nContent-Length: -1\r\n\r\n",
            b"POST /join HTTP/1.1\r\nHost: join.example.org\r\nContent-Length: 1\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"GET /" + b"a" * 50_000 + b" HTTP/1.1\r\n\r\n",
            b"GET /join HTTP/1.1\r\nHost: join.example.org\r\nX: "
            + b"a" * 50_000,
        ],
    )
    def test_what_is_not_http_ends_in_an_error_that_says_nothing(
        self, steady_server: Server, data: bytes
    ) -> None:
        answer = raw(steady_server, data)
        assert re.match(rb"$|HTTP/1.[01] (200|302|4\d\d|501|505) ", answer)
        assert len(answer) < MOST_BYTES
        assert steady_server.get("/join").status == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/leave/%00",
            "/leave/%ff%fe",
            "/leave/..%2f..%2fkey",
            "/leave//",
            "//leave/x",
            "/join?lang=%0d%0aSet-Cookie:x",
            "/join?lang=" + "x" * 5_000,
            "/confirm/" + "%F0%9F%98%80" * 50,
            "/?token=x",
        ],
    )
    def test_odd_paths_do_no_harm(
        self, steady_server: Server, path: str
    ) -> None:
        answer = steady_server.get(path)
        assert answer.status in {200, 302, 404}
        assert "Set-Cookie" not in answer.headers

    def test_slow_bodies_do_not_hold_up_others(
        self, steady_server: Server
    ) -> None:
        head = f"POST /join HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100\r\n\r\na"
        address = ("127.0.0.1", steady_server.port)
        slow = [socket.create_connection(address) for _ in range(100)]
        for connection in slow:
            connection.sendall(head.encode())
        assert steady_server.post(f"/leave/{TOKEN}").status == 200
        for connection in slow:
            connection.close()


FIELDS = ("address", "name", "lang", "consent", "token", "form", "website")
INJECTED = [
    "a@example.org\r\nBcc: victim@example.org",
    "a@example.org\nBcc: victim@example.org",
    "a@example.org\r\n\r\nBuy these maps",
    "a@example.org%0d%0aBcc: victim@example.org",
    "=?utf-8?q?a=0d=0aBcc:=20victim?=@example.org",
    "a@example.org, victim@example.org",
    "<a@example.org> victim@example.org",
    "a@example.org\x00",
    "a@example.org\u2028Bcc: victim@example.org",
]


class TestInjection:
    @pytest.mark.parametrize("value", INJECTED)
    def test_no_field_gets_anything_into_an_email(
        self, server: Server, mail_server: MailServer, value: str
    ) -> None:
        for name in FIELDS:
            if name != "token":
                server.join(**({"address": "a@example.org"} | {name: value}))
        server.join("last@example.org")
        mails = mail_server.wait(2)
        while mails[-1][0] != "last@example.org":
            mails = mail_server.wait(len(mails) + 1)
        for address, mail in mails:
            assert "victim" not in address
            assert b"victim" not in mail
            assert "Buy these" not in text_of(mail)
            assert mail.count(b"\nTo: ") == 1
            assert b"\nBcc" not in mail

    @settings(
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.sampled_from(["/join", f"/change/{TOKEN}"]),
        st.dictionaries(
            st.sampled_from(FIELDS) | st.text(max_size=5),
            st.text(max_size=400),
        ),
    )
    def test_no_form_makes_it_fail(
        self, steady_server: Server, path: str, fields: dict[str, str]
    ) -> None:
        encoded = {
            name.encode("utf-8", "replace").decode(): value.encode(
                "utf-8", "replace"
            ).decode()
            for name, value in fields.items()
        }
        assert steady_server.post(path, **encoded).status in {200, 400, 429}
