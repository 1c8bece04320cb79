"""One connection to the SMTP server: RFC 5321 with pipelining (RFC 2920), TLS (RFC 3207) and a
login (RFC 4954).
"""

import base64
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.sending.servers.listener import Connection, Kill
from tests.sending.servers.smtp_rules import Action, Drop, Hang, Reply, Stage

if TYPE_CHECKING:
    from tests.sending.servers.smtp import SmtpServer

LONGEST_LINE = 1000
"""With its end: RFC 5321, 4.5.3.1.6."""
PATH = re.compile(
    rb'(FROM|TO):<((?:"(?:\\.|[^"\\])*"|[^<>"\s])*)>((?: \S+)*)', re.IGNORECASE
)
MAY_BE_FOLLOWED = {b"MAIL", b"RCPT", b"RSET"}
"""Within a group; any other command is its last (RFC 2920, 3.1)."""
TOO_BIG = Reply(552, "5.3.4 too big")


def _bare(text: bytes) -> bool:
    """Whether there is a CR without LF, or an LF without CR."""
    return not text.count(b"\r\n") == text.count(b"\r") == text.count(b"\n")


class Session:
    """Reads the commands of one client and answers them, until OSError ends it."""

    def __init__(self, server: "SmtpServer", connection: Connection) -> None:
        self._server = server
        self._connection = connection
        self._greeted = self._extended = self._authenticated = False
        self._forget()
        self._commands = {
            b"EHLO": self._ehlo,
            b"HELO": self._helo,
            b"STARTTLS": self._starttls,
            b"AUTH": self._auth,
            b"MAIL": self._mail,
            b"RCPT": self._rcpt,
            b"DATA": self._data,
            b"RSET": self._rset,
            b"NOOP": lambda _: self._say(250, "2.0.0 ok"),
            b"VRFY": lambda _: self._say(252, "2.5.0 perhaps"),
            b"QUIT": self._quit,
        }

    def run(self) -> None:
        if self._server.implicit_tls:
            self._connection.encrypt(self._server.implicit_tls)
        most = self._server.max_connections
        if most is not None and self._server.connected > most:
            self._say(421, "4.7.0 too many connections")
        if self._answer("connect", Reply(220, "localhost ESMTP")) >= 400:
            self._connection.hang_up()
        while True:
            line = self._line()
            verb, _, rest = line.partition(b" ")
            verb = verb.upper()
            if verb not in self._commands:
                self._violates(f"an unknown command: {line[:60]!r}")
                self._say(500, "5.5.1 unknown command")
                continue
            if (
                verb not in MAY_BE_FOLLOWED or not self._pipelining
            ) and self._connection.has_more():
                self._violates(
                    f"{verb.decode()} was followed by more before it was answered"
                )
            self._commands[verb](rest)

    @property
    def _pipelining(self) -> bool:
        return self._server.pipelining and self._extended

    def _forget(self) -> None:
        """No email is under way."""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._asked: list[str] = []  # with those that were refused
        self._refused = False  # MAIL or a RCPT: a group goes on without knowing
        self._size = 0
        self._eight_bit = self._utf8 = False

    def _violates(self, what: str) -> None:
        self._server.violates(self._connection, what)

    def _say(self, code: int, text: str) -> None:
        *lines, last = text.split("\n")
        self._connection.say(
            "".join(
                [
                    *(f"{code}-{line}\r\n" for line in lines),
                    f"{code} {last}\r\n",
                ]
            ).encode()
        )
        if code == 421:
            self._connection.hang_up()

    def _out_of_order(
        self, command: str, why: str, *, excused: bool = False
    ) -> None:
        if not excused:
            self._violates(f"{command} out of order: {why}")
        self._say(503, f"5.5.1 {why}")

    def _answer(
        self, stage: Stage, reply: Reply, addresses: Sequence[str] = ()
    ) -> int:
        """Do what a rule says here, and reply. Returns the code."""
        reply = self._perform(self._server.action(stage, addresses)) or reply
        self._say(reply.code, reply.text)
        return reply.code

    def _perform(self, action: Action | None) -> Reply | None:
        match action:
            case Reply():
                return action
            case Drop():
                if action.flushed:
                    self._connection.flush()
                raise ConnectionAbortedError("a rule drops it")
            case Hang():
                self._connection.flush()
                self._server.hanging.add(self._connection.client_port)
                self._connection.pause(action.seconds)
            case Kill():
                action.call()
        return None

    def _line(self) -> bytes:
        """The next line, without its end."""
        seen = 0
        while (end := self._connection.buffer.find(b"\n", seen)) < 0:
            seen = len(self._connection.buffer)
            self._connection.fill()
        line = self._connection.consume(end + 1)
        self._server.command(self._connection, line)
        if _bare(line):
            self._violates(f"a bare CR or LF in a command: {line[:60]!r}")
        if len(line) > LONGEST_LINE:
            self._violates("a command over 1000 octets")
        return line.rstrip(b"\r\n")

    def _ehlo(self, _: bytes) -> None:
        server, encrypted = self._server, self._connection.encrypted
        self._forget()
        offers = {
            "ENHANCEDSTATUSCODES": True,
            "8BITMIME": True,
            "PIPELINING": server.pipelining,
            "SMTPUTF8": server.smtputf8,
            f"SIZE {server.size}": server.size is not None,
            "STARTTLS": server.starttls and not encrypted,
            "AUTH PLAIN LOGIN": server.login
            and (encrypted or not server.starttls),
        }
        text = "\n".join(
            ["localhost", *(offer for offer, made in offers.items() if made)]
        )
        self._greeted = self._extended = (
            self._answer("ehlo", Reply(250, text)) < 400
        )

    def _helo(self, _: bytes) -> None:
        self._forget()
        self._greeted, self._extended = True, False
        self._say(250, "localhost")

    def _starttls(self, _: bytes) -> None:
        context = self._server.starttls
        if not context or self._connection.encrypted:
            self._out_of_order("STARTTLS", "TLS isn't offered here")
        elif self._answer("starttls", Reply(220, "2.0.0 go ahead")) < 400:
            self._connection.buffer.clear()  # what came before the handshake may be a stranger's (RFC 3207, 4.2)
            self._connection.flush()
            self._connection.encrypt(context)
            self._greeted = self._extended = self._authenticated = False
            self._forget()

    def _auth(self, rest: bytes) -> None:
        if not self._server.login or self._authenticated:
            self._out_of_order("AUTH", "a login isn't wanted now")
            return
        if self._server.starttls and not self._connection.encrypted:
            self._violates("AUTH before STARTTLS")
            self._say(538, "5.7.11 encryption required")
            return
        try:
            given = self._credentials(rest)
        except ValueError:
            self._say(501, "5.5.2 this can't be read")
            return
        if not given:
            self._say(504, "5.5.4 unknown mechanism")
            return
        expected = [part.encode() for part in self._server.login]
        reply = (
            Reply(235, "2.7.0 welcome")
            if given == expected
            else Reply(535, "5.7.8 wrong user or password")
        )
        self._authenticated = self._answer("auth", reply) < 400

    def _credentials(self, rest: bytes) -> list[bytes]:
        """Return user and password; nothing if the mechanism is unknown. Raises ValueError."""
        mechanism, _, initial = rest.partition(b" ")
        match mechanism.upper():
            case b"PLAIN":
                _, user, password = self._credential(initial, "").split(b"\0")
            case b"LOGIN":
                user = self._credential(initial, "Username:")
                password = self._credential(b"", "Password:")
            case _:
                return []
        return [user, password]

    def _credential(self, initial: bytes, challenge: str) -> bytes:
        if not initial:
            self._say(334, base64.b64encode(challenge.encode()).decode())
            initial = self._line()
        return (
            b"" if initial == b"=" else base64.b64decode(initial, validate=True)
        )

    def _mail(self, rest: bytes) -> None:
        if not self._greeted:
            self._out_of_order("MAIL", "say EHLO first")
            return
        if self._sender is not None:
            self._out_of_order("MAIL", "an email is under way")
            return
        self._forget()
        sender = self._sender_of(rest)
        if isinstance(sender, Reply):
            self._say(sender.code, sender.text)
        elif self._answer("mail", Reply(250, "2.1.0 ok")) < 400:
            self._sender = sender
        self._refused = self._sender is None

    def _sender_of(self, rest: bytes) -> str | Reply:
        """The address in MAIL, or the objection to it."""
        if self._server.login and not self._authenticated:
            return Reply(530, "5.7.0 authentication required")
        found = PATH.fullmatch(rest)
        if not found or found[1].upper() != b"FROM":
            self._violates(f"an unreadable MAIL: {rest[:60]!r}")
            return Reply(501, "5.5.4 MAIL FROM:<address>")
        address = found[2]
        for parameter in found[3].decode(errors="replace").upper().split():
            if objection := self._objection_to_parameter(parameter):
                return objection
        objection = self._objection_to_script(address)
        return objection or address.decode(errors="replace")

    def _objection_to_parameter(self, parameter: str) -> Reply | None:
        """Take in a parameter of MAIL, or object to it."""
        most = self._server.size
        match parameter.split("="):
            case ["SIZE", size] if most is not None and size.isdecimal():
                self._size = int(size)
                if self._size > most:
                    return TOO_BIG
            case ["BODY", "7BIT" | "8BITMIME" as body] if self._extended:
                self._eight_bit = body == "8BITMIME"
            case ["SMTPUTF8"] if self._server.smtputf8 and self._extended:
                self._utf8 = True
            case _:
                self._violates(f"MAIL with {parameter}, which wasn't offered")
                return Reply(555, "5.5.4 unknown parameter")
        return None

    def _objection_to_script(self, address: bytes) -> Reply | None:
        if address.isascii() or self._utf8:
            return None
        self._violates("an address that isn't ASCII without SMTPUTF8")
        return Reply(553, "5.6.7 SMTPUTF8 required")

    def _rcpt(self, rest: bytes) -> None:
        if self._sender is None:
            excused = self._refused and self._pipelining
            self._out_of_order("RCPT", "no email is under way", excused=excused)
            return
        found = PATH.fullmatch(rest)
        if not found or found[1].upper() != b"TO" or found[3]:
            self._violates(f"an unreadable RCPT: {rest[:60]!r}")
            self._say(501, "5.5.4 RCPT TO:<address>")
        elif objection := self._objection_to_script(found[2]):
            self._say(objection.code, objection.text)
        else:
            address = found[2].decode(errors="replace")
            self._asked.append(address)
            if self._answer("rcpt", Reply(250, "2.1.5 ok"), [address]) < 400:
                self._recipients.append(address)
                return
        self._refused = True

    def _data(self, _: bytes) -> None:
        if not self._recipients:
            if self._asked and self._server.data_without_recipient == "354":
                self._say(354, "go on nevertheless")
                self._checked(self._raw_body())
                self._say(554, "5.5.1 no valid recipients")
                self._forget()
            else:
                self._out_of_order(
                    "DATA", "nobody to send to", excused=self._refused
                )
            return
        if self._answer("data", Reply(354, "go on"), self._recipients) >= 400:
            return
        if action := self._server.action("body", self._recipients):
            self._read_half()
            self._perform(action)
        data = self._checked(self._raw_body())
        if not self._pipelining and self._connection.has_more():
            self._violates("a body was followed by more before it was answered")
        self._dot(data)
        self._forget()

    def _dot(self, data: bytes) -> None:
        assert self._sender is not None
        action = self._server.action("dot", self._recipients)
        most = self._server.size
        if action is None and most is not None and len(data) > most:
            action = TOO_BIG
        accepted = action is None or action.accepted
        if accepted:
            self._server.accept(
                self._connection, self._sender, self._recipients, data
            )
        reply = self._perform(action) or Reply(250, "2.0.0 ok")
        if not accepted and not isinstance(action, Reply):
            raise ConnectionAbortedError("what isn't accepted isn't answered")
        self._say(reply.code, reply.text)

    def _read_half(self) -> None:
        half = max(1, self._size // 2)
        while (missing := half - len(self._connection.buffer)) > 0:
            self._connection.fill(missing)

    def _raw_body(self) -> bytes:
        """Everything up to the dot on a line of its own, between two CRLF."""
        buffer, seen = self._connection.buffer, 0
        while (
            not buffer.startswith(b".\r\n")
            and buffer.find(b"\r\n.\r\n", seen) < 0
        ):
            seen = max(0, len(buffer) - 4)
            self._connection.fill()
        if buffer.startswith(b".\r\n"):
            return self._connection.consume(3)[:0]
        return self._connection.consume(buffer.find(b"\r\n.\r\n", seen) + 5)[
            :-3
        ]

    def _checked(self, body: bytes) -> bytes:
        """The body, with doubled dots made single."""
        lines = b"\r\n" + body
        data = lines.replace(b"\r\n.", b"\r\n")[2:]
        for wrong, what in (
            (_bare(body), "a bare CR or LF in a body"),
            (
                lines.count(b"\r\n.") != lines.count(b"\r\n.."),
                "a line of a body begins with a dot that isn't doubled",
            ),
            (
                max(map(len, data.split(b"\r\n"))) + 2 > LONGEST_LINE,
                "a line of a body over 1000 octets",
            ),
            (
                not (body.isascii() or self._eight_bit or self._utf8),
                "a body that isn't ASCII without BODY=8BITMIME",
            ),
        ):
            if wrong:
                self._violates(what)
        return data

    def _rset(self, _: bytes) -> None:
        self._forget()
        self._say(250, "2.0.0 ok")

    def _quit(self, _: bytes) -> None:
        self._say(221, "2.0.0 bye")
        self._connection.hang_up()
