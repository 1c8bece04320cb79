"""An SMTP server that keeps what it accepts, notes what a client does wrong, and fails on demand.

As a process, with the port as its first line: python -m tests.sending.servers.smtp --log FILE
"""

import argparse
import hashlib
import re
import ssl
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from tests.sending.servers.listener import Connection, Kill, Listener, run
from tests.sending.servers.smtp_rules import (
    Action,
    Drop,
    Hang,
    ReceivedMail,
    Reply,
    Rule,
    Stage,
)
from tests.sending.servers.smtp_session import Session

__all__ = [
    "Action",
    "Drop",
    "Hang",
    "Kill",
    "ReceivedMail",
    "Reply",
    "Rule",
    "SmtpServer",
    "Stage",
]

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class SmtpServer(Listener):
    """Listens on `port` while it is entered; connections are numbered from 1. `lean` keeps only the
    counts.
    """

    def __init__(
        self,
        *rules: Rule,
        pipelining: bool = True,
        smtputf8: bool = False,
        size: int | None = None,
        starttls: ssl.SSLContext | None = None,
        implicit_tls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        log: Path | None = None,
        durable: bool = False,
        delay: float = 0,
        max_connections: int | None = None,
        data_without_recipient: Literal["354", "503"] = "503",
        lean: bool = False,
    ) -> None:
        super().__init__()
        self.rules = list(rules)
        self.pipelining = pipelining
        self.smtputf8 = smtputf8
        self.size = size
        self.starttls = starttls
        self.implicit_tls = implicit_tls
        self.login = login
        self.log = log
        self.durable = durable
        self.delay = delay
        self.max_connections = max_connections
        self.data_without_recipient = data_without_recipient
        self.lean = lean
        self.count = 0
        self.mails: list[ReceivedMail] = []
        self.commands: list[tuple[int, bytes]] = []
        self.raw: dict[int, bytearray] = {}
        self.round_trips: Counter[int] = Counter()
        self.hanging: set[int] = set()
        """The clients' ports of connections on which a rule hangs."""

    def serve(self, connection: Connection) -> None:
        connection.delay = self.delay
        connection.round_trips = self.round_trips
        if not self.lean:
            connection.raw = self.raw[connection.number] = bytearray()
        Session(self, connection).run()

    def action(
        self, stage: Stage, addresses: Sequence[str] = ()
    ) -> Action | None:
        """The action of the first rule that is due here."""
        with self.lock:
            here = [rule for rule in self.rules if rule.stage == stage]
            for rule in here:
                rule.reached += 1
            for rule in here:
                if rule.due() and rule.covers(addresses):
                    rule.acted += 1
                    return rule.action
        return None

    def accept(
        self,
        connection: Connection,
        sender: str,
        recipients: Sequence[str],
        data: bytes,
    ) -> None:
        """Accept an email; if there is a log, it is in it from now on."""
        lines = (
            "".join(
                f"{recipient}\t{_fingerprint(data)}\n"
                for recipient in recipients
            )
            if self.log
            else ""
        )
        with self.lock:
            self.append(lines)
            self.count += len(recipients)
            if not self.lean:
                self.mails.extend(
                    ReceivedMail(recipient, sender, data, connection.number)
                    for recipient in recipients
                )

    def command(self, connection: Connection, line: bytes) -> None:
        if not self.lean:
            self.commands.append((connection.number, line))

    def violates(self, connection: Connection, what: str) -> None:
        self.violations.append(f"connection {connection.number}: {what}")


def _fingerprint(data: bytes) -> str:
    """An email's message-id and digest."""
    found = MESSAGE_ID.search(data.partition(b"\r\n\r\n")[0])
    return f"{found[1].decode(errors='replace') if found else ''}\t{hashlib.sha256(data).hexdigest()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--log",
        type=Path,
        help="one line for each email: recipient, message-id, SHA-256 of the data",
    )
    parser.add_argument(
        "--durable",
        action="store_true",
        help="the log is on the disk before an email is answered",
    )
    parser.add_argument(
        "--lean", action="store_true", help="keep nothing in memory"
    )
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--smtputf8", action="store_true")
    parser.add_argument("--size", type=int)
    parser.add_argument(
        "--delay",
        type=float,
        default=0,
        help="seconds before each group of replies",
    )
    parser.add_argument("--max-connections", type=int)
    parser.add_argument("--login", help="USER:PASSWORD")
    parser.add_argument(
        "--data-without-recipient", choices=["354", "503"], default="503"
    )
    options = parser.parse_args()
    user, colon, password = (options.login or "").partition(":")
    server = SmtpServer(
        pipelining=not options.no_pipelining,
        smtputf8=options.smtputf8,
        size=options.size,
        login=(user, password) if colon else None,
        log=options.log,
        durable=options.durable,
        delay=options.delay,
        max_connections=options.max_connections,
        data_without_recipient=options.data_without_recipient,
        lean=options.lean,
    )
    run(server)


if __name__ == "__main__":
    main()
