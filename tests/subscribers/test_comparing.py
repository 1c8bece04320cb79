"""What is said about a difference before it is taken back."""

from briefing.subscribers.comparing import Difference, compare, describe
from tests.subscribers.lists_in_memory import ANN, BOB, CID, listed


def test_rows_are_counted() -> None:
    now = listed(f"{ANN},Ann", f"{BOB},Bob", "nobody")
    before = listed(f"{ANN},Annie", f"{CID},Cid", "nobody")
    difference = compare(now, before)
    assert difference == Difference(removed=1, added=1, changed=1)
    assert describe(difference) == [
        "1 row would be removed.",
        "1 row would come back.",
        "1 row would be as before.",
    ]


def test_another_order_or_an_empty_column_is_not_a_difference() -> None:
    now = listed(f"{ANN},Ann", f"{BOB},Bob")
    before = listed(f"{BOB},Bob", f"{ANN},Ann", headings="email,name")
    assert describe(compare(now, before)) == []
