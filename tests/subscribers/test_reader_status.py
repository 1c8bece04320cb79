"""What is known about a reader."""

import datetime as dt

from briefing.subscribers import reader_status
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.named_reader import NamedReader
from briefing.subscribers.suppression import Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token

DAY = dt.date(2020, 10, 9)
LIST = listed(f"{ANN},Ann,de,press")


def described(
    reader: NamedReader, suppression: Suppression, moves: Moves
) -> list[str]:
    statuses = reader_status.find(
        {"entry 1": reader}, KEY, suppression, moves, LIST
    )
    return reader_status.describe(
        reader, statuses["entry 1"], "subscribers.csv"
    )


def test_a_reader_has_a_row_and_gets_mail(
    suppression: Suppression, moves: Moves
) -> None:
    reader = NamedReader(token=token(ANN))
    assert described(reader, suppression, moves) == [
        f"{ANN}, line 2 of subscribers.csv",
        "  name  Ann",
        "  lang  de",
        "  tags  press",
        "  gets emails",
    ]


def test_an_earlier_address_leads_to_the_reader(
    suppression: Suppression, moves: Moves
) -> None:
    moves.add([TokenMove(token(BOB), token(ANN))], DAY)
    suppression.add([token(ANN)], "asked", DAY)
    lines = described(NamedReader(identity=BOB), suppression, moves)
    assert lines[0] == f"{ANN}, line 2 of subscribers.csv"
    assert lines[-2:] == [
        "  found by an earlier address or token",
        "  gets no emails: unsubscribed on 2020-10-09 (asked)",
    ]


def test_somebody_who_is_not_on_the_list_may_have_unsubscribed(
    suppression: Suppression, moves: Moves
) -> None:
    suppression.add([token(BOB)], "asked", DAY)
    assert described(NamedReader(identity=BOB), suppression, moves) == [
        f"{BOB} isn't on subscribers.csv.",
        "  gets no emails: unsubscribed on 2020-10-09 (asked)",
    ]
    assert described(NamedReader(token=token(CID)), suppression, moves) == [
        "The reader with this token isn't on subscribers.csv.",
        "  isn't recorded as unsubscribed either",
    ]
