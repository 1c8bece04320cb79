"""What a sync changes, given what its sources report: who is unsubscribed, who comes back, and what
only an editor can do.
"""

from hashlib import sha256
from operator import attrgetter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.bounces.kinds import BounceKind
from briefing.subscribers.reader_changes import JOINED
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal
from briefing.syncing import summary
from briefing.syncing.plan import Ignored, SyncPlan
from briefing.syncing.reports import (
    ChoseLanguage,
    Left,
    OpenMail,
    Person,
    Report,
)
from tests.syncing.known import (
    ANN,
    BOB,
    CID,
    READERS,
    STRANGER,
    MemoryRemovals,
    complained,
    day,
    joined,
    left,
    planned,
    reasons,
    removed,
    returned,
    token,
)


def changes(plan: SyncPlan) -> bool:
    """Whether a plan changes anything."""
    return bool(plan.departures or plan.list_changes)


class TestWhoIsMeant:
    def test_our_own_token_names_the_reader(self) -> None:
        assert reasons(planned(left(ANN))) == {ANN: "left"}

    def test_the_server_knows_only_the_digest_of_the_token(self) -> None:
        digest = sha256(token(BOB).encode()).hexdigest()
        report = Left(Person(token_digest=digest), day(5))
        assert reasons(planned(report)) == {BOB: "left"}

    def test_an_address_counts_in_any_case_if_it_is_on_the_list(self) -> None:
        report = Left(Person(address="CID@Example.org"), day(5))
        assert reasons(planned(report)) == {CID: "left"}

    @pytest.mark.parametrize(
        "person",
        [
            Person(address=STRANGER),
            Person(address="no address"),
            Person(token_digest="0" * 64),
            Person(),
        ],
    )
    def test_nobody_else_is_unsubscribed(self, person: Person) -> None:
        made = planned(Left(person, day(5)))
        assert not changes(made)
        assert made.ignored == {Ignored.UNKNOWN: 1}

    def test_who_has_just_joined_is_known_by_their_address(self) -> None:
        wish = Left(Person(address=STRANGER), day(6))
        made = planned(joined(STRANGER), wish)
        assert not made.joins
        assert reasons(made) == {STRANGER: "left"}
        moved = {token(STRANGER): token(ANN)}
        made = planned(joined(STRANGER), wish, moved=moved)
        assert reasons(made) == {STRANGER: "left"}

    def test_a_token_of_an_older_list_counts(self) -> None:
        assert reasons(planned(left(STRANGER))) == {STRANGER: "left"}

    def test_an_earlier_token_leads_to_the_reader_at_the_new_address(
        self,
    ) -> None:
        moved = {token(STRANGER): token(ANN)}
        assert reasons(planned(left(STRANGER), moved=moved)) == {ANN: "left"}
        digest = sha256(token(STRANGER).encode()).hexdigest()
        report = Left(Person(token_digest=digest), day(5))
        assert reasons(planned(report, moved=moved)) == {ANN: "left"}


class TestLeaving:
    def test_readers_leave_on_the_day_of_their_wish(self) -> None:
        made = planned(left(ANN, on=3))
        assert made.removals == {token(ANN): Removal("2020-10-03", "left")}

    def test_leaving_twice_is_leaving_once(self) -> None:
        made = planned(left(ANN), left(ANN), left(ANN))
        assert reasons(made) == {ANN: "left"}
        assert made.ignored == {Ignored.KNOWN: 2}

    def test_who_left_before_is_not_counted_again(self) -> None:
        made = planned(left(ANN), removals=removed("asked", ANN))
        assert not changes(made)

    def test_a_complaint_counts_more_than_leaving(self) -> None:
        for reports in (
            (left(ANN), complained(ANN)),
            (complained(ANN), left(ANN)),
        ):
            assert reasons(planned(*reports)) == {ANN: "complaint"}
        made = planned(complained(ANN), removals=removed("left", ANN))
        assert reasons(made) == {ANN: "complaint"}

    def test_what_is_older_than_the_readers_return_does_not_count(
        self,
    ) -> None:
        back = MemoryRemovals(restored={token(ANN): "2020-10-04"})
        assert not changes(planned(left(ANN, on=3), removals=back))
        assert not planned(returned(ANN, on=3), removals=back).failures
        assert reasons(planned(left(ANN, on=4), removals=back)) == {ANN: "left"}


