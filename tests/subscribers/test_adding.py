"""Who can be added to a list, and what their row says."""

import datetime as dt

import pytest

from briefing.errors import RefusedError
from briefing.subscribers import adding
from briefing.subscribers.named_reader import NewReader
from briefing.subscribers.reader_changes import Add
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token

DAY = dt.date(2020, 10, 9)


def plan(suppression: Suppression, *addresses: str) -> adding.AddPlan:
    named = [
        NewReader(address, f"line {number}")
        for number, address in enumerate(addresses, 1)
    ]
    subscribers = listed(f"{ANN},Ann", f"{ANN},Annie")
    return adding.plan_adding(named, KEY, suppression, subscribers)


def test_each_new_reader_is_added_once(suppression: Suppression) -> None:
    planned = plan(suppression, CID, BOB, "Cid@example.org")
    assert [reader.address for reader in planned.new] == [CID, BOB]


def test_who_is_on_the_list_is_reported_with_the_first_line(
    suppression: Suppression,
) -> None:
    planned = plan(suppression, "ANN@example.org", BOB)
    assert [(reader.place, row) for reader, row in planned.listed] == [
        ("line 1", 2)
    ]
    assert adding.describe(planned, "subscribers.csv") == [
        "1 reader is now on subscribers.csv.",
        "The reader in line 1 is on subscribers.csv already, on line 2.",
    ]


@pytest.mark.parametrize("reason", ["asked", "complaint"])
def test_who_unsubscribed_is_not_added(
    suppression: Suppression, reason: str
) -> None:
    suppression.add([token(BOB)], reason, DAY)
    planned = plan(suppression, BOB, CID)
    assert [reader.address for reader in planned.new] == [CID]
    [(reader, removal)] = planned.suppressed
    assert (reader.place, removal.reason) == ("line 1", reason)


def test_who_unsubscribed_and_is_still_on_the_list_isnt_said_to_get_emails(
    suppression: Suppression,
) -> None:
    suppression.add([token(ANN)], "asked", DAY)
    planned = plan(suppression, ANN)
    assert [reader.address for reader, _ in planned.suppressed] == [ANN]
    assert adding.describe(planned, "subscribers.csv") == []


def test_the_row_has_what_was_given(suppression: Suppression) -> None:
    details = adding.details_of(
        name="Cid ",
        lang="DE",
        tags=["press", "board", "press"],
        consent="by phone",
        today=DAY,
    )
    columns = {
        "tags": "press, board",
        "joined": "2020-10-09",
        "consent": "by phone",
    }
    assert adding.changes(plan(suppression, CID), details) == [
        Add(Subscriber(CID, "Cid", "de", columns))
    ]


def test_a_given_day_is_kept_and_nothing_is_made_up() -> None:
    joined = dt.date(2019, 1, 2)
    details = adding.details_of(consent="form", joined=joined, today=DAY)
    assert details.columns["joined"] == "2019-01-02"
    assert not adding.details_of(today=DAY).columns


def test_nobody_agreed_on_a_day_that_hasnt_come_yet() -> None:
    adding.details_of(joined=DAY, today=DAY)
    tomorrow = DAY + dt.timedelta(days=1)
    with pytest.raises(
        RefusedError, match="--joined 2020-10-10 is in the future"
    ):
        adding.details_of(joined=tomorrow, today=DAY)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"lang": "German"},
            "lang: the language isn't a code such as de or zh",
        ),
        ({"consent": "x" * 2_001}, "consent: is longer than"),
        ({"tags": ["a,b"]}, "a tag can't contain a comma"),
    ],
)
def test_what_cannot_stand_in_a_column_is_refused(
    given: dict[str, str], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        adding.details_of(**given, today=DAY)  # type: ignore[arg-type]
