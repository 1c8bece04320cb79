"""A connection to a mail server: made in the open or encrypted, or refused with one line that says
what to do.
"""

import logging
import re
import socket
import ssl
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from briefing.configuration.settings import SmtpSettings
from briefing.errors import RefusedError, TransportError
from briefing.sending.transports.replies import Reply as Answer
from briefing.sending.transports.session import (
    MOST_LINES,
    TLS_RECORD,
    BrokenError,
    Session,
)
from tests import tls
from tests.sending.queues import Serve, smtp, smtp_servers
from tests.sending.servers.listener import Connection, Listener
from tests.sending.servers.smtp import Hang, Reply, Rule

USER = "canary-user@example.org"
PASSWORD = "canary-password"  # noqa: S105  # of our own server
LOGIN = (USER, PASSWORD)


@pytest.fixture
def serve() -> Iterator[Serve]:
    with smtp_servers() as begin:
        yield begin


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tls.certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


class Odd(Listener):
    """Sends the first immediately and the next whenever something comes; then it waits, or ends if that
    is `abrupt`.
    """

    def __init__(self, *answers: Iterable[bytes], abrupt: bool = False) -> None:
        super().__init__()
        self._answers = answers
        self._abrupt = abrupt

    def serve(self, connection: Connection) -> None:
        for number, answer in enumerate(self._answers):
            if number:
                self._hear(connection)
            for piece in answer:
                connection.say(piece)
                connection.flush()
        while not self._abrupt:
            self._hear(connection)

    @staticmethod
    def _hear(connection: Connection) -> None:
        connection.fill()
        connection.buffer.clear()


HELLO = ([b"220 here\r\n"], [b"250 here\r\n"])


def connect(
    port: int, password: str = "", *, timeout: float = 60, **settings: Any
) -> Session:
    given = {"host": "localhost", "security": "none", **settings}
    return Session(SmtpSettings(port=port, **given), password, timeout)


def refused(
    port: int, password: str = PASSWORD, *, timeout: float = 60, **settings: Any
) -> str:
    """Why it can't be made, without the part that is always the same."""
    with pytest.raises(TransportError) as caught:
        connect(port, password, timeout=timeout, **settings)
    line = str(caught.value)
    shown = "".join(traceback.format_exception(caught.value)) + repr(
        caught.value
    )
    for secret in (*LOGIN, "\n\n", "\x1b"):
        assert secret not in line
    assert not any(secret in shown for secret in LOGIN)
    assert "\n" not in line
    place, _, why = line.partition(": ")
    assert place == f"{settings.get('host', 'localhost')}, port {port}"
    return why


def test_without_encryption_nothing_is_asked_of_another_computer() -> None:
    with pytest.raises(RefusedError, match="only for a server on this comp"):
        connect(1, host="smtp.example.org")


class TestGreeting:
    def test_does_not_reveal_this_computer(self, serve: Serve) -> None:
        server = serve()
        connect(server.port).close(politely=True)
        assert [line for _, line in server.commands] == [
            b"ehlo [127.0.0.1]\r\n",
            b"quit\r\n",
        ]

    @pytest.mark.parametrize("offered", [True, False])
    def test_finds_out_what_the_server_offers(
        self, serve: Serve, offered: bool
    ) -> None:
        server = serve(
            pipelining=offered, smtputf8=offered, size=1000 if offered else None
        )
        session = connect(server.port)
        assert (session.pipelining, session.smtputf8, session.size) == (
            offered,
        ) * 3
        session.close()

    @pytest.mark.parametrize("stage", ["connect", "ehlo"])
    @pytest.mark.parametrize("code", [421, 450, 554])
    def test_a_refusal_is_reported_in_the_servers_words(
        self, serve: Serve, stage: Any, code: int
    ) -> None:
        server = serve(Rule(stage, Reply(code, "4.7.0 not now\nnor ever")))
        assert refused(server.port) == f"refuses: {code} 4.7.0 not now nor ever"

    def test_its_words_are_harmless(self, serve: Serve) -> None:
        server = serve(
            Rule("connect", Reply(554, f"\x1b[2J{USER}\x07 {'x' * 500}"))
        )
        why = refused(server.port)
        assert why == "refuses: 554 …"


