"""A list can come from anywhere: code that reads it sees its rows, and a name for messages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import SubscribersError
from briefing.subscribers.formats import open_list
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import (
    BadRow,
    Duplicate,
    Readers,
    SubscriberList,
    read_all,
)


class ListInMemory:
    """A list that isn't a file."""

    name = "the list of the office"

    def rows(self) -> Iterator[Subscriber | BadRow]:
        yield Subscriber("ann@example.org", "Ann", line=2)
        yield BadRow(3, "the address has no @")
        yield Subscriber("ANN@example.org", "Annie", line=4)
        yield Subscriber("bob@example.org", line=5)


def test_each_reader_counts_once_with_the_first_row() -> None:
    subscribers: SubscriberList = ListInMemory()
    readers = read_all(subscribers)
    assert readers == Readers(
        (
            Subscriber("ann@example.org", "Ann", line=2),
            Subscriber("bob@example.org", line=5),
        ),
        (BadRow(3, "the address has no @"),),
        (Duplicate(4, 2),),
    )


def test_a_file_is_named_as_a_person_would_type_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lists" / "subscribers.csv"
    path.parent.mkdir()
    path.write_text("email\nann@example.org\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    subscribers = open_list(path)
    assert subscribers.name == "lists/subscribers.csv"
    assert [row.line for row in subscribers.rows()] == [2]


def test_a_list_is_checked_to_its_end_before_or_while_its_rows_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "subscribers.csv"
    path.write_text('email,name\nann@example.org,Ann\nbob@example.org,"Bob')
    with pytest.raises(SubscribersError, match="a quote opens here"):
        open_list(path)
    rows = open_list(path, checked=False).rows()
    assert next(rows).line == 2
    with pytest.raises(SubscribersError, match="a quote opens here"):
        next(rows)