class TestJoining:
    def test_new_readers_are_added_once(self) -> None:
        made = planned(joined(STRANGER), joined("Stranger@example.org"))
        assert [*made.joins] == [token(STRANGER)]
        assert not made.restored

    def test_who_is_on_the_list_stays_there(self) -> None:
        assert not changes(planned(joined(ANN)))

    def test_an_unusable_address_is_not_added(self) -> None:
        made = planned(joined("no address"))
        assert not changes(made)
        assert made.ignored == {Ignored.UNUSABLE: 1}

    @pytest.mark.parametrize(
        "reason", ["left", "asked", "bounced", "mailbox full", "unreachable"]
    )
    def test_who_left_comes_back_by_their_own_wish(self, reason: str) -> None:
        made = planned(joined(ANN), removals=removed(reason, ANN))
        assert [*made.restored] == [token(ANN)]
        assert not made.joins

    def test_who_left_and_is_not_on_the_list_any_more_is_added(self) -> None:
        made = planned(joined(STRANGER), removals=removed("left", STRANGER))
        assert [*made.restored] == [*made.joins] == [token(STRANGER)]

    def test_a_complaint_is_never_lifted(self) -> None:
        for reason in ("complaint", "spam report", "Abuse"):
            known = removed(reason, ANN, STRANGER)
            made = planned(joined(ANN), joined(STRANGER), removals=known)
            assert not changes(made)
            assert made.ignored == {Ignored.COMPLAINED: 2}

    def test_nor_is_a_removal_for_a_reason_of_the_editors(self) -> None:
        made = planned(joined(ANN), removals=removed("works for a firm", ANN))
        assert not changes(made)
        assert made.ignored == {Ignored.KEPT_OUT: 1}

    def test_who_left_after_joining_stays_away(self) -> None:
        made = planned(joined(ANN, on=3), removals=removed("left", ANN, on=4))
        assert not changes(made)

    def test_of_leaving_and_joining_the_later_counts(self) -> None:
        back = planned(left(ANN, on=3), joined(ANN, on=4))
        assert [*back.restored] == [token(ANN)]
        assert back.departures == {token(ANN): Removal("2020-10-03", "left")}
        assert reasons(planned(joined(ANN, on=3), left(ANN, on=4))) == {
            ANN: "left"
        }

    def test_who_joins_and_leaves_at_once_is_not_added(self) -> None:
        made = planned(joined(STRANGER), left(STRANGER))
        assert reasons(made) == {STRANGER: "left"}
        assert not made.joins

    def test_who_joins_leaves_and_joins_again_is_added(self) -> None:
        made = planned(joined(STRANGER), left(STRANGER), joined(STRANGER))
        assert [*made.joins] == [token(STRANGER)]
        assert not made.removals


class TestLanguages:
    def test_the_last_choice_counts(self) -> None:
        person = Person(token=token(ANN))
        wishes = [ChoseLanguage(person, day(5), lang) for lang in ("de", "tr")]
        assert planned(*wishes).languages == {token(ANN): wishes[1]}

    def test_who_changes_it_back_keeps_what_they_had(self) -> None:
        ann = Subscriber(ANN, lang="de")
        person = Person(token=token(ANN))
        wishes = [ChoseLanguage(person, day(5), lang) for lang in ("tr", "de")]
        assert not planned(*wishes, readers=[ann]).list_changes


