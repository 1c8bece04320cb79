"""Who left is recorded by every token that they ever had, and restored by all of them."""

import datetime as dt

from briefing.subscribers import unsubscribing
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.suppression import Removal, Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, token

DAY = dt.date(2020, 10, 9)
ASKED = Removal("2020-10-09", "asked")


def test_each_has_their_own_day_and_reason(suppression: Suppression) -> None:
    removals = {
        token(ANN): Removal("2020-10-02", "left"),
        token(BOB): Removal("2020-10-09", "complaint"),
    }
    assert unsubscribing.record(removals, suppression) == 2
    assert {each: suppression.find(each) for each in removals} == removals


def test_who_left_in_the_meantime_is_not_new(suppression: Suppression) -> None:
    Suppression(suppression.path).add([token(ANN)], "left", DAY)
    removals = {token(ANN): ASKED, token(BOB): ASKED}
    assert unsubscribing.record(removals, suppression) == 1


def test_a_reader_who_moved_leaves_and_returns_by_every_address(
    suppression: Suppression, moves: Moves
) -> None:
    """Links in old emails have the token of the old address."""
    moves.add([TokenMove(token(CID), token(BOB))], DAY)
    assert unsubscribing.record({token(BOB): ASKED}, suppression, moves) == 1
    assert token(BOB) in suppression
    assert token(CID) in suppression
    unsubscribing.restore([token(BOB)], suppression, moves, DAY)
    assert len(suppression) == 0


def test_a_move_that_is_recorded_meanwhile_counts(
    suppression: Suppression, moves: Moves
) -> None:
    Moves(moves.path).add([TokenMove(token(BOB), token(ANN))], DAY)
    unsubscribing.record({token(BOB): ASKED}, suppression, moves)
    assert token(ANN) in suppression
