"""What a send is about to do: which editions, to whom of the list, and what the ledger knows of them already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from briefing.keys import Key
from briefing.mail.message import Envelope
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue
from briefing.sending.ledger import Ledger
from briefing.sending.schema import State
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import BadRow, SubscriberList
from briefing.subscribers.suppression import Suppression, token_of

MOST_NAMED = 10
"""Rows of the list that a message names."""


@dataclass(frozen=True)
class Mailing:
    """What goes out: the editions of an issue, as they were rendered and checked."""

    newsletter: Newsletter
    key: Key
    issue: str
    editions: Mapping[str, RenderedIssue]
    """By language, the newsletter's first language first."""

    @property
    def folder(self) -> Path:
        """Where the issue lies."""
        return self.newsletter.issues / self.issue

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of each edition."""
        return {lang: self.digest(edition.to_bytes()) for lang, edition in self.editions.items()}

    def digest(self, rendered: bytes) -> str:
        """What makes an edition's mails what they are: what was rendered, and who sends it (SHA-256)."""
        settings = self.newsletter.settings
        sender = repr((settings.newsletter.name, settings.newsletter.sender, settings.newsletter.reply_to))
        return sha256(f"{sender}{settings.unsubscribe!r}".encode() + rendered).hexdigest()


@dataclass(frozen=True)
class Plan(Mailing):
    """A mailing and its readers: the list, and who of it is to have it now."""

    list: SubscriberList
    tag: str = ""
    """Only readers with this tag are to have it now; empty: all."""

    @cached_property
    def suppression(self) -> Suppression:
        """Who has left, whatever the list says."""
        return Suppression.of(self.newsletter)

    def lang(self, reader: Subscriber) -> str:
        """The edition of a reader: the one in their language, else in a language of that family, else the first."""
        wanted = reader.lang.lower()
        known = self._known
        return known.get(wanted) or known.get(wanted.partition("-")[0]) or next(iter(self.editions))

    @cached_property
    def _known(self) -> dict[str, str]:
        return {lang.lower(): lang for lang in self.editions}

    def is_for(self, reader: Subscriber) -> bool:
        """Whether a reader is to have it now: their column `tags` (separated by commas) has the tag."""
        return not self.tag or self.tag in {tag.strip() for tag in reader.columns.get("tags", "").split(",")}

    def survey(self, ledger: Ledger) -> "Survey":
        """Go through the list once, and see how it stands. Raises LedgerError."""
        rows = _Rows(self, ledger)
        ledger.survey(iter(rows))
        size, by_language = ledger.audience()
        return Survey(
            size=size,
            by_language={lang: by_language.get(lang, 0) for lang in self.editions},
            states=ledger.outlook(self.issue),
            gone=ledger.gone_from_list(self.issue),
            suppressed=rows.suppressed,
            bad_rows=rows.bad_rows,
            named_bad_rows=rows.named,
            duplicates=ledger.duplicates(MOST_NAMED),
        )


@dataclass(frozen=True)
class Survey:
    """What is on the list, and how it stands with the issue."""

    size: int
    """Readers on the list, without those who have left."""
    by_language: Mapping[str, int]
    """Of those that this send is for, how many get each edition."""
    states: Mapping[State | None, int]
    """The same by state; None: not frozen (yet)."""
    gone: int
    """Frozen and still without a mail, but not on the list any more."""
    suppressed: int
    bad_rows: int
    named_bad_rows: Sequence[BadRow]
    duplicates: Sequence[tuple[int, int]]
    """Lines of the list on which a reader stands again, and first."""

    @property
    def wanted(self) -> int:
        """How many this send is for."""
        return sum(self.states.values())


@dataclass
class _Rows:
    """The list as the ledger takes it in; what is left out is counted on the way."""

    plan: Plan
    ledger: Ledger
    suppressed: int = 0
    bad_rows: int = 0
    named: list[BadRow] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, bytes, str, bool]]:
        plan, anybody_left = self.plan, len(self.plan.suppression) > 0
        for row in plan.list.rows():
            if isinstance(row, BadRow):
                self.bad_rows += 1
                if len(self.named) < MOST_NAMED:
                    self.named.append(row)
            elif anybody_left and token_of(plan.key, row.identity) in plan.suppression:
                self.suppressed += 1
            else:
                yield row.row, self.ledger.recipient(row.identity), plan.lang(row), plan.is_for(row)


def wants_text(reader: Subscriber) -> bool:
    """Whether the list's column `format` asks for the plain text alone."""
    return reader.columns.get("format", "").strip().lower() == "text"


def envelope(reader: Subscriber, sender: str) -> Envelope:
    """The mail to one reader, without its text; `sender` is where its bounces go."""
    columns = {**reader.columns, "email": reader.address, "name": reader.name, "lang": reader.lang}
    return Envelope(reader.address, reader.identity, columns, sender=sender)
