"""What an email to the leaving mailbox reports about readers: that they leave, complain, or can't be
reached. No I/O.

Our own token tells whose email it is. Anyone can write any address into an email, so a wish to leave
counts for an address only if our mail server proved the sender; whether it is on the list is decided
later.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from briefing.bounces.explaining import TOKEN
from briefing.bounces.kinds import FAILURES, BounceKind, Explanation
from briefing.mailbox.headers import Header, passed_dmarc
from briefing.sending.transports.usual_words import keep_usual_words
from briefing.syncing.reports import (
    Complained,
    Left,
    Person,
    Report,
    Returned,
    Unconcerned,
    Unproved,
    Unverified,
)
from briefing.text.header_fields import read_moment

from .leaving_words import asks_to_leave

_IN_SUBJECT = re.compile(TOKEN)
_RECIPIENTS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_DIAGNOSTIC = re.compile(
    rb"^Diagnostic-Code:([^\n]*+(?:\n[ \t][^\n]*+)*+)",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_DIAGNOSTIC = 1_000
_LOOKED_AT = 200_000
"""Bytes of an email in which the other server's words are looked for."""


@dataclass(frozen=True, slots=True)
class MailboxFacts:
    """What must be known to understand an email to the leaving mailbox."""

    mailto: str
    """The address to which readers write to leave ([unsubscribe] mailto); may be empty."""
    checked_by: str
    """See `headers.passed_dmarc`."""
    today: dt.date


def reports_in(
    data: bytes,
    explanation: Explanation,
    own_words: Callable[[], str],
    facts: MailboxFacts,
) -> Iterator[Report]:
    """Yield what an email reports, at least one report for each email.

    `explanation` is what `bounces` found out; `own_words` returns what the sender wrote, without what
    is quoted.
    """
    header = Header.of(data)
    day = arrived_on(header, facts.today)
    found: list[Report] = []
    if explanation.kind is BounceKind.NONE:
        found += _leaving(header, own_words, facts, day)
    elif explanation.kind is not BounceKind.AUTOMATIC:
        found += _about_delivery(data, explanation, day)
    yield from found or [Unconcerned(explanation.kind, day)]


def _leaving(
    header: Header,
    own_words: Callable[[], str],
    facts: MailboxFacts,
    day: dt.date,
) -> Iterator[Report]:
    """Yield that the sender wants to leave, if they do."""
    tokens = {*_tokens(header, facts.mailto)}
    if len(tokens) == 1:
        yield Left(Person(token=tokens.pop()), day)
    # There is no telling which of several readers wrote.
    elif tokens:
        return
    elif asks_to_leave(header.subject) or asks_to_leave(own_words()):
        if passed_dmarc(header, facts.checked_by):
            yield Left(Person(address=header.sender), day)
        else:
            yield Unproved(day)


def _tokens(header: Header, mailto: str) -> Iterator[str]:
    """Yield the readers' tokens in the subject, and behind the name in the address that was written to."""
    yield from _IN_SUBJECT.findall(header.subject.lower())
    name, _, domain = mailto.lower().partition("@")
    if not name:
        return
    address = re.compile(
        rf"(?<![\w.+-]){re.escape(name)}\+({TOKEN})@{re.escape(domain)}(?![\w.-])"
    )
    for field in _RECIPIENTS:
        for value in header.all(field):
            yield from address.findall(value.lower())


def _about_delivery(
    data: bytes, explanation: Explanation, day: dt.date
) -> Iterator[Report]:
    """Yield what a complaint or an email that came back reports."""
    words = ""
    for person, kind in _concerned(explanation):
        is_grave = kind in {BounceKind.COMPLAINT, BounceKind.DEAD}
        if is_grave and not person.token:
            yield Unverified(person, day, kind)
        elif kind is BounceKind.COMPLAINT:
            yield Complained(person, day)
        elif kind in FAILURES:
            words = words or _words(data, explanation)
            yield Returned(person, kind, day, words)


def _concerned(explanation: Explanation) -> Iterator[tuple[Person, BounceKind]]:
    """Yield the people an email is about, and what it says of them: by our tokens, or else by the addresses
    that it names.
    """
    for token in explanation.tokens:
        yield Person(token=token), explanation.kind
    if explanation.tokens:
        return
    for recipient in explanation.recipients:
        if recipient.address:
            yield Person(address=recipient.address), recipient.kind


def _words(data: bytes, explanation: Explanation) -> str:
    """Return what the other server said, in words that name no one; "" if it gave no reason."""
    found = _DIAGNOSTIC.search(data[:_LOOKED_AT].replace(b"\r\n", b"\n"))
    field = found[1][:_LONGEST_DIAGNOSTIC] if found else b""
    # "smtp; 550 …": what is in front says whose words follow (RFC 3464 2.3.6).
    said = field.decode("utf-8", "replace").rpartition("smtp;")[2]
    statuses = [each.status for each in explanation.recipients if each.status]
    return keep_usual_words(said) or next(iter(statuses), "")


def arrived_on(header: Header, today: dt.date) -> dt.date:
    """Return the day on which our server received an email; else the day that the email says, or today.
    Never a day in the future.
    """
    # The topmost field is our own server's, and its date is behind the last semicolon (RFC 5321 4.4).
    _, _, received = header.first("Received").rpartition(";")
    when = read_moment(received.strip()) or read_moment(header.first("Date"))
    return min(when.date(), today) if when else today
