"""Collect the links and articles that colleagues sent to the newsletter's mailbox."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from briefing.collecting.brief.model import ParsedItem
from briefing.collecting.web.canonical import clean_address
from briefing.errors import BriefingError
from briefing.issue.model import Item
from briefing.issue.published import Published
from briefing.issue.store import INBOX
from briefing.mailbox.base import Mailbox, StoredMail
from briefing.mailbox.headers import Header
from briefing.mailbox.position import Mark, Position
from briefing.network.parallel import ShowSteps, no_progress
from briefing.sandbox.limited import run_limited
from briefing.text.header_fields import read_moment

from .inbox_notes import InboxNotes
from .intake import Collector, InboxItem, plan_sources
from .mailed import LARGEST, MailRefusal, refusal
from .mailed_content import (
    MailedContent,
    Sender,
    understand_mail,
    without_marks,
)

SECONDS = 60
"""Of CPU time, to read one email."""
_LONGEST_NAME = 60
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+")


@dataclass(frozen=True, slots=True)
class MailedItem:
    """An item from an email, with everything the editor should know about it."""

    item: Item
    note: str
    """Who sent it, and that person's words."""
    already: str = ""
    """The id of the issue that ran it, or `inbox`; "" for a new item."""
    is_kept: bool = True
    """Whether it goes into the inbox."""
    uncertain: tuple[str, ...] = ()
    """The fields that the editor should check, as `collect --json` names them."""
    notes: tuple[str, ...] = ()
    """What else the editor should know, a sentence each."""


@dataclass(slots=True)
class MailedItems:
    """What was in the emails that were read."""

    items: list[MailedItem] = field(default_factory=list)
    refused: Counter[MailRefusal] = field(default_factory=Counter)
    """How many emails were left out, by the reason."""
    failures: list[str] = field(default_factory=list)
    """Emails that can't be read, one line for each."""
    marks: list[Mark] = field(default_factory=list)
    """For the position after all of them."""


@dataclass(frozen=True, slots=True)
class MailCollector:
    """Turns emails into items of the inbox."""

    collector: Collector
    """Retrieves the pages that links lead to, and writes all items into the inbox."""
    since: dt.date | None
    """Only emails that were sent from this day on."""

    def collect(
        self,
        mailbox: Mailbox,
        position: Position,
        progress: ShowSteps = no_progress,
    ) -> MailedItems:
        """Put what is new in a mailbox into the inbox, one email after the other. One that can't be read doesn't
        stop the others.

        Raises MailboxError if the mailbox can't be read, and BriefingError if the inbox can't be
        written; what was written until then stays, and isn't added a second time.
        """
        found = MailedItems()
        total = mailbox.count(position)
        for number, mail in enumerate(mailbox.after(position, LARGEST)):
            progress(number, max(number + 1, total))
            self._collect_mail(mail, found)
            found.marks.append(mail.mark)
        progress(total, total)
        return found

    def _collect_mail(self, mail: StoredMail, found: MailedItems) -> None:
        """Put the items of an email into the inbox, or note why it has none."""
        header = Header.of(mail.data)
        reason = self._refusal(header, len(mail.data))
        if reason:
            found.refused[reason] += 1
            return
        try:
            content = _read(mail, header)
        except BriefingError as error:
            found.failures.append(f"the email {_named(header)}: {error}")
            return
        if content.is_empty:
            found.refused[MailRefusal.EMPTY] += 1
            return
        found.failures += content.unread
        found.items += self._collect_content(content, header)

    def _refusal(self, header: Header, size: int) -> MailRefusal | None:
        """Return why an email is left out unread; None if it is to be read."""
        if self.since and _day(header) < self.since:
            return MailRefusal.OLDER
        settings = self.collector.newsletter.settings.mailbox
        return refusal(header, size, settings.senders, settings.checked_by)

    def _collect_content(
        self, content: MailedContent, header: Header
    ) -> list[MailedItem]:
        """Put the items of an email into the inbox, and return them."""
        note = _note(header, content.words)
        items = self._collect_links(content.links, header, note)
        for brief in content.briefs:
            items += self._add(brief.items, brief.photos, note)
        # Also on what is there already: another colleague may have sent it, or an earlier run ended
        # before it could write the note.
        noted = [
            each.item for each in items if each.is_kept or each.already == INBOX
        ]
        if noted and not self.collector.dry_run:
            InboxNotes(self.collector.newsletter).add(noted, note)
        return items

    def _collect_links(
        self, links: Sequence[str], header: Header, note: str
    ) -> list[MailedItem]:
        if not links:
            return []
        sources = plan_sources(links, None, self.collector.guard)
        collected = self.collector.collect(sources)
        items = [_from_page(entry, note) for entry in collected.items]
        for address, problem in collected.failures.items():
            heading = without_marks(header.subject)
            item = Item(heading=heading, link=clean_address(address))
            parsed = ParsedItem(item, (problem,))
            items += self._add([parsed], {}, note)
        return items

    def _add(
        self,
        items: Sequence[ParsedItem],
        photos: Mapping[str, bytes],
        note: str,
    ) -> list[MailedItem]:
        """Put items into the inbox unless they already ran, and return all of them."""
        published = Published.of(self.collector.newsletter, clean_address)
        found: list[MailedItem] = []
        for parsed in items:
            already = published.find_item(parsed.item)
            found.append(
                MailedItem(
                    parsed.item,
                    note,
                    already=already,
                    is_kept=self.collector.again or not already,
                    notes=parsed.notes,
                )
            )
        kept = [each.item for each in found if each.is_kept]
        self.collector.write(kept, photos)
        return found


def _read(mail: StoredMail, header: Header) -> MailedContent:
    return run_limited(
        understand_mail,
        mail.data,
        Sender(header.sender, _name(header)),
        header.subject,
        name="it",
        remedy="ask for its text or its link instead",
        seconds=SECONDS,
    )


def _from_page(entry: InboxItem, note: str) -> MailedItem:
    notes = [entry.warning, *entry.notes]
    return MailedItem(
        entry.item,
        note,
        already=entry.already,
        is_kept=entry.is_kept,
        uncertain=tuple(entry.uncertain),
        notes=tuple(filter(None, notes)),
    )


def _note(header: Header, words: str) -> str:
    sender = _name(header) or header.sender
    return f"from {sender}: “{words}”" if words else f"from {sender}"


def _name(header: Header) -> str:
    return header.sender_name[:_LONGEST_NAME]


def _named(header: Header) -> str:
    """Return what messages call an email."""
    subject = _ADDRESS.sub("…", header.subject)[:_LONGEST_NAME]
    return f"“{subject}”" if subject else "without a subject"


def _day(header: Header) -> dt.date:
    """Return the day on which an email was sent; the last of all days if it doesn't say."""
    sent = read_moment(header.first("Date"))
    return sent.date() if sent else dt.date.max
