"""Test sends: the mails that readers will get, to people who look at them first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from briefing.mail.message import SAMPLE_READER, Envelope, Message
from briefing.sending.ledger import Ledger
from briefing.sending.plan import Mailing
from briefing.sending.schema import State
from briefing.sending.transports.base import Batch, Claim, Mail, Outcome, Transport


@dataclass
class Once:
    """A queue of given batches without a ledger (`transports.base.Queue`): each is handed over once, or not."""

    batches: list[Batch]
    outcomes: list[Outcome] = field(default_factory=list)

    def next(self, *, wait: bool = True) -> Batch | None:  # noqa: ARG002  # there is never anything to wait for
        return self.batches.pop(0) if self.batches else None

    def claim(self, batch: Batch, after: Sequence[Outcome] = ()) -> Claim:
        self.settle(after)
        return _Granted(batch)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes += outcomes

    def pause(self, seconds: float) -> None:
        """A test doesn't wait: who is put off is told so."""


@dataclass(frozen=True)
class _Granted:
    batch: Batch

    def wait(self) -> Batch:
        return self.batch


def send(
    mailing: Mailing, ledger: Ledger, transport: Transport, addresses: Sequence[str], now: datetime
) -> list[Outcome]:
    """Send each edition once to each address, with a made-up reader's data, and note that it was tested.

    Returns what became of each mail. Raises TransportError.
    """
    settings = mailing.newsletter.settings
    batches = [
        Batch(
            Message(edition, settings, mailing.key, now),
            [
                Mail(address.encode(), _envelope(mailing, lang, address))  # no ledger knows of a test
                for address in addresses
            ],
        )
        for lang, edition in mailing.editions.items()
    ]
    if transport.batch == 1:
        batches = [Batch(batch.message, [mail]) for batch in batches for mail in batch.mails]
    queue = Once(batches)
    transport.open()
    try:
        transport.deliver(queue)
    finally:
        transport.close()
    accepted = {one.mail.envelope.columns["lang"] for one in queue.outcomes if one.state is State.ACCEPTED}
    ledger.tested(mailing.issue, transport.name, {lang: mailing.digests[lang] for lang in accepted})
    return queue.outcomes


def is_tested(mailing: Mailing, tests: Mapping[str, str]) -> bool:
    """Whether these very editions are among the tested ones (`Ledger.tests`)."""
    return all(tests.get(lang) == digest for lang, digest in mailing.digests.items())


def _envelope(mailing: Mailing, lang: str, address: str) -> Envelope:
    """A made-up reader at a real address; another edition is another mail also for programs that go by Message-IDs."""
    columns = {**SAMPLE_READER.columns, "email": address, "lang": lang}
    identity = f"test {mailing.digests[lang]} {address}"
    return Envelope(address, identity, columns, sender=mailing.newsletter.settings.newsletter.envelope_sender)