class TestPatience:
    """RFC 5321 4.5.3.2.6: ten minutes for the answer to the final dot."""

    def test_the_answer_to_the_dot_is_awaited_longer_than_others(
        self, serve: Serve
    ) -> None:
        session = Session(
            SmtpSettings(port=serve().port, host="localhost", security="none"),
            "",
        )
        waited: list[float | None] = []
        file = session._file

        class Noting:
            def readline(self, size: int) -> bytes:
                waited.append(session._socket.gettimeout())
                return file.readline(size)

        session._file = Noting()  # type: ignore[assignment]
        for to_the_dot in (False, True, False):
            session.write(b"NOOP\r\n")
            session.reply(to_the_dot=to_the_dot)
        session.close()
        assert waited == [60, 600, 60]


class TestEncryption:
    @pytest.mark.parametrize("security", ["starttls", "tls"])
    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_is_set_up_and_verified(
        self, serve: Serve, trusted: Path, security: str, host: str
    ) -> None:
        server = serve(
            **{
                "starttls"
                if security == "starttls"
                else "implicit_tls": tls.server_context(trusted)
            }
        )
        session = connect(server.port, host=host, security=security)
        session.write(b"NOOP\r\n")
        assert session.reply() == Answer(250, "2.0.0 ok")
        session.close(politely=True)

    def test_nothing_is_sent_before_it(
        self, serve: Serve, trusted: Path
    ) -> None:
        server = serve(starttls=tls.server_context(trusted), login=LOGIN)
        connect(
            server.port, PASSWORD, security="starttls", username=USER
        ).close(politely=True)
        verbs = [line.split()[0].lower() for _, line in server.commands]
        assert verbs == [b"ehlo", b"starttls", b"ehlo", b"auth", b"quit"]

    def test_is_required(self, serve: Serve) -> None:
        server = serve(login=LOGIN)
        assert refused(server.port, security="starttls", username=USER) == (
            'offers no encryption (STARTTLS); ask your provider for the right port, or for one with security = "tls"'
        )
        assert b"AUTH" not in server.raw[1]

    def test_a_refusal_is_reported_in_the_servers_words(
        self, serve: Serve, trusted: Path
    ) -> None:
        server = serve(
            Rule("starttls", Reply(454, "4.7.0 no TLS now")),
            starttls=tls.server_context(trusted),
            login=LOGIN,
        )
        assert (
            refused(server.port, security="starttls", username=USER)
            == "refuses: 454 4.7.0 no TLS now"
        )
        assert b"AUTH" not in server.raw[1]

    def test_so_is_one_after_it(self, serve: Serve, trusted: Path) -> None:
        server = serve(
            Rule("ehlo", Reply(554, "5.7.0 no"), nth=2),
            starttls=tls.server_context(trusted),
            login=LOGIN,
        )
        assert (
            refused(server.port, security="starttls", username=USER)
            == "refuses: 554 5.7.0 no"
        )

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_an_unknown_certificate_is_not_trusted(
        self, serve: Serve, certificate: Path, security: str
    ) -> None:
        kind = "starttls" if security == "starttls" else "implicit_tls"
        server = serve(login=LOGIN, **{kind: tls.server_context(certificate)})
        assert refused(server.port, security=security, username=USER) == (
            "its certificate can't be trusted (self-signed certificate in certificate chain); "
            "check 'host' under [smtp]"
        )
        assert b"AUTH" not in server.raw[1]

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_nor_a_certificate_for_another_name(
        self,
        serve: Serve,
        trusted: Path,
        security: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        kind = "starttls" if security == "starttls" else "implicit_tls"
        server = serve(login=LOGIN, **{kind: tls.server_context(trusted)})
        resolve = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda _host, *more: resolve("127.0.0.1", *more),
        )
        assert refused(
            server.port,
            host="mail.example.org",
            security=security,
            username=USER,
        ) == (
            "its certificate can't be trusted (Hostname mismatch, certificate is not valid for 'mail.example.org'.); "
            "check 'host' under [smtp]"
        )

    def test_a_server_that_does_not_speak_tls(self, serve: Serve) -> None:
        with Odd([b"220 here\r\n"]) as server:
            assert refused(server.port, security="tls") == (
                "doesn't speak TLS as expected; check 'port' and 'security' under [smtp]"
            )

    def test_a_server_that_expects_tls(
        self, serve: Serve, trusted: Path
    ) -> None:
        server = serve(implicit_tls=tls.server_context(trusted))
        assert refused(server.port, timeout=0.2) == "didn't answer in time"

    def test_what_came_before_it_is_forgotten(self, trusted: Path) -> None:
        """Answers that an attacker in between injected (CVE-2021-38371 of another client)."""

        class Between(Odd):
            def serve(self, connection: Connection) -> None:
                connection.say(b"220 here\r\n")
                self._hear(connection)
                connection.say(b"250-here\r\n250 STARTTLS\r\n")
                self._hear(connection)
                connection.say(b"220 go\r\n250-here\r\n250 PIPELINING\r\n")
                connection.flush()
                connection.encrypt(tls.server_context(trusted))
                self._hear(connection)
                connection.say(b"250 here\r\n")
                self._hear(connection)

        with Between() as server:
            session = connect(server.port, security="starttls")
            assert not session.pipelining
            session.close()


