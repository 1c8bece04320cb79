"""Unsubscribing: which readers are named, what would change, and what is recorded."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest

from briefing.keys import Key
from briefing.subscribers import unsubscribing
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.named_reader import NamedReader
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import BadRow
from briefing.subscribers.suppression import Removal, Suppression, token_of
from briefing.subscribers.unsubscribing import UnsubscribePlan

KEY = Key(bytes(32))
STRANGER = "0123456789abcdef0123456789abcd"
DAY = dt.date(2020, 10, 9)
ANN, BOB, CID = (
    NamedReader(identity=f"{name}@example.org")
    for name in ("ann", "bob", "cid")
)


class ShortList:
    """A list with Ann and Bob."""

    name = "subscribers.csv"

    def rows(self) -> Iterator[Subscriber | BadRow]:
        yield Subscriber("Ann@example.org", line=2)
        yield BadRow(3, "the address has no @")
        yield Subscriber("bob@example.org", line=4)
        yield Subscriber("bob@example.org", line=5)


def token(reader: NamedReader) -> str:
    return token_of(KEY, reader.identity)


class TestPlanning:
    def test_nothing_is_written(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        unsubscribing.plan_unsubscribing(
            [ANN], KEY, suppression, ShortList(), moves
        )
        assert not suppression.path.exists()

    def test_each_reader_counts_once(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        planned = unsubscribing.plan_unsubscribing(
            [ANN, NamedReader(token=token(ANN)), ANN],
            KEY,
            suppression,
            None,
            moves,
        )
        assert planned == UnsubscribePlan(
            (token(ANN),), new=1, on_list=None, unknown_tokens=None
        )

    def test_readers_are_looked_up_in_the_list(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        readers = [
            ANN,
            NamedReader(token=token(BOB)),
            CID,
            NamedReader(token=STRANGER),
        ]
        planned = unsubscribing.plan_unsubscribing(
            readers, KEY, suppression, ShortList(), moves
        )
        assert planned.tokens == (token(ANN), token(BOB), STRANGER)
        assert (planned.on_list, planned.unknown_tokens) == (2, 1)
        assert planned.unlisted == (CID,)

    def test_who_is_not_on_the_list_is_recorded_if_the_editor_is_sure(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        sure = replace(CID, sure=True)
        planned = unsubscribing.plan_unsubscribing(
            [sure], KEY, suppression, ShortList(), moves
        )
        assert (planned.tokens, planned.unlisted) == ((token(CID),), ())

    def test_who_was_unsubscribed_already_need_not_be_on_the_list(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        suppression.add([token(CID)], "asked", DAY)
        planned = unsubscribing.plan_unsubscribing(
            [CID], KEY, suppression, ShortList(), moves
        )
        assert (planned.already, planned.unlisted) == (1, ())

    def test_who_was_unsubscribed_before_is_not_new(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        suppression.add([token(ANN)], "asked", DAY)
        planned = unsubscribing.plan_unsubscribing(
            [ANN, BOB], KEY, suppression, None, moves
        )
        assert (planned.new, planned.already) == (1, 1)


class TestRecording:
    def test_the_plan_is_written_with_its_reason_and_day(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        planned = unsubscribing.plan_unsubscribing(
            [ANN], KEY, suppression, None, moves
        )
        removals = planned.removals("by phone", DAY)
        assert unsubscribing.record(removals, suppression, moves) == 1
        assert (
            suppression.path.read_text("utf-8")
            == f"token,date,reason\n{token(ANN)},2020-10-09,by phone\n"
        )

    def test_a_reader_who_left_in_the_meantime_is_not_new(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        planned = unsubscribing.plan_unsubscribing(
            [ANN, BOB], KEY, suppression, None, moves
        )
        Suppression(suppression.path).add([token(ANN)], "left", DAY)
        removals = planned.removals("asked", DAY)
        assert planned.new == 2
        assert unsubscribing.record(removals, suppression, moves) == 1

    def test_each_has_their_own_day_and_reason(
        self, suppression: Suppression
    ) -> None:
        removals = {
            token(ANN): Removal("2020-10-02", "left"),
            token(BOB): Removal("2020-10-09", "complaint"),
        }
        assert unsubscribing.record(removals, suppression) == 2
        assert {each: suppression.find(each) for each in removals} == removals


class TestMoved:
    """Bob was Cid before: the links in their old emails have Cid's token."""

    @pytest.fixture(autouse=True)
    def moved(self, moves: Moves) -> None:
        moves.add([TokenMove(token(CID), token(BOB))], DAY)

    @pytest.mark.parametrize("named", [CID, NamedReader(token=token(CID))])
    def test_either_address_is_suppressed_by_the_old_one(
        self, suppression: Suppression, moves: Moves, named: NamedReader
    ) -> None:
        planned = unsubscribing.plan_unsubscribing(
            [named, BOB], KEY, suppression, ShortList(), moves
        )
        assert (planned.on_list, planned.unlisted) == (1, ())
        removals = planned.removals("asked", DAY)
        assert unsubscribing.record(removals, suppression, moves) == 1
        assert token(BOB) in suppression
        assert token(CID) in suppression

    def test_a_move_that_is_recorded_meanwhile_counts(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        planned = unsubscribing.plan_unsubscribing(
            [BOB], KEY, suppression, ShortList(), moves
        )
        Moves(moves.path).add([TokenMove(token(BOB), token(ANN))], DAY)
        removals = planned.removals("asked", DAY)
        unsubscribing.record(removals, suppression, moves)
        assert token(ANN) in suppression


ONE = "1 reader is unsubscribed, even if a later list contains them"
TWO = "2 readers are unsubscribed, even if a later list contains them"


@pytest.mark.parametrize(
    ("count", "new", "on_list", "unknown", "sentences"),
    [
        (1, 1, None, None, [f"{ONE}."]),
        (2, 2, None, None, [f"{TWO}."]),
        (2, 1, None, None, [f"{ONE}; 1 was unsubscribed already."]),
        (4, 2, None, None, [f"{TWO}; 2 were unsubscribed already."]),
        (
            1,
            0,
            None,
            None,
            ["1 reader was unsubscribed already; nothing was changed."],
        ),
        (
            2,
            0,
            None,
            None,
            ["2 readers were unsubscribed already; nothing was changed."],
        ),
        (
            1,
            1,
            1,
            0,
            [
                f"{ONE}.",
                "The reader is on list.csv; their row stays, but they get no emails.",
            ],
        ),
        (
            2,
            2,
            1,
            0,
            [
                f"{TWO}.",
                "1 of them is on list.csv; their row stays, but they get no emails.",
            ],
        ),
        (
            2,
            2,
            2,
            0,
            [
                f"{TWO}.",
                "2 of them are on list.csv; their rows stay, but they get no emails.",
            ],
        ),
        (1, 1, 0, 0, [f"{ONE}.", "The reader is not on list.csv."]),
        (2, 2, 0, 0, [f"{TWO}.", "None of them is on list.csv."]),
        (
            1,
            1,
            0,
            1,
            [
                f"{ONE}.",
                "1 token belongs to no one on list.csv. It may be from an older list; it is recorded anyway.",
            ],
        ),
        (
            2,
            2,
            0,
            2,
            [
                f"{TWO}.",
                "2 tokens belong to no one on list.csv. They may be from an older list; they are recorded anyway.",
            ],
        ),
        (
            2,
            2,
            1,
            1,
            [
                f"{TWO}.",
                "1 of them is on list.csv; their row stays, but they get no emails.",
                "1 token belongs to no one on list.csv. It may be from an older list; it is recorded anyway.",
            ],
        ),
    ],
)
def test_the_editor_reads_whole_sentences(
    count: int,
    new: int,
    on_list: int | None,
    unknown: int | None,
    sentences: list[str],
) -> None:
    recorded = UnsubscribePlan(
        tuple(map(str, range(count))), new, on_list, unknown
    )
    assert unsubscribing.describe(recorded, "list.csv") == sentences
