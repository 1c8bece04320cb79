"""Restoring readers who were unsubscribed: by any token they had, and not after a complaint."""

import datetime as dt
from dataclasses import replace

from briefing.keys import Key
from briefing.subscribers import restoring
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.named_reader import NamedReader
from briefing.subscribers.suppression import Suppression, token_of
from tests.subscribers.test_unsubscribing import ShortList

KEY = Key(bytes(32))
DAY = dt.date(2020, 10, 9)
BOB = NamedReader(identity="bob@example.org")
OLD = token_of(KEY, "cid@example.org")
NEW = token_of(KEY, BOB.identity)


def test_a_reader_who_moved_is_restored_by_either_token_and_a_complaint_by_either_counts(
    suppression: Suppression, moves: Moves
) -> None:
    moves.add([TokenMove(OLD, NEW)], DAY)
    suppression.add([NEW], "asked", DAY)
    suppression.add([OLD], "complaint", DAY)
    planned = restoring.plan_restoring(
        [BOB], KEY, suppression, ShortList(), moves
    )
    assert [reader for reader, _ in planned.complaints] == [BOB]
    sure = [replace(BOB, sure=True)]
    planned = restoring.plan_restoring(
        sure, KEY, suppression, ShortList(), moves
    )
    assert restoring.restore(planned, suppression, moves, DAY) == 1
    assert len(suppression) == 0
