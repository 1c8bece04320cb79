"""Readers are found by their address, or by any token that they had."""

import datetime as dt

from briefing.subscribers.lookup import find_listed
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.named_reader import NamedReader
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token

DAY = dt.date(2020, 10, 9)


def rows(moves: Moves, *named: NamedReader) -> list[int]:
    subscribers = listed(ANN, BOB, ANN)
    found = find_listed(named, KEY, moves, subscribers)
    return [found[reader].line for reader in named if reader in found]


def test_the_first_row_of_a_reader_is_found(moves: Moves) -> None:
    named = [NamedReader(identity=ANN), NamedReader(token=token(BOB))]
    assert rows(moves, *named) == [2, 3]
    assert rows(moves, NamedReader(identity=CID)) == []


def test_an_earlier_address_or_token_leads_to_the_reader(moves: Moves) -> None:
    moves.add([TokenMove(token(CID), token(BOB))], DAY)
    named = [NamedReader(identity=CID), NamedReader(token=token(CID))]
    assert rows(moves, *named) == [3, 3]


def test_an_address_on_the_list_is_the_one_that_is_meant(moves: Moves) -> None:
    moves.add([TokenMove(token(ANN), token(BOB))], DAY)
    assert rows(moves, NamedReader(identity=ANN)) == [2]
    assert rows(moves, NamedReader(token=token(ANN))) == [3]
