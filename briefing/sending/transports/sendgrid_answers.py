"""What SendGrid says, and what that means for the readers of a request. Pure decisions.

Only 202 means that mails were accepted, and only 4xx that they weren't. Everything else says nothing: another 2xx
(200 is the sandbox), a redirect, an error of its own.
"""

import datetime as dt
import json
import re
import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import Enum
from http.client import HTTPException
from typing import Any

from briefing.errors import TransportError
from briefing.sending.transports.replies import Reply

SENDING = ("mail.send",)
SCHEDULING = ("mail.batch.create", "user.scheduled_sends.create")
"""What a key must be allowed (SendGrid, scopes)."""

MOST_WRONG = dt.timedelta(minutes=5)

_SECONDS = re.compile(r"\s*\d{1,12}\s*", re.ASCII)
_READER = re.compile(r"personalizations\.(\d{1,4})(?:\..*)?", re.DOTALL)

# What stops the send, and the cure.
_ABOUT_US = {
    401: "doesn't take the key; make a new one at SendGrid (Settings, API Keys) and see [sendgrid] region",
    403: "doesn't allow this key or this sender; give the key the access it lacks, and verify the sender's domain",
    404: "doesn't know mail/send; see [sendgrid] host and region in briefing.toml",
    405: "doesn't take what a client of version 3 posts; see [sendgrid] host in briefing.toml",
    413: "finds the request too large; make the issue's pictures fewer or smaller",
    415: "doesn't take JSON; see [sendgrid] host in briefing.toml",
}
_CREDITS = "has no credits left for this account; wait until they renew, or buy more"

_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (
        ssl.SSLCertVerificationError,
        "its certificate can't be trusted ({error.verify_message}); check this computer's clock and network",
    ),
    (ssl.SSLError, "doesn't speak TLS as expected; check what stands between, such as a proxy"),
    (TimeoutError, "didn't answer in time"),
    (socket.gaierror, "there is no such host; check the network"),
    (ConnectionRefusedError, "nobody answers there; check the network"),
    (ConnectionError, "ended the connection"),
    (HTTPException, "its answer broke off, or is none"),
)


class Meaning(Enum):
    """What became of the readers of a request."""

    ACCEPTED = "all were taken"
    NAMED = "some are refused by name, none were taken"
    UNNAMED = "something in it is refused, none were taken"
    LATER = "too many requests, none were taken"
    NOT_SENT = "the request didn't go out whole, none were taken"
    UNKNOWN = "they may have been taken, or not"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from a request, or why nothing did."""

    status: int
    """0: no whole answer came."""
    body: bytes = field(default=b"", repr=False)
    reset: str = ""
    """X-RateLimit-Reset, as it was sent."""
    date: str = ""
    """Date, as it was sent."""
    failure: str = ""
    """Why no answer came."""
    sent: bool = True
    """Whether the request went out whole; if not, nothing of it counts."""

    def json(self) -> Any:
        """Its body; None if it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def complaints(self) -> list[tuple[str, str]]:
        """Its errors as field (may be empty) and message; none if it isn't as SendGrid's answers are."""
        content = self.json()
        errors = content.get("errors") if isinstance(content, dict) else None
        found = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
        return [(str(one.get("field") or ""), str(one.get("message") or "")) for one in found]

    def words(self, address: str = "") -> str:
        """Status and messages on one line, without any address, nor what stands before the @ of this one."""
        if not self.status:
            return self.failure
        messages = (f"{field}: {message}" if field else message for field, message in self.complaints())
        return Reply(self.status, "; ".join(messages)).words(address)

    @property
    def until(self) -> float:
        """When another request is allowed, in seconds since 1970; 0 if it isn't said."""
        return float(self.reset) if _SECONDS.fullmatch(self.reset) else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to a request to send."""

    meaning: Meaning
    words: str = ""
    """SendGrid's, without addresses."""
    named: Mapping[int, str] = field(default_factory=dict)
    """Who was named, by their place in the request, and with which words."""
    until: float = 0.0
    """When another request is allowed, in seconds since 1970; 0 if it wasn't said."""


