"""The mailbox where readers write to leave, and to which mail comes back.

Nothing in it is changed. How far it was read is remembered once the sync has been carried out.
"""

import datetime as dt
from collections.abc import Iterator, Set
from functools import partial

from briefing.bounces.explaining import explain_in_child
from briefing.collecting.own_words import own_words
from briefing.errors import BriefingError, MailboxError, TransportError
from briefing.mailbox.base import Mark
from briefing.mailbox.headers import Header
from briefing.mailbox.maildir import open_mailbox
from briefing.mailbox.positions import Positions
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sandbox.limited import run_limited
from briefing.sending.secrets.mailbox_password import mailbox_password
from briefing.syncing.reports import Report

from .leaving_mail import MailboxFacts, reports_in

SECONDS = 3
"""Of CPU time, to find out what a person wrote."""
LOOKED_AT = 200_000
"""Bytes of an email in which a person's words are looked for; pictures come below them."""
MOST_PARTS = 100
"""In an email that a person wrote. If more are nested in each other, the time grows faster than their
number.
"""


class LeavingMailbox:
    """[mailbox] leaving (`reports.Source`)."""

    name = "mailbox"
    title = "the mailbox"

    def __init__(self, newsletter: Newsletter, today: dt.date) -> None:
        """Raises RefusedError without its password, BriefingError if the positions can't be read."""
        settings = newsletter.settings
        address = settings.mailbox.leaving
        assert address, "it is set up"
        self._address = address
        self._newsletter = newsletter
        self._facts = MailboxFacts(
            mailto=settings.unsubscribe.mailto,
            checked_by=settings.mailbox.checked_by,
            today=today,
        )
        self._password = mailbox_password(newsletter)
        self._positions = Positions(newsletter)
        self._position = self._positions.of(address)
        self._validity = self._position.validity
        self._marks: list[Mark] = []

    def read(self, show: ShowSteps) -> Iterator[Report]:
        """Yield what the new emails report. Raises TransportError."""
        self._marks.clear()
        try:
            with open_mailbox(
                self._address,
                self._password,
                self._newsletter.root,
                proxy=self._newsletter.settings.collect.proxy,
            ) as mailbox:
                self._validity = mailbox.validity
                total = mailbox.count(self._position)
                for mail in mailbox.after(self._position):
                    show(len(self._marks), max(total, len(self._marks)))
                    self._marks.append(mail.mark)
                    yield from self._reports(mail.data)
                show(total, total)
        except MailboxError as error:
            raise TransportError(str(error)) from None

    def finish(self, waiting: Set[Report]) -> None:
        """Remember what was read, unless some of it must wait. Raises BriefingError."""
        if self._marks and not waiting:
            reached = self._position.advanced(self._validity, self._marks)
            self._positions.keep(self._address, reached)

    def _reports(self, data: bytes) -> Iterator[Report]:
        explanation = explain_in_child(data)
        words = partial(_own_words, data)
        yield from reports_in(data, explanation, words, self._facts)


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
