"""Mailboxes of each kind, for tests that hold for all of them."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import imap_tools
import pytest

from briefing.configuration import mailbox_addresses
from briefing.configuration.mailbox_addresses import MailboxAddress
from briefing.mailbox.base import Position, StoredMail
from briefing.mailbox.maildir import open_mailbox
from tests import tls
from tests.mailbox import dovecot
from tests.mailbox.dovecot import Dovecot

_numbers = itertools.count(1)


def mail(subject: str, text: str = "Hello.", *fields: str) -> bytes:
    """Return an email with its own Message-ID."""
    lines = [
        "From: Ada Reader <ada@example.org>",
        "To: leave@example.org",
        f"Subject: {subject}",
        "Date: Fri, 20 Nov 2026 10:00:00 +0000",
        f"Message-ID: <{next(_numbers)}@example.org>",
        *fields,
        "",
        text,
        "",
    ]
    return "\r\n".join(lines).encode()


def returned(token: str, diagnostic: str = "550 5.1.1 User unknown") -> bytes:
    """An email that came back, with the header that it had when it went to the reader with a token."""
    status = diagnostic.split()[1]
    report = (
        "--b\r\n\r\nYour mail couldn't be delivered.\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; x@example.com\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {diagnostic}\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Weekly Brief\r\n"
        f"List-Unsubscribe: <mailto:leave@example.org?subject={token}>\r\n\r\n--b--"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    data = mail(
        "Undelivered", report, "MIME-Version: 1.0", f"Content-Type: {kind}"
    )
    return data.replace(b"Ada Reader <ada@", b"MAILER-DAEMON <mailer-daemon@")


class Box(Protocol):
    """A mailbox that a test fills and looks at from outside."""

    address: MailboxAddress

    def deliver(self, data: bytes) -> None:
        """Put an email into it, below those that it has."""

    def state(self) -> object:
        """Return everything in it: emails, flags and names."""


NOTHING_READ = Position()


def read(box: Box, position: Position = NOTHING_READ) -> list[StoredMail]:
    """Return the emails after a position."""
    with open_mailbox(
        box.address, dovecot.PASSWORD, Path(), proxy=""
    ) as mailbox:
        return list(mailbox.after(position))


def accept(box: Box, position: Position = NOTHING_READ) -> Position:
    """Read what is new, and return the position after all of that was accepted."""
    with open_mailbox(
        box.address, dovecot.PASSWORD, Path(), proxy=""
    ) as mailbox:
        marks = [each.mark for each in mailbox.after(position)]
        return position.advanced(mailbox.validity, marks)


@dataclass
class MaildirBox:
    """A Maildir to which a mail server delivers."""

    path: Path

    def __post_init__(self) -> None:
        for folder in ("new", "cur", "tmp"):
            (self.path / folder).mkdir(parents=True)
        self.address = mailbox_addresses.parse(str(self.path))
        self.count = 0

    def deliver(self, data: bytes) -> None:
        self.count += 1
        name = f"{1_764_000_000 + self.count}.M1P{self.count}.mx"
        (self.path / "tmp" / name).write_bytes(data)
        (self.path / "tmp" / name).rename(self.path / "new" / name)

    def state(self) -> object:
        return {
            path: path.read_bytes()
            for path in self.path.rglob("*")
            if path.is_file()
        }


@dataclass
class ImapBox:
    """A folder of its own on Dovecot."""

    server: Dovecot
    folder: str = field(default_factory=lambda: f"Folder {next(_numbers)}")

    def __post_init__(self) -> None:
        url = self.server.url(self.folder.replace(" ", "%20"))
        self.address = mailbox_addresses.parse(url)
        with self.connected() as connection:
            connection.folder.create(self.folder)

    def connected(self) -> imap_tools.MailBox:
        """Return a connection that may change the folder."""
        context = tls.client_context(self.server.certificate)
        connection = imap_tools.MailBox(
            "localhost", self.server.port, timeout=60, ssl_context=context
        )
        connection.login(dovecot.USER, dovecot.PASSWORD)
        return connection

    def deliver(self, data: bytes) -> None:
        with self.connected() as connection:
            connection.append(data, self.folder)

    def state(self) -> object:
        with self.connected() as connection:
            connection.folder.set(self.folder, readonly=True)
            found = connection.fetch(mark_seen=False)
            return [
                (each.uid, each.flags, each.obj.as_bytes()) for each in found
            ]

    def renumber(self, *mails: bytes) -> None:
        """Make the folder again, with other uids and another UIDVALIDITY."""
        with self.connected() as connection:
            connection.folder.delete(self.folder)
            connection.folder.create(self.folder)
            for data in mails:
                connection.append(data, self.folder)


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    if not dovecot.is_here():
        pytest.skip(
            "Dovecot isn't here: 'make dovecot' unpacks it where there is apt"
        )
    with dovecot.running() as server:
        yield server


@pytest.fixture
def imap_box(
    dovecot_server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> ImapBox:
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(dovecot_server.certificate))
    return ImapBox(dovecot_server)


@pytest.fixture(params=["imap", "Maildir"])
def box(request: pytest.FixtureRequest, tmp_path: Path) -> Box:
    """A mailbox of each kind."""
    if request.param == "imap":
        found: ImapBox = request.getfixturevalue("imap_box")
        return found
    return MaildirBox(tmp_path / "mail")
