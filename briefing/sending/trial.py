"""Send tests: the emails that readers would get, to people who look at them first.

In code they are called trials, because pytest collects what is called a test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from briefing import clock
from briefing.errors import RefusedError
from briefing.mail.message import SAMPLE_READER, Envelope, Message
from briefing.sending.transports.base import (
    MANY,
    Batch,
    Claim,
    Mail,
    Outcome,
    Transport,
)
from briefing.subscribers.subscriber import parse_address

from .ledger.ledger import Ledger
from .ledger.schema import State
from .plan import Mailing
from .preflight import gathering
from .preflight.facts import SendRequest
from .preflight.missing_settings import NO_TEST_ADDRESS


def parse_addresses(
    given: Sequence[str], configured: Sequence[str]
) -> list[str]:
    """Return the addresses for a test: those given, else those configured.

    Raises RefusedError if there are none, or if one isn't an address.
    """
    if not (given or configured):
        raise RefusedError(NO_TEST_ADDRESS.message)
    addresses: dict[str, None] = {}
    for number, text in enumerate(given or configured, start=1):
        try:
            addresses[parse_address(text)] = None
        except ValueError as error:
            raise RefusedError(f"test address {number}: {error}") from None
    return list(addresses)


def send(
    mailing: Mailing,
    ledger: Ledger,
    transport: Transport,
    addresses: Sequence[str],
    now: Callable[[], datetime] = clock.local_now,
) -> list[Outcome]:
    """Send each edition once to each address, with a sample reader's data, and record what was
    tested.

    Return the outcome of each email. Raises RefusedError if anything prevents it (see `gates`),
    TransportError.
    """
    request = SendRequest(via=transport.name, test=True)
    gathering.examine_mailing(mailing, request, now()).refuse_if_blocked()
    queue = SingleRun(_batches(mailing, transport, addresses, now))
    transport.open()
    try:
        transport.deliver(queue)
    finally:
        transport.close()
    ledger.record_test(
        mailing.issue,
        transport.name,
        _accepted_digests(mailing, queue.outcomes),
    )
    return queue.outcomes


def _batches(
    mailing: Mailing,
    transport: Transport,
    addresses: Sequence[str],
    now: Callable[[], datetime],
) -> list[Batch]:
    batches: list[Batch] = []
    for lang, edition in mailing.editions.items():
        message = Message(
            edition,
            mailing.newsletter.settings,
            mailing.key,
            lambda: now().timestamp(),
            is_test=True,
        )
        mails = [_mail(mailing, lang, address) for address in addresses]
        for start in range(0, len(mails), transport.batch):
            batches.append(
                Batch(message, mails[start : start + transport.batch])
            )
    return batches


def _mail(mailing: Mailing, lang: str, address: str) -> Mail:
    """Return the email of a sample reader at a real address. Each edition is a reader of its own, with
    a Message-ID of its own, although the address is the same.
    """
    columns = {**SAMPLE_READER.columns, "email": address, "lang": lang}
    identity = f"test {mailing.digests[lang]} {address}"
    envelope = Envelope(
        address,
        identity,
        columns,
        sender=mailing.envelope_sender(identity),
    )
    return Mail(identity.encode(), envelope)


def _accepted_digests(
    mailing: Mailing, outcomes: Sequence[Outcome]
) -> dict[str, str]:
    """Return the digests of the editions with an accepted email, by language."""
    digests: dict[str, str] = {}
    for outcome in outcomes:
        if outcome.state is State.ACCEPTED:
            lang = outcome.mail.envelope.columns["lang"]
            digests[lang] = mailing.digests[lang]
    return digests


@dataclass
class SingleRun:
    """A queue (`transports.base.Queue`) of given batches without a ledger: each is handed over
    once, or not at all.
    """

    batches: list[Batch]
    outcomes: list[Outcome] = field(default_factory=list)

    def next(self, *, wait: bool = True, most: int = MANY) -> Batch | None:  # noqa: ARG002  # there is never anything to wait for
        if not self.batches:
            return None
        batch, others = self.batches.pop(0).cut(most)
        if others.mails:
            self.batches.insert(0, others)
        return batch

    def claim(self, batch: Batch, after: Sequence[Outcome] = ()) -> Claim:
        self.settle(after)
        return _Granted(batch)

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        self.outcomes += outcomes

    def pause(self, seconds: float, why: str = "") -> None:
        """Don't wait: a test shows a deferral instead."""


@dataclass(frozen=True)
class _Granted:
    batch: Batch

    def wait(self) -> Batch:
        return self.batch
