"""What to mail, and to whom: the checked editions of an issue, and the readers on the list."""

import datetime as dt
import marshal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from briefing.checks import acceptance, check
from briefing.checks.rule import Finding
from briefing.keys import Key
from briefing.languages import code_for_reader
from briefing.mail.message import Envelope
from briefing.newsletter import Newsletter
from briefing.rendering.rendered import RenderedIssue
from briefing.subscribers.example_list import example_identities
from briefing.subscribers.subscriber import Subscriber, identity_of
from briefing.subscribers.subscriber_list import (
    BadRow,
    SubscriberList,
    open_list,
)
from briefing.subscribers.suppression import Suppression, token_maker

from . import list_update
from .ledger.ledger import Ledger
from .ledger.schema import LoadedReader

MOST_NAMED = 10
"""The most rows of the list that a message names."""


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """The editions of an issue, and what the checks found in exactly these."""

    newsletter: Newsletter
    issue: str
    editions: Mapping[str, RenderedIssue]
    """By language, the first edition first. One that can't be rendered is missing, and an error
    among the findings.
    """
    findings: Sequence[Finding]
    """Without those that were accepted."""
    accepted: int = 0
    """How many findings were accepted for the issue."""

    @classmethod
    def of(
        cls, newsletter: Newsletter, folder: Path, today: dt.date
    ) -> "Mailing":
        """Render and check the issue in a folder. Raises BriefingError for files that can't be
        read.
        """
        findings, editions = check.check_and_render(newsletter, folder, today)
        judged = acceptance.judge(findings, folder)
        return cls(
            newsletter=newsletter,
            issue=folder.name,
            editions=editions,
            findings=judged.new,
            accepted=len(judged.accepted),
        )

    @property
    def first_language(self) -> str:
        """The language of the first edition, for readers without one in their own. There must be
        an edition.
        """
        return next(iter(self.editions))

    @property
    def folder(self) -> Path:
        """Where the issue is stored."""
        return self.newsletter.issues / self.issue

    @cached_property
    def key(self) -> Key:
        """The newsletter's key, created on first use."""
        return Key.of(self.newsletter)

    @cached_property
    def envelope_sender(self) -> Callable[[str], str]:
        """Returns where the bounces of a reader's email go, from the reader's identity."""
        return self.newsletter.settings.newsletter.envelope_sender_by(
            token_maker(self.key)
        )

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of each edition by language."""
        return {
            lang: self.digest(lang, edition.to_bytes())
            for lang, edition in self.editions.items()
        }

    def digests_of(self, editions: Mapping[str, bytes]) -> dict[str, str]:
        """Return the digests of frozen editions by language, as `digests` has those of the current
        ones: they are the same unless the sender has changed.
        """
        return {
            lang: self.digest(lang, rendered)
            for lang, rendered in editions.items()
        }

    def digest(self, lang: str, rendered: bytes) -> str:
        """Return the SHA-256 of what all emails of an edition share: the rendered bytes and the
        sender.
        """
        settings = self.newsletter.settings
        newsletter = settings.newsletter.in_language(lang)
        sender = newsletter.name, newsletter.sender, newsletter.reply_to
        leaving = settings.unsubscribe
        # As it was written before there was `via`, so that digests stay the same.
        way_out = f"UnsubscribeSettings(url={leaving.url!r}, mailto={leaving.mailto!r})"
        shared = f"{sender!r}{way_out}{leaving.via}"
        return sha256(shared.encode() + rendered).hexdigest()


@dataclass(frozen=True)
class Plan:
    """A mailing and its readers: the list, and which of them get the mailing now."""

    mailing: Mailing
    readers: SubscriberList
    tag: str = ""
    """Only readers with this tag get it now; empty: all of them."""
    moves_state: str = ""
    """`list_update.moves_state` before the list was read."""

    @classmethod
    def read(cls, mailing: Mailing, path: Path, tag: str = "") -> "Plan":
        """Return the plan for the list at `path`, which `survey` checks. Raises what
        `open_list` raises.
        """
        newsletter = mailing.newsletter
        list_update.finish_interrupted(newsletter, mailing.key)
        # First, so that a later change of address is noticed.
        moves_state = list_update.moves_state(newsletter)
        return cls(mailing, open_list(path, checked=False), tag, moves_state)

    @cached_property
    def suppression(self) -> Suppression:
        """Who unsubscribed, whatever the list says."""
        return Suppression.of(self.mailing.newsletter)

    def edition_lang(self, wanted: str) -> str:
        """Return the language of the edition that readers of a language get: their own, or else that
        of the first edition.
        """
        return self.own_edition_lang(wanted) or self.mailing.first_language

    def own_edition_lang(self, wanted: str) -> str:
        """Return the language of the edition for readers of a language; empty if there is none."""
        return code_for_reader(wanted, self.mailing.editions)

    def is_for(self, reader: Subscriber) -> bool:
        """Whether a reader gets the mailing now."""
        return not self.tag or self.tag in reader.tags

    def survey(self, ledger: Ledger) -> "Survey":
        """Go through the list once and load it into the ledger. Raises LedgerError, and
        SubscribersError if the list as a whole can't be trusted.
        """
        rows = _Rows(self, ledger)
        ledger.load_audience(iter(rows))
        return Survey(
            size=ledger.audience_size(),
            by_language={
                lang: ledger.count_readers(lang)
                for lang in self.mailing.editions
            },
            without_edition=rows.without_edition(),
            off_list=ledger.count_off_list(self.mailing.issue),
            suppressed=len(rows.suppressed),
            examples=len(rows.examples),
            bad_rows=rows.bad_rows,
            named_bad_rows=rows.named,
            duplicates=ledger.duplicates(MOST_NAMED),
        )


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is on the list."""

    size: int
    """Readers on the list, without those who unsubscribed."""
    by_language: Mapping[str, int]
    """How many of the readers this send is for get each edition."""
    without_edition: Mapping[str, int] = field(default_factory=dict)
    """How many rows of the readers this send is for ask for a language that has no edition, the most
    frequent language first. They get the first edition.
    """
    off_list: int = 0
    """Readers without their email who unsubscribed or are no longer on the list."""
    suppressed: int = 0
    """Readers this send is for who are on the list, but unsubscribed."""
    examples: int = 0
    """Readers with an example address."""
    bad_rows: int = 0
    named_bad_rows: Sequence[BadRow] = ()
    """The first ones, to name in a message."""
    duplicates: Sequence[tuple[int, int]] = ()
    """Lines of the list that repeat a reader, each with the reader's first line."""