class TestReturnedMail:
    def test_it_counts_for_readers_who_get_mail(self) -> None:
        made = planned(returned(ANN), returned(STRANGER))
        assert [each.token for each in made.failures] == [token(ANN)]
        gone = planned(returned(ANN), removals=removed("left", ANN))
        assert not gone.failures

    def test_a_refusal_is_not_the_readers_fault(self) -> None:
        made = planned(returned(ANN, BounceKind.REFUSED))
        assert made.ignored == {Ignored.REFUSED: 1}
        assert not made.failures

    def test_what_comes_back_from_an_earlier_address_is_not_about_the_new_one(
        self,
    ) -> None:
        made = planned(returned(STRANGER), moved={token(STRANGER): token(ANN)})
        assert not made.failures
        assert made.ignored == {Ignored.OUTDATED: 1}


class TestOpenMail:
    MAIL = OpenMail(Person(address=ANN), day(5), "Please stop", b"1")

    def test_it_is_listed_until_its_reader_is_unsubscribed(self) -> None:
        assert planned(self.MAIL).open_mails == [self.MAIL]
        assert not planned(left(ANN), self.MAIL).open_mails
        gone = planned(self.MAIL, removals=removed("asked", ANN))
        assert not gone.open_mails

    def test_the_lines_name_no_address_and_only_ten_emails(self) -> None:
        mails = [
            OpenMail(Person(address=who), day(number), f"I am {ANN}", bytes(1))
            for number, who in enumerate([*[STRANGER] * 11, ANN], 1)
        ]
        first, *others, rest = summary.open_mails(planned(*mails))
        assert first == "2020-10-12: “I am …” (the reader in line 2)"
        assert len(others) == 9
        assert others[0] == "2020-10-11: “I am …” (someone not on the list)"
        assert rest == "and 2 others"


class TestWhatHadToWait:
    """Requests that an earlier sync carried out are read again with one before them that had to wait."""

    def test_who_left_since_stays_away(self) -> None:
        since = left(STRANGER, on=6)
        made = planned(
            joined(STRANGER),
            since,
            done=[since],
            removals=removed("left", STRANGER, on=5),
        )
        assert not made.list_changes

    def test_a_later_choice_counts(self) -> None:
        person = Person(token=token(ANN))
        first, second = (
            ChoseLanguage(person, day(5), lang) for lang in ("de", "tr")
        )
        assert not planned(first, second, done=[second]).list_changes


REPORTS = st.builds(
    lambda make, address, on: make(address, on),
    st.sampled_from(
        [
            left,
            complained,
            joined,
            lambda address, on: returned(address, BounceKind.DEAD, on),
            lambda address, on: returned(address, BounceKind.FULL, on),
        ]
    ),
    st.sampled_from([ANN, BOB, STRANGER]),
    st.integers(1, 9),
)


class TestRepetition:
    @given(st.lists(REPORTS, max_size=12))
    @example([left(ANN, 1), joined(ANN, 1)])
    def test_the_same_reports_twice_mean_the_same(
        self, reports: list[Report]
    ) -> None:
        reports.sort(key=attrgetter("day"))
        once = planned(*reports)
        known = MemoryRemovals(
            {**once.removals},
            {
                name: join.day.isoformat()
                for name, join in once.restored.items()
            },
        )
        came = {**once.restored, **once.joins}
        readers = {
            **{token(address): Subscriber(address) for address in READERS},
            **{
                name: Subscriber(join.address, columns={JOINED: str(join.day)})
                for name, join in came.items()
            },
        }
        again = planned(*reports, removals=known, readers=[*readers.values()])
        assert not changes(again)

    @given(st.lists(REPORTS, max_size=12))
    def test_nobody_else_is_unsubscribed(self, reports: list[Report]) -> None:
        made = planned(*reports)
        named = {token(address) for address in (ANN, BOB, STRANGER)}
        assert made.departures.keys() <= named
