"""What an editor's changes would do: to whom, and why not to others."""

import datetime as dt

import pytest

from briefing.subscribers import plans
from briefing.subscribers.moves import Moves, TokenMove
from briefing.subscribers.named_reader import NamedReader, parse_move
from briefing.subscribers.plans import EditPlan
from briefing.subscribers.reader_changes import Add, Move
from briefing.subscribers.suppression import Suppression
from tests.subscribers.lists_in_memory import ANN, BOB, CID, KEY, listed, token

DAY = dt.date(2020, 10, 9)
NEW = "new@example.net"
STRANGER = "0123456789abcdef0123456789abcd"
LIST = listed(f"{ANN},Ann", f"{BOB},Bob", f"{ANN},Annie")


def named(*readers: str) -> dict[str, NamedReader]:
    """Readers by address or token, as if each were an entry of a command line."""
    return {
        f"entry {number}": NamedReader(identity=reader)
        if "@" in reader
        else NamedReader(token=reader)
        for number, reader in enumerate(readers, 1)
    }


class TestAdding:
    def plan(self, suppression: Suppression, *addresses: str) -> EditPlan[Add]:
        entries = {f"line {n}": each for n, each in enumerate(addresses, 1)}
        return plans.plan_adding(
            entries, {"lang": "de"}, KEY, suppression, LIST
        )

    def test_each_new_reader_is_added_once(
        self, suppression: Suppression
    ) -> None:
        plan = self.plan(suppression, CID, NEW, CID)
        assert plan == EditPlan(
            [Add(CID, {"lang": "de"}), Add(NEW, {"lang": "de"})]
        )

    def test_who_is_on_the_list_is_reported_with_the_first_line(
        self, suppression: Suppression
    ) -> None:
        plan = self.plan(suppression, "ANN@example.org")
        assert plan == EditPlan(
            notes=[
                "The reader in line 1 is on subscribers.csv already, on line 2."
            ]
        )

    @pytest.mark.parametrize(
        ("reason", "did"),
        [
            ("asked", "unsubscribed"),
            ("complaint", "reported an email as spam"),
        ],
    )
    def test_who_unsubscribed_is_not_added_even_if_they_are_on_the_list(
        self, suppression: Suppression, reason: str, did: str
    ) -> None:
        suppression.add([token(ANN)], reason, DAY)
        plan = self.plan(suppression, ANN, CID)
        assert [change.address for change in plan.changes] == [CID]
        assert not plan.notes
        [problem] = plan.problems
        assert problem.startswith(
            f"the reader in line 1 {did} (2020-10-09: {reason})"
        )


class TestMoving:
    @pytest.fixture(autouse=True)
    def records(self, suppression: Suppression, moves: Moves) -> None:
        self.suppression, self.moves = suppression, moves

    def plan(self, *texts: str) -> EditPlan[Move]:
        entries = {
            f"line {n}": parse_move(text) for n, text in enumerate(texts, 1)
        }
        return plans.plan_moving(
            entries, KEY, self.suppression, self.moves, LIST
        )

    @pytest.mark.parametrize("old", [BOB, "BOB@example.org", token(BOB)])
    def test_a_reader_is_named_by_address_or_token(self, old: str) -> None:
        assert self.plan(f"{old} {NEW}") == EditPlan([Move(BOB, NEW)])

    def test_a_reader_is_also_known_by_an_earlier_address(self) -> None:
        self.moves.add([TokenMove(token(CID), token(BOB))], DAY)
        assert self.plan(f"{CID} {NEW}").changes == [Move(BOB, NEW)]

    def test_only_the_spelling_of_an_address_can_change(self) -> None:
        change = Move(BOB, "Bob@example.org")
        assert self.plan(f"{BOB} Bob@example.org") == EditPlan([change])

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (f"{CID} {NEW}", "line 2 isn't on subscribers.csv"),
            (f"{BOB} {ANN}", "the new address in line 2 is already on"),
            (f"{ANN} other@example.net", "line 2 repeats a reader"),
            (f"{BOB} {NEW}", "line 2 repeats a reader or a new address"),
        ],
    )
    def test_a_change_that_cannot_be_made_is_left_out(
        self, text: str, problem: str
    ) -> None:
        plan = self.plan(f"{ANN} {NEW}", text)
        assert plan.changes == [Move(ANN, NEW)]
        [said] = plan.problems
        assert problem in said

    @pytest.mark.parametrize("identity", [ANN, NEW])
    def test_who_unsubscribed_by_either_address_gets_no_emails(
        self, identity: str
    ) -> None:
        self.suppression.add([token(identity)], "asked", DAY)
        plan = self.plan(f"{ANN} {NEW}", f"{BOB} other@example.net")
        assert len(plan.changes) == 2
        assert plan.notes == [
            "The reader in line 1 unsubscribed, and still gets no emails."
        ]


