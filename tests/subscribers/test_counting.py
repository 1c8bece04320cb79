"""How many readers a list has."""

import datetime as dt

from briefing.subscribers.counting import Counts, count
from briefing.subscribers.suppression import Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token


def test_each_reader_counts_once_and_others_apart(
    suppression: Suppression,
) -> None:
    suppression.add([token(CID)], "asked", dt.date(2020, 10, 9))
    subscribers = listed(
        f'{ANN},Ann,de,"press, board"',
        f"{BOB},Bob,,press",
        f"{ANN},Annie,en,",
        f"{CID},Cid,en,press",
        "nobody,,,",
    )
    assert count(subscribers, KEY, suppression) == Counts(
        readers=2,
        suppressed=1,
        languages={"de": 1, "": 1},
        tags={"press": 2, "board": 1},
        bad_rows=1,
        duplicates=1,
    )
