"""What a mail server's answers mean for an email. Pure decisions."""

import re
from dataclasses import dataclass, field
from enum import Enum

from briefing.errors import TransportError
from briefing.sending.ledger.schema import State

from .usual_words import keep_usual_words

_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}", re.ASCII)  # RFC 3463

# "try again in 300 seconds", "greylisted for 5 minutes", "come back in 00:05:00"
_AFTER = re.compile(
    r"\b(?:in|for|after)\s(?:at\sleast\s)?(?:(\d\d):(\d\d):(\d\d)|(\d{1,5})\s?(s|m|h|sec\w*|min\w*|hours?))\b",
    re.ASCII | re.IGNORECASE,
)
_GREYLISTED = re.compile(r"gr[ae]ylist", re.IGNORECASE)
_UNITS = {"s": 1, "m": 60, "h": 3600}
# "550 5.1.1": no such mailbox; 5.1.3: not an address; 5.1.6: it has moved; 5.2.1: it is disabled (RFC 3463); 5.1.10:
# its domain takes no mail (RFC 7505).
_UNKNOWN = re.compile(r"5\d\d 5\.(1\.(1|3|6|10)|2\.1)(?![\d.])", re.ASCII)


class Stage(Enum):
    """The command that was answered (RFC 5321 3.3)."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "the final dot"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its code, and its lines joined to one."""

    code: int
    text: str = field(repr=False)

    @property
    def status(self) -> str:
        """The enhanced status code (RFC 3463), such as 5.1.1; empty if there isn't one."""
        status = _STATUS.match(self.text)
        return status[0] if status else ""

    @property
    def closes(self) -> bool:
        """Whether the server closes the connection with it (RFC 5321 3.8)."""
        return self.code == 421

    @property
    def words(self) -> str:
        """What of it may be shown and kept: the code, the enhanced code, the usual words."""
        status = self.status
        rest = " ".join(word for word in self.text.split() if word != status)
        parts = (str(self.code), status, keep_usual_words(rest))
        return " ".join(part for part in parts if part)

    @property
    def retry_after(self) -> float:
        """The seconds after which it says to try again; 0 if it doesn't say."""
        found = _AFTER.search(self.text)
        if not found:
            return 0.0
        hours, minutes, seconds, number, unit = found.groups(default="0")
        if unit != "0":
            return float(number) * _UNITS[unit[0].lower()]
        return int(hours) * 3600.0 + int(minutes) * 60.0 + int(seconds)

    @property
    def is_about_size(self) -> bool:
        """Whether the email is too large for the server or the mailbox's rules."""
        # RFC 1870 6.1: 552 to MAIL; RFC 3463: 5.2.3, 5.3.4. 5.2.2 is a full mailbox.
        if self.status:
            return self.status in {"5.2.3", "5.3.4"}
        return self.code == 552

    @property
    def is_about_policy(self) -> bool:
        """Whether it is about who sends, or what: a limit on the sender, or a policy (RFC 3463)."""
        return self.status == "5.4.5" or self.status.startswith("5.7.")


def judge(stage: Stage, reply: Reply) -> State | None:
    """Return the outcome of an email, ACCEPTED, DEFERRED or REJECTED; None to go on with it.

    A refusal of the address, or of the whole email, rejects the reader. Raises TransportError for
    one that isn't about the reader: of the sender, of DATA, for a limit on the sender or a policy.
    """
    kind = reply.code // 100
    if kind == 4:
        return State.DEFERRED
    if kind == 5:
        if stage in {Stage.RCPT, Stage.DOT} and not reply.is_about_policy:
            return State.REJECTED
        raise TransportError(explain(stage, reply))
    return State.ACCEPTED if stage is Stage.DOT and kind == 2 else None


def explain(stage: Stage, reply: Reply) -> str:
    """Return what a refusal means, the server's words, and what to do."""
    meaning, remedy = _meaning(stage, reply)
    return f"{meaning} ({reply.words}); {remedy}"


def _meaning(stage: Stage, reply: Reply) -> tuple[str, str]:
    if reply.status == "5.4.5":
        return _LIMIT
    if stage is Stage.MAIL and reply.code in {530, 538}:
        return _LOGIN
    if reply.is_about_size:
        return _SIZE
    return _MEANINGS[stage]


_LIMIT = (
    "the server says that a limit on your account has been reached",
    "wait until it resets, or ask your provider for a higher one",
)
_LOGIN = (
    "the server accepts mail only after a login",
    "set 'username' and 'security' under [smtp] in briefing.toml",
)
_SIZE = (
    "the server says that the email is too large",
    "use fewer or smaller photos",
)
_MEANINGS = {
    Stage.MAIL: (
        "the server doesn't let you send from this address",
        "check 'from' and 'bounces' under [newsletter] in briefing.toml, and ask your "
        "provider which addresses your account may send from",
    ),
    Stage.RCPT: (
        "the server doesn't pass on your email to this reader",
        "check 'host' and 'username' under [smtp] in briefing.toml, or ask your provider",
    ),
    Stage.DATA: (
        "the server rejects the email",
        "ask your provider, and show them this message",
    ),
    Stage.DOT: (
        "the server rejects the content of the email as spam or as against its rules",
        "change the issue and try it with --test, or ask your provider",
    ),
}
"""What a refusal of each step means, and what to do."""


def says_unknown(words: str) -> bool:
    """Whether the words kept of a refusal say that there is no such reader (RFC 3463 3.2, 3.3)."""
    return _UNKNOWN.match(words) is not None


def says_greylisted(words: str) -> bool:
    """Whether the words kept of a refusal speak of greylisting (RFC 6647)."""
    return _GREYLISTED.search(words) is not None


def without_numbers(words: str) -> str:
    """Return what two refusals with the same cause share: the code, and the words without digits
    (queue ids, times).
    """
    return words[:3] + re.sub(r"(?<!\S)[^\s\d]*+\d\S*+", "", words[3:])
