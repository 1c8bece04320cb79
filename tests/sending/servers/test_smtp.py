"""The SMTP server, tested with the standard library's client, or with a socket where single steps
don't do.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import pytest

from tests import tls
from tests.sending.servers.smtp import (
    Drop,
    Hang,
    Kill,
    Reply,
    Rule,
    SmtpServer,
    Stage,
)

MAIL = b"Message-ID: <1@example.org>\r\n\r\nOne\r\n.two\r\n"
SENDER = "brief@example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tls.certificate(tmp_path_factory.mktemp("tls"))


@contextmanager
def client(
    server: SmtpServer, name: str = "127.0.0.1"
) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(
        name, server.port, local_hostname="localhost", timeout=60
    ) as connection:
        yield connection


def send(connection: smtplib.SMTP, *recipients: str) -> None:
    connection.sendmail(SENDER, recipients, MAIL)


def greet_and_send(connection: smtplib.SMTP, recipient: str) -> None:
    code, text = connection.ehlo()
    if code != 250:
        raise smtplib.SMTPHeloError(code, text)
    send(connection, recipient)


class Raw:
    """A client that writes given bytes, and reads complete replies."""

    def __init__(self, server: SmtpServer) -> None:
        self.socket = socket.create_connection(
            ("127.0.0.1", server.port), timeout=60
        )
        self.file: IO[bytes] = self.socket.makefile("rb")
        assert self.codes(1) == [220]
        assert self.group(b"EHLO localhost\r\n", 1) == [250]

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def codes(self, replies: int) -> list[int]:
        found: list[int] = []
        while len(found) < replies:
            line = self.file.readline()
            if not line:
                raise ConnectionAbortedError(f"after {found}")
            if line[3:4] == b" ":
                found.append(int(line[:3]))
        return found

    def group(self, written: bytes, replies: int) -> list[int]:
        self.socket.sendall(written)
        return self.codes(replies)


def envelope(recipient: str) -> bytes:
    return f"MAIL FROM:<{SENDER}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode()


def test_what_is_accepted_is_kept_byte_by_byte_for_each_recipient() -> None:
    with SmtpServer() as server, client(server) as connection:
        send(connection, "a@example.org", "b@example.org")
        connection.quit()
    assert [
        (mail.recipient, mail.sender, mail.data) for mail in server.mails
    ] == [(f"{name}@example.org", SENDER, MAIL) for name in "ab"]
    assert server.count == 2
    assert server.commands[-1] == (1, b"quit\r\n")
    assert server.raw[1].endswith(b"\r\n..two\r\n.\r\nquit\r\n")
    assert server.violations == []


def test_a_group_takes_one_round_trip_even_with_the_end_of_the_email_before() -> (
    None
):
    mails = 20
    with SmtpServer() as server, Raw(server) as raw:
        before = server.round_trips[1]
        assert raw.group(envelope("r0@example.org"), 3) == [250, 250, 354]
        for number in range(1, mails):
            written = b"Subject: x\r\n\r\nText\r\n.\r\n" + envelope(
                f"r{number}@example.org"
            )
            assert raw.group(written, 4) == [250, 250, 250, 354]
        assert raw.group(b".\r\nQUIT\r\n", 2) == [250, 221]
    assert [mail.recipient for mail in server.mails] == [
        f"r{number}@example.org" for number in range(mails)
    ]
    assert server.mails[-1].data == b""
    assert server.round_trips[1] - before == mails
    assert server.violations == []


def test_lean_it_only_counts() -> None:
    with SmtpServer(lean=True) as server, client(server) as connection:
        send(connection, "a@example.org", "b@example.org")
    assert (server.count, server.mails, server.commands, server.raw) == (
        2,
        [],
        [],
        {},
    )


def test_a_body_longer_than_any_buffer_arrives_whole() -> None:
    body = b"x" * 998 + b"\r\n"
    with SmtpServer() as server, Raw(server) as raw:
        raw.group(envelope("a@example.org"), 3)
        assert raw.group(
            body * 3000 + b".\r\n" + envelope("b@example.org"), 4
        ) == [
            250,
            250,
            250,
            354,
        ]
    assert server.mails[0].data == body * 3000
    assert server.violations == []


@pytest.mark.parametrize(
    ("mode", "codes"), [("503", [250, 550, 503]), ("354", [250, 550, 354])]
)
def test_data_after_a_refused_recipient(
    mode: Literal["354", "503"], codes: list[int]
) -> None:
    refuse = Rule(
        "rcpt",
        Reply(550, "5.1.1 unknown"),
        when=lambda address: address.startswith("bad"),
    )
    with (
        SmtpServer(refuse, data_without_recipient=mode) as server,
        Raw(server) as raw,
    ):
        assert raw.group(envelope("bad@example.org"), 3) == codes
        if mode == "354":
            assert raw.group(b".\r\n", 1) == [554]
        else:
            assert raw.group(b"RSET\r\n", 1) == [250]
        assert raw.group(envelope("good@example.org"), 3) == [250, 250, 354]
        assert raw.group(MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\n", 1) == [
            250
        ]
    assert [mail.data for mail in server.mails] == [MAIL]
    assert server.violations == []


@pytest.mark.parametrize(
    ("written", "violation"),
    [
        (b"body\nmore\r\n.\r\n", "a bare CR or LF in a body"),
        (b"body\rmore\r\n.\r\n", "a bare CR or LF in a body"),
        (b".single\r\n.\r\n", "begins with a dot that isn't doubled"),
        (b"one\r\n.single\r\n.\r\n", "begins with a dot that isn't doubled"),
        (b"x" * 999 + b"\r\n.\r\n", "a line of a body over 1000 octets"),
        (b"\xc3\xa9\r\n.\r\n", "isn't ASCII"),
        (
            b"text\r\n.\r\nAnd more text\r\n",
            "an unknown command: b'And more text'",
        ),
        (b"text\r\n.\r\nNOOP\n", "a bare CR or LF in a command"),
        (
            b"text\r\n.\r\nMAIL FROM:<a@b.c>\r\nMAIL FROM:<a@b.c>\r\n",
            "MAIL out of order",
        ),
        (b"text\r\n.\r\nDATA\r\n", "DATA out of order"),
        (b"text\r\n.\r\nRCPT TO:<a@b.c>\r\n", "RCPT out of order"),
        (b"text\r\n.\r\nNOOP\r\nNOOP\r\n", "NOOP was followed by more"),
        (
            b"text\r\n.\r\nMAIL FROM:<a@b.c> SMTPUTF8\r\n",
            "MAIL with SMTPUTF8, which wasn't offered",
        ),
        (
            b"text\r\n.\r\nMAIL FROM:<\xc3\xa9@b.c>\r\n",
            "an address that isn't ASCII",
        ),
    ],
)
def test_mistakes_of_a_client_are_noted(written: bytes, violation: str) -> None:
    with SmtpServer() as server, Raw(server) as raw:
        raw.group(envelope("a@example.org"), 3)
        raw.group(written, written.count(b"\r\n.\r\n"))
        raw.socket.shutdown(socket.SHUT_WR)
        raw.file.read()
    (noted,) = server.violations
    assert violation in noted


def test_a_dot_between_bare_line_ends_does_not_end_a_body() -> None:
    with SmtpServer() as server, Raw(server) as raw:
        raw.group(envelope("a@example.org"), 3)
        assert raw.group(b"a\n.\nb\r\n.\nc\n.\r\nd\r\n.\r\n", 1) == [250]
    assert len(server.mails) == 1


def test_a_group_that_wasnt_allowed_is_noted() -> None:
    with SmtpServer(pipelining=False) as server, Raw(server) as raw:
        assert raw.group(envelope("a@example.org"), 3) == [250, 250, 354]
    assert len(server.violations) == 2
    with SmtpServer(pipelining=False) as server, client(server) as connection:
        send(connection, "a@example.org")
        assert not connection.has_extn("pipelining")
    assert server.violations == []


def test_what_is_offered_follows_the_options() -> None:
    with (
        SmtpServer(size=1000, smtputf8=True) as server,
        client(server) as connection,
    ):
        connection.ehlo()
        assert {"pipelining", "8bitmime", "smtputf8", "size"} < set(
            connection.esmtp_features
        )
        assert connection.mail(SENDER, ["SIZE=1001"])[0] == 552
        assert connection.mail("é@example.org", ["SMTPUTF8"])[0] == 250
        connection.rset()
        connection.mail(SENDER, ["SIZE=1"])
        connection.rcpt("a@example.org")
        assert connection.data(b"x\r\n" * 400)[0] == 552


def test_a_login_over_tls(certificate: Path) -> None:
    secret = tls.server_context(certificate)
    with (
        SmtpServer(starttls=secret, login=("me", "pass")) as server,
        client(server, "localhost") as connection,
    ):
        connection.ehlo()
        assert connection.mail(SENDER)[0] == 530
        assert not connection.has_extn("auth")
        connection.starttls(context=tls.client_context(certificate))
        with pytest.raises(smtplib.SMTPAuthenticationError, match=r"5\.7\.8"):
            connection.login("me", "wrong")
        connection.login("me", "pass")
        send(connection, "a@example.org")
    assert server.count == 1
    assert server.violations == []


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
@pytest.mark.parametrize("initial", [True, False])
def test_both_ways_to_log_in(mechanism: str, initial: bool) -> None:
    with (
        SmtpServer(login=("me", "pass")) as server,
        client(server) as connection,
    ):
        connection.ehlo()
        connection.user, connection.password = "me", "pass"
        ways = {"PLAIN": connection.auth_plain, "LOGIN": connection.auth_login}
        assert (
            connection.auth(
                mechanism, ways[mechanism], initial_response_ok=initial
            )[0]
            == 235
        )
        send(connection, "a@example.org")


def test_tls_from_the_start_and_a_client_that_trusts_no_certificate(
    certificate: Path,
) -> None:
    with SmtpServer(implicit_tls=tls.server_context(certificate)) as server:
        with smtplib.SMTP_SSL(
            "localhost", server.port, context=tls.client_context(certificate)
        ) as connection:
            send(connection, "a@example.org")
        with pytest.raises(ssl.SSLCertVerificationError):
            smtplib.SMTP_SSL(
                "localhost", server.port, context=ssl.create_default_context()
            )
    assert server.count == 1


@pytest.mark.parametrize("stage", ["ehlo", "mail", "rcpt", "data", "dot"])
def test_a_rule_replaces_a_reply_once(stage: Stage) -> None:
    with (
        SmtpServer(Rule(stage, Reply(451, "4.3.0 later"), times=1)) as server,
        client(server) as connection,
    ):
        with pytest.raises(
            (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
        ):
            greet_and_send(connection, "a@example.org")
        assert server.mails == []
        greet_and_send(connection, "a@example.org")
    assert server.count == 1


def test_the_nth_time_is_counted_across_connections() -> None:
    with SmtpServer(Rule("dot", Reply(452, "4.2.2 full"), nth=2)) as server:
        for number, accepted in enumerate([True, False, True]):
            with client(server) as connection:
                if accepted:
                    send(connection, f"r{number}@example.org")
                else:
                    with pytest.raises(smtplib.SMTPDataError):
                        send(connection, f"r{number}@example.org")
    assert [(mail.recipient, mail.connection) for mail in server.mails] == [
        ("r0@example.org", 1),
        ("r2@example.org", 3),
    ]


@pytest.mark.parametrize(
    ("stage", "action", "kept"),
    [
        ("mail", Drop(), 0),
        ("rcpt", Drop(), 0),
        ("body", Drop(), 0),
        ("dot", Drop(accepted=False), 0),
        ("dot", Drop(accepted=True), 1),
        ("dot", Hang(0.01, accepted=False), 0),
        ("dot", Kill(lambda: None, accepted=False), 0),
    ],
)
def test_a_connection_that_breaks_off(
    stage: Stage, action: Drop | Hang | Kill, kept: int
) -> None:
    with (
        SmtpServer(Rule(stage, action)) as server,
        client(server) as connection,
    ):
        with pytest.raises(OSError, match=r"closed|reset|[Bb]roken"):
            connection.sendmail(SENDER, "a@example.org", b"x\r\n" * 100_000)
        connection.close()
    assert server.count == kept


def test_a_body_is_left_in_its_middle() -> None:
    with (
        SmtpServer(Rule("body", Drop()), size=10**7) as server,
        Raw(server) as raw,
    ):
        assert raw.group(f"MAIL FROM:<{SENDER}> SIZE=1000\r\n".encode(), 1) == [
            250
        ]
        raw.group(b"RCPT TO:<a@example.org>\r\nDATA\r\n", 2)
        with pytest.raises(OSError, match=r"after|reset"):
            raw.group(b"x" * 1000, 1)
    assert server.raw[1].endswith(b"\r\n" + b"x" * 500)


@pytest.mark.parametrize(("flushed", "before"), [(True, [250]), (False, [])])
def test_what_was_answered_before_a_drop_arrives_or_not(
    flushed: bool, before: list[int]
) -> None:
    with (
        SmtpServer(Rule("rcpt", Drop(flushed=flushed))) as server,
        Raw(server) as raw,
        pytest.raises(
            ConnectionAbortedError, match=re.escape(f"after {before}")
        ),
    ):
        raw.group(envelope("a@example.org"), 3)


def test_too_many_connections() -> None:
    with (
        SmtpServer(max_connections=1) as server,
        client(server),
        pytest.raises(smtplib.SMTPConnectError, match="421"),
    ):
        smtplib.SMTP("127.0.0.1", server.port, timeout=60)


def test_a_421_is_the_end_of_the_connection() -> None:
    with (
        SmtpServer(Rule("mail", Reply(421, "4.3.2 going down"))) as server,
        Raw(server) as raw,
    ):
        assert raw.group(envelope("a@example.org"), 1) == [421]
        assert raw.file.read() == b""
    with (
        SmtpServer(Rule("connect", Reply(554, "5.3.2 no service"))) as server,
        pytest.raises(smtplib.SMTPConnectError, match="554"),
    ):
        smtplib.SMTP("127.0.0.1", server.port, timeout=60)


def test_each_group_of_replies_is_delayed() -> None:
    with SmtpServer(delay=0.05) as server, Raw(server) as raw:
        begun = time.monotonic()
        raw.group(envelope("a@example.org"), 3)
        assert time.monotonic() - begun >= 0.05
