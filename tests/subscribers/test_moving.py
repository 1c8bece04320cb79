"""Who can get another address."""

import datetime as dt
from collections.abc import Callable

import pytest

from briefing.subscribers import moving
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.moving import MovePlan
from briefing.subscribers.named_reader import parse_move
from briefing.subscribers.reader_changes import Move
from briefing.subscribers.suppression import Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token

DAY = dt.date(2020, 10, 9)
NEW = "new@example.net"
Planned = Callable[..., MovePlan]


@pytest.fixture
def planned(suppression: Suppression, moves: Moves) -> Planned:
    """Plan changes of address, each given as text, for a list with Ann and Bob."""

    def plan(*texts: str) -> MovePlan:
        named = [parse_move(text) for text in texts]
        subscribers = listed(f"{ANN},Ann", f"{BOB},Bob")
        return moving.plan_moving(named, KEY, suppression, moves, subscribers)

    return plan


@pytest.mark.parametrize("old", [ANN, "ANN@example.org", token(ANN)])
def test_a_reader_is_named_by_address_or_token(
    planned: Planned, old: str
) -> None:
    assert planned(f"{old} {NEW}").changes == (Move(ANN, NEW),)


def test_a_reader_is_also_known_by_an_earlier_address(
    planned: Planned, moves: Moves
) -> None:
    moves.add([TokenMove(token(CID), token(ANN))], DAY)
    assert planned(f"{CID} {NEW}").changes == (Move(ANN, NEW),)


def test_who_is_not_on_the_list_is_not_moved(planned: Planned) -> None:
    plan = planned(f"{CID} {NEW}", f"{ANN} {NEW}")
    assert len(plan.unlisted) == 1
    assert plan.changes == (Move(ANN, NEW),)


def test_an_address_of_another_reader_is_taken(planned: Planned) -> None:
    [(_, row)] = planned(f"{ANN} {BOB}").taken
    assert row == 3


def test_only_the_spelling_of_an_address_can_change(planned: Planned) -> None:
    assert planned(f"{ANN} Ann@example.org").changes == (
        Move(ANN, "Ann@example.org"),
    )


@pytest.mark.parametrize(
    "texts",
    [
        (f"{ANN} {NEW}", f"{ANN} other@example.net"),
        (f"{ANN} {NEW}", f"{BOB} {NEW}"),
    ],
)
def test_what_is_said_twice_is_not_done_twice(
    planned: Planned, texts: tuple[str, str]
) -> None:
    plan = planned(*texts)
    assert plan.changes == (Move(ANN, NEW),)
    assert len(plan.repeated) == 1


@pytest.mark.parametrize("identity", [ANN, NEW])
def test_suppression_by_either_address_is_mentioned(
    planned: Planned, suppression: Suppression, identity: str
) -> None:
    suppression.add([token(identity)], "asked", DAY)
    plan = planned(f"{ANN} {NEW}", f"{BOB} other@example.net")
    assert plan.suppressed == 1
    assert moving.describe(plan) == [
        "2 readers have new addresses. Links in their old emails still work.",
        "1 of them unsubscribed, and still gets no emails.",
    ]


def test_nothing_is_said_about_nothing(planned: Planned) -> None:
    assert moving.describe(planned(f"{CID} {NEW}")) == []
