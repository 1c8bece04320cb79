"""Joins and changes in the list: once, without harm to others, and never as formulas."""

import datetime as dt

import pytest

from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import token_of
from briefing.syncing.list_changes import change_list, find_obstacle
from briefing.syncing.planning.plan import SyncPlan
from briefing.syncing.reports import Changed, Joined, Person
from briefing.syncing.run import Sync

NOW = dt.datetime(2020, 10, 9, 12, tzinfo=dt.UTC)
DAY = NOW.date()
ANN, BOB = "ann@example.org", "bob@example.org"
BEFORE = f"email,name,town\n{ANN},Ann,Bonn\n{BOB},Bob,Kars\n"


@pytest.fixture
def home(newsletter: Newsletter) -> Newsletter:
    newsletter.subscribers.write_text(BEFORE, "utf-8")
    return newsletter


def token(home: Newsletter, address: str) -> str:
    return token_of(Key.of(home), address)


def carry_out(home: Newsletter, plan: SyncPlan) -> int:
    return change_list(plan, Sync(home, [], NOW).home, NOW)


def joining(home: Newsletter, *joins: Joined) -> SyncPlan:
    named = {token(home, join.address): join for join in joins}
    return SyncPlan(removals={}, joins=named)


def changing(home: Newsletter, **columns: str) -> SyncPlan:
    ann = token(home, ANN)
    changes = {
        (ann, column): Changed(Person(token=ann), DAY, column, value)
        for column, value in columns.items()
    }
    return SyncPlan(removals={}, changes=changes)


def text(home: Newsletter) -> str:
    return home.subscribers.read_text("utf-8")


def test_a_join_has_its_consent(home: Newsletter) -> None:
    join = Joined("cid@example.org", DAY, "de", "Cid", "page", "I want it.")
    for expected in (1, 0):
        # The second time nothing is left to do.
        assert carry_out(home, joining(home, join)) == expected
        assert text(home).splitlines() == [
            "email,name,town,lang,joined,form,consent",
            f"{ANN},Ann,Bonn",
            f"{BOB},Bob,Kars",
            "cid@example.org,Cid,,de,2020-10-09,page,I want it.",
        ]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_no_name_becomes_a_formula(home: Newsletter, name: str) -> None:
    carry_out(home, joining(home, Joined("cid@example.org", DAY, name=name)))
    assert f",'{name}," in text(home)


def test_changes_leave_other_cells_alone(home: Newsletter) -> None:
    plan = changing(home, name="Ann Li", email="new@example.org")
    assert carry_out(home, plan) == 2
    assert text(home) == BEFORE.replace(
        f"{ANN},Ann,", "new@example.org,Ann Li,"
    )


def test_of_two_people_with_one_address_the_first_gets_it(
    home: Newsletter,
) -> None:
    join = Joined("cid@example.org", DAY)
    plan = SyncPlan(
        removals={},
        joins=joining(home, join).joins,
        changes=changing(home, email="cid@example.org").changes,
    )
    assert carry_out(home, plan) == 1
    assert text(home).count("cid@example.org") == 1


def test_who_joins_again_and_takes_the_address_back_is_added_once(
    home: Newsletter,
) -> None:
    cid = Subscriber("cid@example.org", "Cid")
    plan = SyncPlan(
        removals={},
        joins=joining(home, Joined(cid.address, DAY)).joins,
        moved_back={token(home, cid.address): cid},
    )
    assert carry_out(home, plan) == 1
    assert text(home) == f"{BEFORE}{cid.address},Cid,\n"


def test_a_row_that_an_editor_deleted_meanwhile_stays_deleted(
    home: Newsletter,
) -> None:
    plan = changing(home, lang="de")
    home.subscribers.write_text(f"email\n{BOB}\n", "utf-8")
    assert carry_out(home, plan) == 0
    assert text(home) == f"email\n{BOB}\n"


def test_a_list_that_is_open_in_a_program_is_noticed_in_advance(
    home: Newsletter,
) -> None:
    known = Sync(home, [], NOW).home
    plan = changing(home, lang="de")
    assert not find_obstacle(plan, known)
    home.subscribers.with_name(".~lock.subscribers.csv#").touch()
    obstacle = find_obstacle(plan, known)
    assert "is open in LibreOffice" in obstacle
    assert not find_obstacle(SyncPlan(removals={}), known)


def test_a_plan_without_changes_does_not_touch_the_list(
    home: Newsletter,
) -> None:
    home.subscribers.unlink()
    assert carry_out(home, SyncPlan(removals={})) == 0
