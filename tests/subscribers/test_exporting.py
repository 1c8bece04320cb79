"""What other programs get."""

import datetime as dt

from briefing.subscribers.exporting import active, as_csv
from briefing.subscribers.suppression import Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token


def test_only_readers_who_get_mail_are_exported(
    suppression: Suppression,
) -> None:
    suppression.add([token(BOB)], "asked", dt.date(2020, 10, 9))
    subscribers = listed(
        f"{ANN},Ann,en,press", BOB, "nobody", CID, f"{ANN},again"
    )
    readers = active(subscribers, KEY, suppression)
    assert [reader.address for reader in readers] == [ANN, CID]


def test_all_columns_are_written_and_no_cell_is_a_formula(
    suppression: Suppression,
) -> None:
    subscribers = listed(
        f'=1+1,{ANN},"Łee, Ann",-5', headings="Note,Mail,Name,City"
    )
    data = as_csv(active(subscribers, KEY, suppression)).decode("utf-8-sig")
    assert data == (
        f"email,name,lang,note,city\r\n{ANN},\"Łee, Ann\",,'=1+1,'-5\r\n"
    )
