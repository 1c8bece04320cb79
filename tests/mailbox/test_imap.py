"""Mailboxes on an IMAP server: Dovecot, and servers that misbehave."""

import contextlib
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from briefing.configuration import mailbox_addresses
from briefing.configuration.mailbox_addresses import ImapFolder
from briefing.errors import MailboxError
from briefing.mailbox import imap
from briefing.mailbox.base import Position
from briefing.mailbox.headers import Header
from briefing.mailbox.imap import ImapMailbox
from briefing.mailbox.maildir import open_mailbox
from tests import tls
from tests.listening import listening
from tests.mailbox import dovecot
from tests.mailbox.conftest import ImapBox, accept, mail, read
from tests.network.test_fetch import Site
from tests.network.test_proxy import connect, relay, socks


def folder_of(box: ImapBox) -> ImapFolder:
    assert isinstance(box.address, ImapFolder)
    return box.address


def refusal(
    address: ImapFolder, password: str = dovecot.PASSWORD, proxy: str = ""
) -> str:
    with pytest.raises(MailboxError) as error:
        ImapMailbox(address, password, proxy)
    message = str(error.value)
    assert "\n" not in message
    assert "@" not in message
    assert password not in message
    return message


class TestUids:
    def test_a_new_uidvalidity_starts_again_and_known_emails_dont_count_twice(
        self, imap_box: ImapBox
    ) -> None:
        mails = [mail("one"), mail("two")]
        imap_box.renumber(*mails)
        position = accept(imap_box)
        imap_box.renumber(mail("three"), *mails)
        found = [
            Header.of(each.data).subject for each in read(imap_box, position)
        ]
        assert found == ["three"]
        position = accept(imap_box, position)
        assert read(imap_box, position) == []

    def test_deleted_emails_leave_no_gap(self, imap_box: ImapBox) -> None:
        for subject in ("one", "two", "three"):
            imap_box.deliver(mail(subject))
        with imap_box.connected() as connection:
            connection.folder.set(imap_box.folder)
            connection.delete(connection.uids()[:2])
        (found,) = read(imap_box)
        assert (found.mark.uid, Header.of(found.data).subject) == (3, "three")

    def test_emails_are_read_by_several_commands(
        self, imap_box: ImapBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(imap, "AT_ONCE", 3)
        for number in range(10):
            imap_box.deliver(mail(str(number)))
        found = [Header.of(each.data).subject for each in read(imap_box)]
        assert found == [str(number) for number in range(10)]


class TestLogin:
    def test_names_and_passwords_of_other_scripts(
        self, imap_box: ImapBox
    ) -> None:
        imap_box.deliver(mail("one"))
        address = replace(folder_of(imap_box), user=dovecot.USER_ABROAD)
        mailbox = ImapMailbox(address, dovecot.PASSWORD_ABROAD, proxy="")
        assert mailbox.count(Position()) == 1
        mailbox.close()

    @pytest.mark.parametrize("password", ["wrong", "неверно"])
    def test_a_wrong_password(self, imap_box: ImapBox, password: str) -> None:
        message = refusal(folder_of(imap_box), password)
        assert "rejects the user name or the password" in message

    def test_a_missing_folder(self, imap_box: ImapBox) -> None:
        message = refusal(replace(folder_of(imap_box), folder="Elsewhere"))
        assert (
            "there is no folder 'Elsewhere'; correct the end of its address"
            in message
        )
        assert imap_box.folder in message


class TestEncryption:
    def test_a_certificate_that_nobody_vouches_for(
        self, imap_box: ImapBox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("SSL_CERT_FILE")
        message = refusal(folder_of(imap_box))
        assert "certificate isn't valid" in message

    def test_a_certificate_of_another_server(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificate = tls.certificate(tmp_path, "other.example.org")
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(certificate))
        with answering(certificate, lambda _: None) as address:
            assert "certificate isn't valid" in refusal(address)

    def test_a_server_that_doesnt_encrypt(self) -> None:
        def serve(connection: socket.socket) -> None:
            connection.sendall(b"* OK ready\r\n")
            connection.recv(100)

        with listening(serve) as port:
            message = refusal(
                ImapFolder("leave@example.org", "localhost", port)
            )
        assert "can't be reached" in message


@contextlib.contextmanager
def answering(
    certificate: Path, serve: Callable[[ssl.SSLSocket], None]
) -> Iterator[ImapFolder]:
    """Run a server that does what a function says after the connection is encrypted."""
    context = tls.server_context(certificate)

    def encrypted(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            serve(secure)

    with listening(encrypted) as port:
        yield ImapFolder("leave@example.org", "localhost", port)


def scripted(*answers: bytes) -> Callable[[ssl.SSLSocket], None]:
    """Greet, then give one answer to each command, in which TAG stands for its tag; then hang up."""

    def serve(connection: ssl.SSLSocket) -> None:
        connection.sendall(b"* OK ready\r\n")
        with connection.makefile("rb") as commands:
            for answer in answers:
                tag, _, _ = commands.readline().partition(b" ")
                connection.sendall(answer.replace(b"TAG", tag))

    return serve


CAPABLE = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done\r\n"
LOGGED_IN = b"TAG OK done\r\n"
OPENED = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\nTAG OK [READ-ONLY]\r\n"
FOUND = b"* SEARCH 5\r\nTAG OK done\r\n"


class TestOddServers:
    @pytest.fixture
    def certificate(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Path:
        path = tls.certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(path))
        return path

    def outcome(self, certificate: Path, *answers: bytes) -> object:
        """Return the emails that are read, or the message of the error."""
        with answering(certificate, scripted(*answers)) as address:
            try:
                with open_mailbox(
                    address, dovecot.PASSWORD, Path(), proxy=""
                ) as mailbox:
                    return [each.data for each in mailbox.after(Position())]
            except MailboxError as error:
                message = str(error)
                assert "\n" not in message
                assert "@" not in message
                return message

    def test_the_uid_may_be_after_the_content(self, certificate: Path) -> None:
        fetched = (
            b"* 1 FETCH (BODY[]<0> {9}\r\nSubject:  UID 5)\r\nTAG OK done\r\n"
        )
        outcome = self.outcome(
            *(certificate, CAPABLE, LOGGED_IN, OPENED, FOUND, fetched)
        )
        assert outcome == [b"Subject: "]

    def test_news_about_other_emails_may_come_in_between(
        self, certificate: Path
    ) -> None:
        fetched = (
            b"* 2 EXISTS\r\n* 2 FETCH (FLAGS (\\Recent) UID 6)\r\n"
            b"* 1 FETCH (UID 5 BODY[]<0> {9}\r\nSubject: )\r\nTAG OK done\r\n"
        )
        outcome = self.outcome(
            *(certificate, CAPABLE, LOGGED_IN, OPENED, FOUND, fetched)
        )
        assert outcome == [b"Subject: "]

    def test_an_email_that_was_deleted_meanwhile(
        self, certificate: Path
    ) -> None:
        outcome = self.outcome(
            *(certificate, CAPABLE, LOGGED_IN, OPENED, FOUND),
            b"TAG OK done\r\n",
        )
        assert outcome == []

    @pytest.mark.parametrize("answered", range(6))
    def test_a_server_that_dies_midway(
        self, certificate: Path, answered: int
    ) -> None:
        fetched = b"* 1 FETCH (UID 5 BODY[]<0> {9}\r\nSub"
        script = (CAPABLE, LOGGED_IN, OPENED, FOUND, fetched)
        outcome = self.outcome(certificate, *script[:answered])
        assert isinstance(outcome, str)
        assert "try again later" in outcome

    @pytest.mark.parametrize(
        "answer",
        [
            b"* SEARCH five\r\nTAG OK done\r\n",
            b"* SEARCH \xff\r\nTAG OK done\r\n",
            b"TAG BAD odd\r\n",
            b"TAG NO leave@example.org is over quota\r\n",
            b"* BYE leave@example.org\r\n",
            b"\xff\x00\r\n",
            b"\r\n",
        ],
    )
    def test_answers_that_cant_be_understood(
        self, certificate: Path, answer: bytes
    ) -> None:
        outcome = self.outcome(certificate, CAPABLE, LOGGED_IN, OPENED, answer)
        assert isinstance(outcome, str)
        assert "try again later" in outcome

    def test_more_than_was_asked_for(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(imap, "MOST_BYTES", 1_000_000)
        endless = b"* 1 FETCH (UID 5 BODY[]<0> {900000000000}\r\nSubject: "
        outcome = self.outcome(
            *(certificate, CAPABLE, LOGGED_IN, OPENED, FOUND, endless)
        )
        assert outcome == (
            "localhost: the server sent more than it was asked for, so nothing was read; "
            "try again, or ask whoever runs the server"
        )


class TestUnreachable:
    def test_no_such_host(self) -> None:
        address = ImapFolder("leave@example.org", "mail.invalid")
        assert "there is no such server" in refusal(address)

    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        address = mailbox_addresses.parse(f"imaps://user@127.0.0.1:{port}")
        assert isinstance(address, ImapFolder)
        assert "can't be reached (Connection refused)" in refusal(address)


class TestProxy:
    @pytest.fixture
    def certificate(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Path:
        path = tls.certificate(tmp_path, "mail.invalid", "localhost")
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(path))
        return path

    @pytest.mark.parametrize(
        ("scheme", "handle", "asked"),
        [
            ("socks5h", socks, b"\5\1\0\3\x0cmail.invalid\3\xe1"),
            ("http", connect, b"CONNECT mail.invalid:993 HTTP/1.1\r\n"),
        ],
    )
    def test_the_proxy_looks_up_the_name_and_tls_is_with_the_server(
        self,
        certificate: Path,
        scheme: str,
        handle: Callable[[socket.socket, list[bytes]], bool],
        asked: bytes,
    ) -> None:
        with (
            answering(
                certificate, scripted(CAPABLE, LOGGED_IN, OPENED)
            ) as behind,
            relay(handle, Site(behind.port)) as proxy,
        ):
            address = ImapFolder("leave@example.org", "mail.invalid")
            place = f"{scheme}://{proxy.place}"
            mailbox = ImapMailbox(address, dovecot.PASSWORD, place)
            assert mailbox.validity == 7
            mailbox.close()
        assert proxy.requests[0].startswith(asked)

    def test_a_proxy_that_refuses(self) -> None:
        refusing = partial(socks, refusal=4)
        with relay(refusing, Site(1)) as proxy:
            message = refusal(
                ImapFolder("leave@example.org", "mail.invalid"),
                proxy=f"socks5h://{proxy.place}",
            )
        assert message == (
            "mail.invalid: can't be reached through the proxy: it can't find or reach the host"
        )

    def test_no_proxy_there(self) -> None:
        message = refusal(
            ImapFolder("leave@example.org", "mail.invalid"),
            proxy="socks5h://127.0.0.1:1",
        )
        assert message.endswith(
            "start it, or correct 'proxy' under [collect] in briefing.toml"
        )

    def test_a_server_on_this_computer_is_reached_without_it(
        self, certificate: Path
    ) -> None:
        with answering(
            certificate, scripted(CAPABLE, LOGGED_IN, OPENED)
        ) as address:
            ImapMailbox(
                address, dovecot.PASSWORD, "socks5h://127.0.0.1:1"
            ).close()