class TestLogin:
    @pytest.mark.parametrize(
        "offer", ["PLAIN", "LOGIN", "LOGIN PLAIN", "XOAUTH2 LOGIN"]
    )
    def test_uses_what_is_offered(self, serve: Serve, offer: str) -> None:
        server = serve(
            Rule("ehlo", Reply(250, f"localhost\nAUTH {offer}")), login=LOGIN
        )
        session = connect(server.port, PASSWORD, username=USER)
        session.write(b"MAIL FROM:<brief@example.org>\r\n")
        assert session.reply().code == 250
        session.close(politely=False)

    def test_with_a_wrong_password(self, serve: Serve) -> None:
        server = serve(login=(USER, "another"))
        why = refused(server.port, username=USER)
        assert (
            why
            == "rejects the user name or password: 535 5.7.8 wrong user or password"
        )

    def test_whose_refusal_repeats_the_password(self, serve: Serve) -> None:
        server = serve(
            Rule("auth", Reply(535, f"5.7.8 {USER} isn't {PASSWORD}")),
            login=LOGIN,
        )
        assert (
            refused(server.port, username=USER)
            == "rejects the user name or password: 535 5.7.8 … isn't …"
        )

    def test_that_is_not_offered(self, serve: Serve) -> None:
        assert refused(serve().port, username=USER).startswith(
            "offers no login; "
        )

    def test_in_an_unknown_way(self, serve: Serve) -> None:
        server = serve(Rule("ehlo", Reply(250, "localhost\nAUTH XOAUTH2")))
        assert (
            refused(server.port, username=USER)
            == "offers no way to log in that briefing supports"
        )

    def test_with_a_password_that_is_not_ascii(self, serve: Serve) -> None:
        why = refused(serve(login=LOGIN).port, f"{PASSWORD}ß", username=USER)
        assert (
            why
            == "this server's ways to log in need a user name and password without accented letters"
        )

    def test_with_an_unreadable_challenge(self) -> None:
        hello = ([b"220 here\r\n"], [b"250-here\r\n250 AUTH LOGIN\r\n"])
        with Odd(*hello, [b"334 x\r\n"]) as server:
            assert (
                refused(server.port, username=USER)
                == "the server's answer isn't SMTP; check 'host' and 'port' under [smtp]"
            )

    def test_with_endless_challenges(self) -> None:
        hello = ([b"220 here\r\n"], [b"250-here\r\n250 AUTH LOGIN\r\n"])
        with Odd(*hello, *([b"334 VXNlcm5hbWU6\r\n"],) * 20) as server:
            assert (
                refused(server.port, username=USER)
                == "offers no way to log in that briefing supports"
            )


