"""Readers whose emails fail: when they are unsubscribed, from the record of mail that came back and the ledger."""

import datetime as dt

import pytest

from briefing.bounces.kinds import BounceKind
from briefing.errors import FileError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.records import open_ledger
from briefing.sending.ledger.schema import LoadedReader, State
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Suppression, token_of
from briefing.syncing import failures
from briefing.syncing.failures import FailedDelivery, is_faulty

ANN, BOB = "ann@example.org", "bob@example.org"
START = dt.datetime(2020, 10, 2, 8, tzinfo=dt.UTC)
DEAD, FULL, TEMPORARY = BounceKind.DEAD, BounceKind.FULL, BounceKind.TEMPORARY


class Sender:
    """A newsletter that goes out every week."""

    def __init__(self, newsletter: Newsletter, *readers: str) -> None:
        self.newsletter = newsletter
        self.key = Key.of(newsletter)
        self.readers = readers
        self.weeks = 0
        rows = "".join(f"{address}\n" for address in readers)
        newsletter.subscribers.write_text(f"email\n{rows}", "utf-8")

    @property
    def day(self) -> dt.date:
        """The day of the next issue."""
        return (START + dt.timedelta(weeks=self.weeks)).date()

    def send(self, **replies: str) -> None:
        """Send an issue. `replies`: what servers say about readers whom they refuse, by name."""
        issue = self.day.isoformat()
        at = START + dt.timedelta(weeks=self.weeks)
        self.weeks += 1
        with open_ledger(self.newsletter, self.key) as ledger:
            digests = self.freeze(ledger, issue, at)
            outcomes = [
                (digest, *self._outcome(replies, name))
                for name, digest in digests.items()
            ]
            ledger.commit(issue, (), [*digests.values()])
            ledger.commit(issue, outcomes, ())

    def freeze(
        self, ledger: Ledger, issue: str, at: dt.datetime
    ) -> dict[str, bytes]:
        digest = ledger.recipients(issue).digest
        digests = {
            address.partition("@")[0]: digest(Subscriber(address).identity)
            for address in self.readers
        }
        ledger.load_audience(
            LoadedReader(line, each, "en", True, b"")
            for line, each in enumerate(digests.values(), 2)
        )
        ledger.freeze(issue, at, [("en", "digest", b"")])
        return digests

    def _outcome(self, replies: dict[str, str], name: str) -> tuple[State, str]:
        if name not in replies:
            return State.ACCEPTED, "250 ok"
        reply = replies[name]
        return State.DEFERRED if reply[0] == "4" else State.REJECTED, reply

    def bounce(self, address: str, kind: BounceKind = DEAD) -> FailedDelivery:
        """An email of the last issue came back the day after."""
        day = self.day - dt.timedelta(days=6)
        return FailedDelivery(self.token(address), kind, "", day)

    def token(self, address: str) -> str:
        return token_of(self.key, Subscriber(address).identity)

    def sync(self, *new: FailedDelivery) -> dict[str, str]:
        """Return why which readers are to be unsubscribed; keep the rest in the record."""
        found = failures.assess(
            self.newsletter,
            self.key,
            self.newsletter.subscribers,
            Suppression.of(self.newsletter),
            new,
        )
        failures.write(self.newsletter, found.kept)
        names = {self.token(address): address for address in self.readers}
        return {
            names[token]: removal.reason
            for token, removal in found.removals.items()
        }


@pytest.fixture
def sender(newsletter: Newsletter) -> Sender:
    return Sender(newsletter, ANN, BOB)


def test_an_address_that_is_unknown_in_two_issues_in_a_row(
    sender: Sender,
) -> None:
    sender.send()
    assert sender.sync(sender.bounce(ANN)) == {}
    # The same email comes back once more.
    assert sender.sync(sender.bounce(ANN)) == {}
    sender.send()
    assert sender.sync() == {}
    assert sender.sync(sender.bounce(ANN)) == {ANN: "bounced"}


def test_refusals_during_the_send_count_with_returned_mail(
    sender: Sender,
) -> None:
    sender.send(ann="550 5.1.1 no such user")
    assert sender.sync() == {}
    sender.send()
    assert sender.sync(sender.bounce(ANN)) == {ANN: "bounced"}


def test_an_issue_that_does_not_come_back_starts_the_count_again(
    sender: Sender,
) -> None:
    sender.send(ann="550 5.1.1 no such user")
    sender.send()
    sender.send(ann="550 5.1.1 no such user")
    assert sender.sync() == {}


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("452 4.2.2 mailbox full", "mailbox full"),
        ("451 4.4.1 no answer from host", "unreachable"),
    ],
)
def test_full_or_unreachable_in_three_issues_over_21_days(
    sender: Sender, reply: str, reason: str
) -> None:
    for _week in range(3):
        sender.send(ann=reply)
        assert sender.sync() == {}
    sender.send(ann=reply)
    assert sender.sync() == {ANN: reason}


def test_an_email_that_was_only_put_off_does_not_count(sender: Sender) -> None:
    sender.send(ann="451 4.4.1 no answer from host")
    assert sender.sync() == {}
    with open_ledger(sender.newsletter, sender.key) as ledger:
        issue = ledger.issues()[0]
        digest = ledger.recipients(issue).digest(Subscriber(ANN).identity)
        sender.freeze(ledger, issue, START)
        ledger.commit(issue, (), [digest])
        ledger.commit(issue, [(digest, State.ACCEPTED, "250 ok")], ())
    for _week in range(3):
        sender.send(ann="451 4.4.1 no answer from host")
    assert sender.sync() == {}


def test_what_was_before_their_return_does_not_count(sender: Sender) -> None:
    sender.send(ann="550 5.1.1 no such user")
    sender.sync()
    record = Suppression.of(sender.newsletter)
    record.add([sender.token(ANN)], "left", sender.day)
    record.restore([sender.token(ANN)], sender.day)
    sender.send(ann="550 5.1.1 no such user")
    assert sender.sync() == {}


def test_a_server_that_knows_no_one_is_only_out_of_order(
    newsletter: Newsletter,
) -> None:
    many = [f"r{number}@example.net" for number in range(21)]
    sender = Sender(newsletter, *many, ANN)
    for _week in range(2):
        sender.send()
        found = sender.sync(*map(sender.bounce, [*many, ANN]))
    assert found == {ANN: "bounced"}


@pytest.mark.parametrize(
    ("unknown", "addresses", "expected"),
    [
        (2, 2, False),
        (3, 30, True),
        (3, 31, False),
        (20, 1000, False),
        (21, 1000, True),
    ],
)
def test_how_many_make_a_server_faulty(
    unknown: int, addresses: int, expected: bool
) -> None:
    assert is_faulty(unknown, addresses) is expected


def test_unsubscribing_them_is_done_once(sender: Sender) -> None:
    for _week in range(2):
        sender.send(ann="550 5.1.1 no such user")
    path = sender.newsletter.subscribers
    for expected in (1, 0):
        gone = failures.unsubscribe(sender.newsletter, sender.key, path)
        assert gone == expected
    assert sender.token(ANN) in Suppression.of(sender.newsletter)


def test_a_damaged_record_is_named(sender: Sender) -> None:
    sender.send()
    sender.sync(sender.bounce(ANN))
    path = sender.newsletter.state / failures.FILE
    assert "@" not in path.read_text("utf-8")
    path.write_text(f"{path.read_text('utf-8')}x,dead,,2020\n", "utf-8")
    with pytest.raises(FileError, match="delete it"):
        sender.sync()