def judge(answer: Answer, addresses: Sequence[str]) -> Verdict:
    """What an answer means for the readers of a request, given by address in its order.

    Raises TransportError, with words that tell the cure, for a refusal that isn't about readers; none was taken then.
    """
    words = answer.words(addresses[0] if len(addresses) == 1 else "")
    if not answer.sent:
        return Verdict(Meaning.NOT_SENT, words)
    if answer.status == 202:
        return Verdict(Meaning.ACCEPTED)
    if answer.status == 429:
        return Verdict(Meaning.LATER, words, until=answer.until)
    if answer.status // 100 != 4:
        return Verdict(Meaning.UNKNOWN, words)
    if answer.status != 400:
        raise TransportError(refusal(answer))
    named: dict[int, str] = {}
    for about, message in answer.complaints():
        reader = _READER.fullmatch(about)
        if reader and int(reader[1]) < len(addresses):
            place = int(reader[1])
            named.setdefault(place, Reply(400, message).words(addresses[place]))
        elif about and not reader:
            raise TransportError(f"SendGrid refuses what the issue or the settings say, not a reader: {words}")
    return Verdict(Meaning.NAMED if named else Meaning.UNNAMED, words, named)


def refusal(answer: Answer) -> str:
    """Any answer but the one that was wanted, in one line with the cure where there is one."""
    words = answer.words()
    cure = _ABOUT_US.get(answer.status, "refuses")
    if answer.status == 401 and any("credit" in message.lower() for _, message in answer.complaints()):
        cure = _CREDITS
    if answer.status // 100 == 3:
        cure = "leads to another address, where the key must not go; see [sendgrid] host in briefing.toml"
    if answer.status // 100 == 5 or answer.status == 429:
        cure = "doesn't work for us now; try again later"
    return f"SendGrid {cure} ({words})" if answer.status else words


def check_key(answer: Answer, needed: Iterable[str]) -> None:
    """Look through what a key is allowed (GET /v3/scopes). Raises TransportError unless that is all that is needed."""
    if answer.status != 200:
        raise TransportError(f"{refusal(answer)}; nothing was sent")
    content = answer.json()
    scopes = content.get("scopes") if isinstance(content, dict) else None
    if not isinstance(scopes, list):
        raise TransportError("what answers isn't SendGrid; see [sendgrid] host in briefing.toml; nothing was sent")
    if missing := [scope for scope in needed if scope not in scopes]:
        raise TransportError(
            f"the key for SendGrid lacks {', '.join(missing)}; make one that has it (at SendGrid: Settings, API Keys); "
            "nothing was sent"
        )


def check_clock(answer: Answer, now: dt.datetime) -> None:
    """Compare this computer's clock, by which a time to send is meant. Raises TransportError if it is wrong by much."""
    try:
        wrong = abs(parsedate_to_datetime(answer.date) - now)
    except (ValueError, TypeError):  # none is told, or without a zone
        return
    if wrong > MOST_WRONG:
        raise TransportError(
            f"this computer's clock is {wrong.total_seconds() / 60:,.0f} minutes away from SendGrid's; set it right, "
            "or the mails would go out at another time"
        )


def status_of(answer: Answer, batch: str) -> str:
    """What a batch is set to, `cancel` or `pause` (GET /v3/user/scheduled_sends/…); empty if it isn't said."""
    content = answer.json()
    if answer.status != 200 or not isinstance(content, list):
        return ""
    found = (one.get("status") for one in content if isinstance(one, dict) and one.get("batch_id") == batch)
    return next((str(status) for status in found), "")


def why_not(error: object) -> str:
    """What an error of the network means, in a few words."""
    words = (words for kind, words in _FAILURES if isinstance(error, kind))
    return next(words, "can't be reached; check the network").format(error=error)