@dataclass
class _Rows:
    """The list as the ledger loads it; rows that are left out are counted."""

    plan: Plan
    ledger: Ledger
    suppressed: set[str] = field(default_factory=set)
    examples: set[str] = field(default_factory=set)
    bad_rows: int = 0
    named: list[BadRow] = field(default_factory=list)
    languages: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[LoadedReader]:
        plan = self.plan
        suppression = self.plan.suppression
        digest = self.ledger.recipients(plan.mailing.issue).digest
        make_token = token_maker(plan.mailing.key)
        edition = lru_cache(plan.edition_lang)
        # Digests take most of the time, so make none needlessly.
        has_suppressed = len(suppression) > 0
        examples = example_identities()
        for row in plan.readers.rows():
            if isinstance(row, BadRow):
                self._count_bad(row)
                continue
            identity = identity_of(row.address)
            is_for = plan.is_for(row)
            if has_suppressed and make_token(identity) in suppression:
                if is_for:
                    self.suppressed.add(identity)
                continue
            if identity in examples:
                self.examples.add(identity)
            if is_for:
                self.languages[row.lang] += 1
            yield LoadedReader(
                row.line,
                digest(identity),
                edition(row.lang),
                int(is_for),
                pack(row),
            )

    def without_edition(self) -> dict[str, int]:
        """Return how many of the rows so far ask for each language that has no edition."""
        return {
            lang: count
            for lang, count in self.languages.most_common()
            if lang and not self.plan.own_edition_lang(lang)
        }

    def _count_bad(self, row: BadRow) -> None:
        self.bad_rows += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(row)


def pack(reader: Subscriber) -> bytes:
    """Return what a reader's email needs as bytes, which the ledger keeps in memory during the send."""
    return marshal.dumps(
        (reader.address, reader.name, reader.lang, dict(reader.columns))
    )


def unpack(row: bytes, sender_of: Callable[[str], str]) -> Envelope:
    """Return the envelope of the email of a reader who was packed; `sender_of` returns where its
    bounces go, given the reader's identity.
    """
    address, name, lang, columns = marshal.loads(row)  # noqa: S302  # packed by this process
    columns["email"], columns["name"], columns["lang"] = address, name, lang
    identity = identity_of(address)
    return Envelope(address, identity, columns, sender_of(identity))


def wants_text(columns: Mapping[str, str]) -> bool:
    """Whether a row of the list asks for plain text only, in its column `format`."""
    return columns.get("format", "").strip().lower() == "text"
