"""The mailbox where readers write to leave, and to which mail comes back, as a source of a sync.

Our own token tells whose email it is. Anyone can write any address into an email, so a wish to leave
counts for an address only if our mail server proved the sender. All other mail is for an editor to
read; `.briefing/open-mails.json` says which of it is still open. Nothing in the mailbox is changed.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from functools import partial
from typing import Any

from briefing.bounces.explaining import TOKEN, explain_in_child
from briefing.bounces.kinds import FAILURES, BounceKind, Explanation
from briefing.collecting.own_words import own_words
from briefing.configuration.settings import Settings
from briefing.errors import BriefingError, MailboxError, TransportError
from briefing.mailbox.base import Mark, Position, StoredMail
from briefing.mailbox.headers import Header, passed_dmarc
from briefing.mailbox.maildir import open_mailbox
from briefing.mailbox.positions import Positions
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sandbox.limited import run_limited
from briefing.sending.secrets.mailbox_password import mailbox_password
from briefing.storage import json_file
from briefing.text.header_fields import read_moment

from .leaving_words import asks_to_leave
from .reports import (
    Automatic,
    Left,
    OpenMail,
    Person,
    Report,
    Returned,
)

FILE = "open-mails.json"
DAMAGED = "can't be read; delete it, and look yourself at the emails that the last sync listed"
SECONDS = 3
"""Of CPU time, to find out what a person wrote."""
LOOKED_AT = 200_000
"""Bytes of an email in which words are looked for; pictures come below them."""
MOST_PARTS = 100
"""In an email that a person wrote. If more are nested in each other, the time grows faster than their
number.
"""
_IN_SUBJECT = re.compile(TOKEN)
_RECIPIENTS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


class LeavingMailbox:
    """[mailbox] leaving (`reports.Source`)."""

    name = "mailbox"
    title = "the mailbox"

    def __init__(
        self, newsletter: Newsletter, today: dt.date, *, seen: bool = False
    ) -> None:
        """`seen`: an editor has read the emails that were listed so far.

        Raises RefusedError without the mailbox's password, BriefingError if the positions can't be read.
        """
        settings = newsletter.settings
        address = settings.mailbox.leaving
        assert address, "it is set up"
        self._address = address
        self._newsletter = newsletter
        self._today = today
        self._password = mailbox_password(newsletter)
        self._positions = Positions(newsletter)
        self._position = self._positions.of(address)
        self._validity = self._position.validity
        path = newsletter.state / FILE
        kept = None if seen else json_file.read(path, _parse_open, DAMAGED)
        self._open = kept or {}
        self._marks: list[Mark] = []

    def read(self, show: ShowSteps) -> Iterator[Report]:
        """Yield what the new emails report, and the open ones. Raises TransportError."""
        self._marks.clear()
        position = _before(self._position, self._open)
        try:
            with open_mailbox(
                self._address,
                self._password,
                self._newsletter.root,
                proxy=self._newsletter.settings.collect.proxy,
            ) as mailbox:
                self._validity = mailbox.validity
                total = mailbox.count(position)
                for mail in mailbox.after(position):
                    show(len(self._marks), max(total, len(self._marks)))
                    self._marks.append(mail.mark)
                    yield from reports_in(
                        mail,
                        explain_in_child(mail.data),
                        partial(_own_words, mail.data),
                        self._newsletter.settings,
                        self._today,
                    )
                show(total, total)
        except MailboxError as error:
            raise TransportError(str(error)) from None

    def finish(self, waiting: Set[Report]) -> None:
        """Remember what was read, and which emails are still open. Raises BriefingError."""
        digests = {
            report.digest for report in waiting if isinstance(report, OpenMail)
        }
        still_open = {
            mark.digest.hex(): mark.uid
            for mark in self._marks
            if mark.digest in digests
        }
        # First: an email that is above the position is read in any case.
        json_file.write_private(self._newsletter.state / FILE, still_open)
        if self._marks:
            reached = self._position.advanced(self._validity, self._marks)
            self._positions.keep(self._address, reached)


def _parse_open(given: Any) -> dict[bytes, int]:
    return {bytes.fromhex(digest): int(uid) for digest, uid in given.items()}


def _before(position: Position, still_open: dict[bytes, int]) -> Position:
    """Return a position from which the open emails are read again, besides the new ones."""
    uids = [uid - 1 for uid in still_open.values()]
    return replace(
        position,
        uid=min([position.uid, *uids]),
        digests=position.digests - still_open.keys(),
    )


def reports_in(
    mail: StoredMail,
    explanation: Explanation,
    own_words: Callable[[], str],
    settings: Settings,
    today: dt.date,
) -> Iterator[Report]:
    """Yield what an email reports, at least one report for each email.

    `explanation` is what `bounces` found out, and `own_words` returns what the sender wrote, without what
    is quoted.
    """
    header = Header.of(mail.data)
    day = arrived_on(header, today)
    kind = explanation.kind
    persons = [Person(token=token) for token in explanation.tokens]
    found: list[Report] = []
    match kind:
        case BounceKind.AUTOMATIC:
            found = [Automatic(day)]
        case BounceKind.NONE:
            person = _leaving(header, own_words, settings)
            found = [Left(person, day)] if person else []
        case BounceKind.COMPLAINT:
            # It counts as leaving: whoever forged it can't keep the reader from joining again.
            found = [Left(person, day) for person in persons]
        case kind if kind in FAILURES:
            found = [Returned(person, kind, day) for person in persons]
    if found:
        yield from found
        return
    about = [each.address for each in explanation.recipients if each.address]
    address = about[0] if about else header.sender
    yield OpenMail(
        Person(address=address), day, header.subject, mail.mark.digest
    )


def _leaving(
    header: Header, own_words: Callable[[], str], settings: Settings
) -> Person | None:
    """Return the reader who leaves with an email; None if nobody does, or nobody proved it."""
    tokens = {*_tokens(header, settings.unsubscribe.mailto)}
    if len(tokens) == 1:
        return Person(token=tokens.pop())
    # There is no telling which of several readers wrote.
    if tokens or not passed_dmarc(header, settings.mailbox.checked_by):
        return None
    leaves = asks_to_leave(header.subject) or asks_to_leave(own_words())
    return Person(address=header.sender) if leaves else None


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


def arrived_on(header: Header, today: dt.date) -> dt.date:
    """Return the day on which our server received an email; else the day that the email says, or today.
    Never a day in the future.
    """
    # The topmost field is our own server's, and its date is behind the last semicolon (RFC 5321 4.4).
    _, _, received = header.first("Received").rpartition(";")
    when = read_moment(received.strip()) or read_moment(header.first("Date"))
    return min(when.date(), today) if when else today


def _own_words(data: bytes) -> str:
    """Return what the sender of an email wrote; "" if it is long, or can't be read."""
    beginning = data[:LOOKED_AT]
    if beginning.lower().count(b"content-type:") > MOST_PARTS:
        return ""
    sender = Header.of(data).sender
    try:
        return run_limited(
            own_words,
            beginning,
            sender,
            name="an email",
            remedy="read it yourself",
            seconds=SECONDS,
        )
    except BriefingError:
        return ""