class TestUnsubscribing:
    def test_each_reader_once_however_they_are_named(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        readers = named(ANN, token(ANN), token(BOB))
        plan = plans.plan_unsubscribing(readers, KEY, suppression, moves, LIST)
        assert plan == EditPlan([token(ANN), token(BOB)])
        assert not suppression.path.exists()

    def test_a_reader_who_moved_is_known_by_either_address(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        moves.add([TokenMove(token(CID), token(BOB))], DAY)
        readers = named(CID, token(CID), BOB)
        plan = plans.plan_unsubscribing(readers, KEY, suppression, moves, LIST)
        assert plan == EditPlan([token(BOB)])

    def test_an_address_that_is_not_on_the_list_may_be_mistyped(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        readers = named(CID)
        plan = plans.plan_unsubscribing(readers, KEY, suppression, moves, LIST)
        assert not plan.changes
        assert plan.problems[0].startswith(
            "the reader in entry 1 isn't on the list"
        )
        plan = plans.plan_unsubscribing(
            readers, KEY, suppression, moves, LIST, is_sure=True
        )
        assert plan == EditPlan([token(CID)])

    def test_a_token_cannot_be_mistyped(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        plan = plans.plan_unsubscribing(
            named(STRANGER), KEY, suppression, moves, LIST
        )
        assert plan.changes == [STRANGER]
        assert "entry 1 belongs to no one on the list" in plan.notes[0]

    def test_without_a_list_everyone_is_unsubscribed(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        readers = named(CID, STRANGER)
        plan = plans.plan_unsubscribing(readers, KEY, suppression, moves, None)
        assert plan == EditPlan([token(CID), STRANGER])

    def test_who_was_unsubscribed_already_need_not_be_on_the_list(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        suppression.add([token(CID)], "asked", DAY)
        plan = plans.plan_unsubscribing(
            named(CID), KEY, suppression, moves, LIST
        )
        assert plan == EditPlan(
            notes=["The reader in entry 1 was unsubscribed already."]
        )


class TestRestoring:
    def test_who_is_not_unsubscribed_may_be_mistyped(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        suppression.add([token(ANN)], "asked", DAY)
        plan = plans.plan_restoring(named(ANN, BOB), KEY, suppression, moves)
        assert plan.changes == [token(ANN)]
        assert plan.problems[0].startswith(
            "the reader in entry 2 isn't unsubscribed"
        )

    def test_a_complaint_by_any_address_counts_unless_the_editor_is_sure(
        self, suppression: Suppression, moves: Moves
    ) -> None:
        moves.add([TokenMove(token(CID), token(BOB))], DAY)
        suppression.add([token(BOB)], "asked", DAY)
        suppression.add([token(CID)], "complaint", DAY)
        plan = plans.plan_restoring(named(BOB), KEY, suppression, moves)
        assert not plan.changes
        assert "entry 1 reported an email as spam" in plan.problems[0]
        plan = plans.plan_restoring(
            named(CID), KEY, suppression, moves, is_sure=True
        )
        assert plan == EditPlan([token(BOB)])
