"""The faults that an SMTP server can be given, and what it keeps about an email."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.sending.servers.listener import Kill, Turns

Stage = Literal[
    "connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot"
]


@dataclass(frozen=True)
class Reply:
    """Gives this answer instead; lines of `text` become lines of the reply, and after a 421 the
    connection ends.
    """

    code: int
    text: str = ""

    @property
    def accepted(self) -> bool:
        return self.code < 400


@dataclass(frozen=True)
class Drop:
    """Ends the connection without an answer; the replies to what came before go out first if
    `flushed`.

    In a body that is after half of the size that email announced, or else at its first bytes.
    """

    accepted: bool = True
    """At the dot: whether the email counts as accepted nevertheless."""
    flushed: bool = True


@dataclass(frozen=True)
class Hang:
    """Answers late; at the dot, an email that isn't accepted before is never answered."""

    seconds: float
    accepted: bool = True


Action = Reply | Drop | Hang | Kill


@dataclass
class Rule(Turns):
    """One fault; with `when`, only for recipients for whom it is true."""

    stage: Stage
    action: Action
    when: Callable[[str], bool] | None = None

    def __post_init__(self) -> None:
        if self.stage == "body" and isinstance(self.action, Reply):
            raise ValueError(
                "nothing is answered within a body; say it at the dot"
            )

    def covers(self, addresses: Sequence[str]) -> bool:
        return self.when is None or any(
            self.when(address) for address in addresses
        )


@dataclass(frozen=True)
class ReceivedMail:
    """An email that was accepted: its lines end as they arrived, doubled dots are single again."""

    recipient: str
    sender: str
    data: bytes
    connection: int