class TestNoServer:
    def test_a_port_without_a_server(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        assert refused(port, host="127.0.0.1") == (
            "no server answers there; check 'host' and 'port' under [smtp], or ask your provider"
        )

    def test_a_host_that_does_not_exist(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nowhere(*_: object) -> object:
            raise socket.gaierror(
                socket.EAI_NONAME, "Name or service not known"
            )

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        why = refused(587, host="smtp.example.invalid", security="tls")
        assert (
            why
            == "there is no such host; check 'host' under [smtp], and the network"
        )

    def test_a_name_that_cannot_be_a_host(self) -> None:
        why = refused(587, host="smtp..example.org", security="tls")
        assert (
            why
            == "there is no such host; check 'host' under [smtp], and the network"
        )

    def test_a_network_that_is_down(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unreachable(*_: object, **__: object) -> object:
            raise OSError(101, "Network is unreachable")

        monkeypatch.setattr(socket, "create_connection", unreachable)
        assert (
            refused(587, host="192.0.2.1", security="tls")
            == "can't be reached; check the network"
        )


ENDLESS = [
    repeat(b"220-hello\r\n" * 50),
    repeat(b"2" * 1000),
    [b"220-hello\r\n" * (MOST_LINES + 1), b"220 hello\r\n"],
    [b"220 " + b"x" * 3000 + b"\r\n"],
]
NO_SMTP = [
    b"HTTP/1.1 400 Bad Request\r\n",
    b"SSH-2.0-x\r\n",
    b"\r\n",
    b"020 x\r\n",
    b"600 x\r\n",
    b"22x y\r\n",
    b"\xff\0\n",
]


class TestNotAMailServer:
    @pytest.mark.parametrize("answer", NO_SMTP)
    @pytest.mark.parametrize("before", [(), HELLO[:1]])
    def test_says_something_else(
        self, answer: bytes, before: tuple[list[bytes], ...]
    ) -> None:
        with Odd(*before, [answer]) as server:
            assert (
                refused(server.port)
                == "the server's answer isn't SMTP; check 'host' and 'port' under [smtp]"
            )

    @pytest.mark.parametrize("answer", ENDLESS)
    @pytest.mark.parametrize("before", [(), HELLO[:1]])
    def test_never_stops_talking(
        self, answer: Iterable[bytes], before: tuple[list[bytes], ...]
    ) -> None:
        with Odd(*before, answer) as server:
            assert (
                refused(server.port)
                == "the server's answer has no end; check 'host' and 'port' under [smtp]"
            )

    @pytest.mark.parametrize("before", [(), HELLO[:1]])
    def test_says_nothing(self, before: tuple[list[bytes], ...]) -> None:
        with Odd(*before) as server:
            assert refused(server.port, timeout=0.1) == "didn't answer in time"

    @pytest.mark.parametrize("before", [([],), HELLO[:1]])
    def test_ends_at_once(self, before: tuple[list[bytes], ...]) -> None:
        with Odd(*before, abrupt=True) as server:
            assert refused(server.port) == "ended the connection"

    def test_breaks_off_within_a_line(self) -> None:
        with Odd([b"220 he"], abrupt=True) as server:
            assert (
                refused(server.port)
                == "the server's answer has no end; check 'host' and 'port' under [smtp]"
            )


class TestReplies:
    @pytest.mark.parametrize(
        ("said", "code", "text"),
        [
            (b"250 2.1.0 ok\r\n", 250, "2.1.0 ok"),
            (b"250\r\n", 250, ""),
            (b"250 \r\n", 250, ""),
            (
                b"550-5.1.1 no such\r\n550-5.1.1 user\r\n550 5.1.1 here\n",
                550,
                "5.1.1 no such 5.1.1 user 5.1.1 here",
            ),
            (b"354 go\xe9 on\r\n", 354, "go� on"),
            ("450 später\r\n".encode(), 450, "später"),
        ],
    )
    def test_lines_are_joined(self, said: bytes, code: int, text: str) -> None:
        with Odd(*HELLO, [said]) as server:
            session = connect(server.port)
            session.write(b"NOOP\r\n")
            assert session.reply() == Answer(code, text)
            session.close()

    def test_several_at_once_are_separated(self) -> None:
        with Odd(
            *HELLO, [b"250 one\r\n250-t", b"wo\r\n250 2\r\n354 three\r\n"]
        ) as server:
            session = connect(server.port)
            session.write(b"NOOP\r\n")
            assert [session.reply().text for _ in range(3)] == [
                "one",
                "two 2",
                "three",
            ]
            session.close()

    @pytest.mark.parametrize(
        "answer", [*([answer] for answer in NO_SMTP), *ENDLESS, []]
    )
    def test_anything_else_breaks_the_connection(
        self, answer: Iterable[bytes]
    ) -> None:
        with Odd(*HELLO, answer) as server:
            session = connect(server.port)
            # Without an answer, nothing comes, so the wait is short.
            session._socket.settimeout(60 if answer else 0.1)
            session.write(b"NOOP\r\n")
            with pytest.raises(
                BrokenError,
                match=r"^(the server's answer (isn't SMTP|has no end); check 'host' and 'port' under \[smtp\]"
                r"|didn't answer in time)$",
            ):
                session.reply()
            session._socket.settimeout(0.1)  # nothing answers QUIT either
            session.close(politely=True)

    def test_so_does_its_end(self) -> None:
        with Odd(*HELLO, [], abrupt=True) as server:
            session = connect(server.port)
            session.write(b"NOOP\r\n")
            with pytest.raises(BrokenError, match=r"^ended the connection$"):
                session.reply()
            session.close(politely=True)


class Draining(socket.socket):
    """One end of a pair of sockets: its other end reads only before the next write, and it closes
    before the last one.
    """

    def __init__(self, times: int) -> None:
        """Accept parts of the data this many `times`; then the connection is broken."""
        ours, self._theirs = socket.socketpair()
        super().__init__(fileno=ours.detach())
        self.setblocking(False)
        self._theirs.setblocking(False)
        self._left = times - 1
        self.arrived = 0

    def send(self, *args: Any) -> int:
        with suppress(BlockingIOError):
            while piece := self._theirs.recv(1 << 16):
                self.arrived += len(piece)
        if not self._left:
            self._theirs.close()
        self._left -= 1
        return super().send(*args)


class TestWriting:
    LONG = b"x" * 998 + b"\r\n"

    @pytest.mark.parametrize("times", [1, 2, 3])
    def test_a_body_that_breaks_off_counts_all_its_parts(
        self, times: int
    ) -> None:
        """A whole email that counted as unsent would be sent a second time."""
        with Odd(*HELLO) as server, Draining(times) as broken:
            session = connect(server.port)
            session._socket = broken
            with pytest.raises(
                BrokenError, match=r"^ended the connection$"
            ) as caught:
                session.write_body(self.LONG * 20_000, b".\r\n")
            assert caught.value.written == broken.arrived > 0
            session.close()

    @pytest.mark.parametrize("encrypted", [False, True])
    def test_a_failure_says_how_much_was_written(
        self, serve: Serve, trusted: Path, encrypted: bool
    ) -> None:
        options = (
            {"implicit_tls": tls.server_context(trusted)} if encrypted else {}
        )
        server = serve(Rule("body", Hang(60)), **options)
        session = connect(server.port, security="tls" if encrypted else "none")
        session.write(
            b"MAIL FROM:<brief@example.org>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n"
        )
        assert [session.reply().code for _ in range(3)] == [250, 250, 354]
        session._socket.settimeout(0.3)  # the server never reads all of it
        data = self.LONG * 20_000
        with pytest.raises(
            BrokenError, match=r"^didn't answer in time$"
        ) as caught:
            session.write(data)
        assert 0 < caught.value.written < len(data)
        if encrypted:
            assert caught.value.written % TLS_RECORD == 0
        session.close()

    @pytest.mark.parametrize("encrypted", [False, True])
    def test_what_is_longer_than_any_buffer_arrives_whole(
        self, serve: Serve, trusted: Path, encrypted: bool
    ) -> None:
        options = (
            {"implicit_tls": tls.server_context(trusted)} if encrypted else {}
        )
        server = serve(**options)
        session = connect(server.port, security="tls" if encrypted else "none")
        session.write(
            b"MAIL FROM:<brief@example.org>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n"
        )
        assert [session.reply().code for _ in range(3)] == [250, 250, 354]
        session.write(self.LONG * 5000 + b".\r\n")
        assert session.reply().code == 250
        session.close(politely=True)
        assert server.mails[0].data == self.LONG * 5000


def test_no_log_and_no_repr_contains_a_secret(
    serve: Serve,
    trusted: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    server = serve(starttls=tls.server_context(trusted), login=LOGIN)
    with caplog.at_level(logging.DEBUG):
        session = connect(
            server.port, PASSWORD, security="starttls", username=USER
        )
        session.close(politely=True)
        refused(server.port, f"{PASSWORD}!", security="starttls", username=USER)
    transport = smtp(server)
    shown = [
        caplog.text,
        *capfd.readouterr(),
        repr(session),
        repr(transport),
        repr(vars(session)),
    ]
    assert not [text for text in shown if re.search("canary", text)]


def test_certificates_are_verified_as_the_system_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SSL_CERT_FILE alone, which the tests use, adds an authority; nothing here takes the check away."""
    made: list[ssl.SSLContext] = []
    create = ssl.create_default_context

    def notes() -> ssl.SSLContext:
        made.append(create())
        return made[-1]

    monkeypatch.setattr(ssl, "create_default_context", notes)
    with Odd([b"220 here\r\n"]) as server:
        refused(server.port, security="tls")
    (context,) = made
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_quit_needs_no_answer() -> None:
    """All emails have theirs by then."""
    with Odd(*HELLO) as server:
        session = connect(server.port)
        session.close(politely=True)
        assert session._socket.fileno() == -1
