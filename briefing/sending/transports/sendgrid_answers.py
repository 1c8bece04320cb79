"""What SendGrid's answers say about the readers of a request. Pure decisions.

Only 202 means that emails were accepted, and only 4xx that they weren't. Everything else says
nothing: another 2xx (200 is the sandbox), a redirect, an error of its own. SendGrid documents every
5xx as an error while it processed a valid request (500) or as an API that isn't available (503),
and 502 and 504 not at all; none of them is said to mean that no email was taken.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from briefing.errors import TransportError
from briefing.text.header_fields import read_moment

from .http_client import Answer
from .http_delivery import Meaning, Verdict
from .replies import Reply

SENDING = ("mail.send",)
SCHEDULING = ("mail.batch.create", "user.scheduled_sends.create")
"""What a key must be allowed (SendGrid, scopes)."""

MOST_CLOCK_ERROR = dt.timedelta(minutes=5)

_SECONDS = re.compile(r"\s*\d{1,12}\s*", re.ASCII)
_READER = re.compile(r"personalizations\.(\d{1,4})(?:\..*)?", re.DOTALL)

_ADVICE = {
    401: "doesn't accept the key; make a new one at SendGrid (Settings, API Keys), and check 'region' under [sendgrid]",
    403: "doesn't allow this key or this sender; give the key the access it lacks, and verify the sender's domain",
    404: "has no address for sending (mail/send) there; check 'host' and 'region' under [sendgrid] in briefing.toml",
    405: "doesn't accept requests of version 3; check 'host' under [sendgrid] in briefing.toml",
    413: "says that the request is too large; use fewer or smaller photos",
    415: "doesn't accept JSON; check 'host' under [sendgrid] in briefing.toml",
}
"""Refusals that stop the send, and what to do."""
_NO_CREDITS = "has no credits left for this account; wait until they are renewed, or buy more"
_REDIRECT = "redirects to another address, where the key must not go; check 'host' under [sendgrid] in briefing.toml"
_UNAVAILABLE = "isn't working at the moment; try again later"


def judge(answer: Answer, addresses: Sequence[str]) -> Verdict:
    """Return what an answer says about the readers of a request, given by address in its order.

    Raises TransportError, saying what to do, for a refusal that isn't about readers; then nothing
    was accepted.
    """
    words = describe(answer)
    if answer.status == 202:
        return Verdict(Meaning.ACCEPTED)
    if answer.status == 429:
        return Verdict(Meaning.LATER, words, pause=_pause(answer))
    if answer.status // 100 != 4:
        return Verdict(Meaning.UNKNOWN, words)
    if answer.status != 400:
        raise TransportError(describe_refusal(answer))
    named = _readers_named(answer, addresses)
    return Verdict(Meaning.NAMED if named else Meaning.UNNAMED, words, named)


def _readers_named(answer: Answer, addresses: Sequence[str]) -> dict[int, str]:
    """Return the readers refused by name, by position, each with the words. Raises TransportError
    for another field.
    """
    named: dict[int, str] = {}
    for field, message in parse_errors(answer):
        reader = _READER.fullmatch(field)
        if field and not reader:
            words = describe(answer)
            raise TransportError(
                f"SendGrid rejects something in the issue or the settings, not a reader: {words}"
            )
        position = int(reader[1]) if reader else len(addresses)
        if position < len(addresses):
            named.setdefault(position, Reply(400, message).words)
    return named


def parse_errors(answer: Answer) -> list[tuple[str, str]]:
    """Return an answer's errors as field (may be empty) and message; none if it isn't in SendGrid's
    form.
    """
    errors = answer.fields().get("errors")
    parsed = []
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            parsed.append(
                (str(error.get("field") or ""), str(error.get("message") or ""))
            )
    return parsed


def describe(answer: Answer) -> str:
    """Return status and messages on one line, in their usual words only."""
    if not answer.status:
        return answer.failure
    messages = [
        f"{field}: {message}" if field else message
        for field, message in parse_errors(answer)
    ]
    return Reply(answer.status, "; ".join(messages)).words


def _pause(answer: Answer) -> float:
    """Return the seconds until another request is allowed; 0 if the answer doesn't say.

    Both of its times are SendGrid's, so it doesn't matter what this computer's clock shows.
    """
    reset = answer.headers.get("X-RateLimit-Reset", "")
    now = _date(answer)
    if now is None or not _SECONDS.fullmatch(reset):
        return 0.0
    return float(reset) - now.timestamp()


def _date(answer: Answer) -> dt.datetime | None:
    """Return when it was answered, by SendGrid's clock; None if there is no date, or no time zone."""
    date = read_moment(answer.headers.get("Date", ""))
    return date if date and date.tzinfo else None


def describe_refusal(answer: Answer) -> str:
    """Return one line about an answer that refuses, with what to do."""
    words = describe(answer)
    return f"SendGrid {_advice(answer)} ({words})" if answer.status else words


def _advice(answer: Answer) -> str:
    kind = answer.status // 100
    if kind == 3:
        return _REDIRECT
    if kind == 5 or answer.status == 429:
        return _UNAVAILABLE
    if answer.status == 401 and any(
        "credit" in message.lower() for _, message in parse_errors(answer)
    ):
        return _NO_CREDITS
    return _ADVICE.get(answer.status, "refuses")


def check_key(answer: Answer, needed: Iterable[str]) -> None:
    """Check what a key is allowed (GET /v3/scopes). Raises TransportError unless that includes all
    that is needed.
    """
    if answer.status != 200:
        raise TransportError(f"{describe_refusal(answer)}; nothing was sent")
    scopes = answer.fields().get("scopes")
    if not isinstance(scopes, list):
        raise TransportError(
            "the server isn't SendGrid; check 'host' under [sendgrid]; nothing was sent"
        )
    if missing := [scope for scope in needed if scope not in scopes]:
        raise TransportError(
            f"the API key for SendGrid lacks {', '.join(missing)}; make one with this access (at SendGrid: Settings, "
            "API Keys); nothing was sent"
        )


def check_clock(answer: Answer, now: dt.datetime) -> None:
    """Compare this computer's clock, which a scheduled time refers to. Raises TransportError if it
    is far off.
    """
    date = _date(answer)
    if date is None:
        return
    error = abs(date - now)
    if error > MOST_CLOCK_ERROR:
        raise TransportError(
            f"this computer's clock is {error.total_seconds() / 60:,.0f} minutes off; correct it, or the emails would "
            "go out at the wrong time"
        )


def find_status(answer: Answer, batch: str) -> str:
    """Return the status of a batch, `cancel` or `pause` (GET /v3/user/scheduled_sends/…); empty if
    unknown.
    """
    content = answer.json()
    if answer.status != 200 or not isinstance(content, list):
        return ""
    for entry in content:
        if isinstance(entry, dict) and entry.get("batch_id") == batch:
            return str(entry.get("status"))
    return ""
