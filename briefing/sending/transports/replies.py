"""What a mail server's answers mean for a mail. Pure decisions."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from briefing.errors import TransportError
from briefing.sending.schema import State

LONGEST = 200
"""Characters of a server's answer to keep."""

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")  # RFC 3463
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;]+")
_CONTROLS = {"Cc", "Cf", "Cs"}  # and marks that reverse the direction of text


class Stage(Enum):
    """The command that was answered (RFC 5321 3.3), as messages name it."""

    MAIL = "the sender"
    RCPT = "the reader's address"
    DATA = "the mail"
    DOT = "the whole mail"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its code, and its lines joined to one."""

    code: int
    text: str

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), such as 5.1.1; empty if there isn't one."""
        status = _STATUS.match(self.text)
        return status[0] if status else ""

    @property
    def closes(self) -> bool:
        """Whether the server closes the connection with it (RFC 5321 3.8)."""
        return self.code == 421

    def words(self, address: str = "") -> str:
        """Return code and text for a terminal and the ledger: without addresses and control
        characters, shortened.

        What precedes the @ of `address` is also removed, wherever it occurs.
        """
        text = _ADDRESS.sub("…", self.text)
        local = address.rpartition("@")[0]
        if len(local) > 2:
            text = re.sub(rf"(?i)(?<!\w){re.escape(local)}(?!\w)", "…", text)
        visible = ""
        for character in text:
            visible += (
                " " if unicodedata.category(character) in _CONTROLS else character
            )
        line = " ".join(f"{self.code} {visible}".split())
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def judge(stage: Stage, reply: Reply, address: str) -> State | None:
    """Return the outcome of a mail, ACCEPTED, DEFERRED or REJECTED; None to go on with it.

    Raises TransportError for a refusal that isn't about the reader: at any stage but RCPT, and
    there for a limit on the sender (5.4.5) or a policy (5.7.x).
    """
    kind = reply.code // 100
    if kind == 4:
        return State.DEFERRED
    if kind == 5:
        if (
            stage is Stage.RCPT
            and reply.status != "5.4.5"
            and not reply.status.startswith("5.7.")
        ):
            return State.REJECTED
        raise TransportError(
            f"the server refuses {stage.value}: {reply.words(address)}"
        )
    return State.ACCEPTED if stage is Stage.DOT and kind == 2 else None


def without_numbers(words: str) -> str:
    """Return what two refusals with the same cause share: the code, and the words without digits
    (queue ids, times).
    """
    return words[:3] + re.sub(r"\S*\d\S*", "", words[3:])
