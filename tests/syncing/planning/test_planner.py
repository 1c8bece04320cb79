"""What a sync changes, given what its sources report: who is unsubscribed, who comes back, and what
waits for an editor.
"""

from collections.abc import Callable
from hashlib import sha256
from operator import attrgetter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from briefing.bounces.kinds import BounceKind
from briefing.subscribers.adding import JOINED
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Removal
from briefing.syncing.planning.questions import Question, Subject
from briefing.syncing.planning.reasons import Ignored
from briefing.syncing.records.history import PastSync
from briefing.syncing.records.returned_mail import ReturnedEntry
from briefing.syncing.reports import (
    AskedForLink,
    AskedToJoin,
    Changed,
    Complained,
    Joined,
    Left,
    MoveUndone,
    Person,
    Report,
    Unconcerned,
    Unreadable,
    Unverified,
)
from tests.syncing.known import (
    ANN,
    BOB,
    CID,
    READERS,
    STRANGER,
    TODAY,
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

MANY = [f"reader{number}@example.net" for number in range(300)]


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
        assert made.changes_nothing
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

    def test_what_comes_back_from_an_earlier_address_is_not_about_the_new_one(
        self,
    ) -> None:
        moved = {token(STRANGER): token(ANN)}
        claim = Unverified(Person(address=STRANGER), day(5), BounceKind.DEAD)
        made = planned(returned(STRANGER), claim, moved=moved)
        assert made.changes_nothing
        assert not made.questions
        assert made.ignored == {Ignored.OUTDATED: 2}


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
        assert made.changes_nothing

    def test_a_complaint_counts_more_than_leaving(self) -> None:
        for reports in (
            (left(ANN), complained(ANN)),
            (complained(ANN), left(ANN)),
        ):
            assert reasons(planned(*reports)) == {ANN: "complaint"}
        made = planned(complained(ANN), removals=removed("left", ANN))
        assert reasons(made) == {ANN: "complaint"}

    @pytest.mark.parametrize("rejected", [[], ["complaints"]])
    def test_who_left_has_left_whatever_the_editor_thinks_of_complaints(
        self, rejected: list[str]
    ) -> None:
        for reports in (
            (left(ANN), complained(ANN)),
            (complained(ANN), left(ANN)),
        ):
            made = planned(
                *reports,
                *map(complained, MANY),
                readers=[ANN, *MANY],
                rejected=rejected,
            )
            assert reasons(made) == {ANN: "left"}

    def test_what_is_older_than_the_readers_return_does_not_count(
        self,
    ) -> None:
        back = MemoryRemovals(restored={token(ANN): "2020-10-04"})
        assert planned(left(ANN, on=3), removals=back).changes_nothing
        assert planned(returned(ANN, on=3), removals=back).changes_nothing
        assert reasons(planned(left(ANN, on=4), removals=back)) == {ANN: "left"}


class TestJoining:
    def test_new_readers_are_added_once(self) -> None:
        made = planned(joined(STRANGER), joined("Stranger@example.org"))
        assert [*made.joins] == [token(STRANGER)]
        assert not made.restored

    def test_who_is_on_the_list_stays_there(self) -> None:
        assert planned(joined(ANN)).changes_nothing

    def test_an_unusable_address_is_not_added(self) -> None:
        made = planned(joined("no address"))
        assert made.changes_nothing
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
            assert made.changes_nothing
            assert made.ignored == {Ignored.COMPLAINED: 2}

    def test_nor_is_a_removal_for_a_reason_of_the_editors(self) -> None:
        made = planned(joined(ANN), removals=removed("works for a firm", ANN))
        assert made.changes_nothing
        assert made.ignored == {Ignored.KEPT_OUT: 1}

    def test_who_left_after_joining_stays_away(self) -> None:
        made = planned(joined(ANN, on=3), removals=removed("left", ANN, on=4))
        assert made.changes_nothing

    def test_of_leaving_and_joining_the_later_counts(self) -> None:
        back = planned(left(ANN, on=3), joined(ANN, on=4))
        assert [*back.restored] == [token(ANN)]
        assert not back.removals
        assert reasons(planned(joined(ANN, on=3), left(ANN, on=4))) == {
            ANN: "left"
        }

    @pytest.mark.parametrize(
        ("accepted", "rejected", "expected"),
        [
            ([], [], {ANN: "left"}),
            ([], ["joins"], {ANN: "left"}),
            (["joins"], [], {}),
        ],
    )
    def test_who_left_stays_away_unless_the_editor_believes_that_they_are_back(
        self, accepted: list[str], rejected: list[str], expected: dict[str, str]
    ) -> None:
        made = planned(
            left(ANN, on=4),
            *map(joined, [ANN, *MANY[:21]]),
            accepted=accepted,
            rejected=rejected,
        )
        assert reasons(made) == expected

    def test_who_joins_and_leaves_at_once_is_not_added(self) -> None:
        made = planned(joined(STRANGER), left(STRANGER))
        assert reasons(made) == {STRANGER: "left"}
        assert not made.joins

    def test_who_joins_leaves_and_joins_again_is_added(self) -> None:
        made = planned(joined(STRANGER), left(STRANGER), joined(STRANGER))
        assert [*made.joins] == [token(STRANGER)]
        assert not made.removals


class TestChanges:
    def test_readers_change_language_name_and_address(self) -> None:
        person = Person(token=token(ANN))
        changes = [
            Changed(person, day(5), "lang", "de"),
            Changed(person, day(5), "name", "Ann Li"),
            Changed(person, day(5), "email", STRANGER),
        ]
        made = planned(*changes)
        assert [*made.changes.values()] == changes

    def test_the_last_change_counts(self) -> None:
        person = Person(token=token(ANN))
        changes = [
            Changed(person, day(5), "lang", lang) for lang in ("de", "tr")
        ]
        assert planned(*changes).changes == {(token(ANN), "lang"): changes[1]}

    @pytest.mark.parametrize(
        ("column", "before"), [("lang", "de"), ("email", ANN)]
    )
    def test_who_changes_it_back_keeps_what_they_had(
        self, column: str, before: str
    ) -> None:
        ann = Subscriber(ANN, lang="de")
        person = Person(token=token(ANN))
        other = {"lang": "tr", "email": STRANGER}[column]
        made = planned(
            *(Changed(person, day(5), column, to) for to in (other, before)),
            readers=[ann],
        )
        assert made.changes_nothing

    def test_a_name_may_change_in_its_capitals_only(self) -> None:
        ann = Subscriber(ANN, "ann li")
        change = Changed(Person(token=token(ANN)), day(5), "name", "Ann Li")
        assert planned(change, readers=[ann]).changes

    def test_an_address_that_another_reader_has_is_not_taken(self) -> None:
        made = planned(Changed(Person(token=token(ANN)), day(5), "email", BOB))
        assert made.changes_nothing
        assert made.ignored == {Ignored.UNUSABLE: 1}

    def test_nor_the_address_of_somebody_who_complained(self) -> None:
        made = planned(
            Changed(Person(token=token(ANN)), day(5), "email", STRANGER),
            removals=removed("complaint", STRANGER),
        )
        assert made.changes_nothing

    def test_a_change_that_was_made_before_changes_nothing(self) -> None:
        # The reader's token is now that of the new address.
        made = planned(
            Changed(Person(token=token(STRANGER)), day(5), "email", ANN),
            moved={token(STRANGER): token(ANN)},
        )
        assert made.changes_nothing
        assert made.ignored == {Ignored.KNOWN: 1}

    def test_who_loses_an_address_that_is_taken_back_hears_of_it_but_no_complainer_does(
        self,
    ) -> None:
        wish = MoveUndone(Person(token=token(ANN)), day(5), STRANGER, "", "")
        assert len(planned(wish).notices) == 1
        assert not planned(wish, complained(ANN)).notices

    @pytest.mark.parametrize("by_digest", [False, True])
    def test_who_took_an_address_back_can_leave_at_once(
        self, by_digest: bool
    ) -> None:
        digest = sha256(token(STRANGER).encode()).hexdigest()
        person = (
            Person(token_digest=digest)
            if by_digest
            else Person(token=token(STRANGER))
        )
        made = planned(
            MoveUndone(Person(token=token(ANN)), day(5), STRANGER, "", ""),
            Left(person, day(5)),
            moved={token(STRANGER): token(ANN)},
        )
        assert reasons(made) == {ANN: "address taken back", STRANGER: "left"}

    def test_who_moves_away_from_an_address_that_no_longer_exists_stays(
        self,
    ) -> None:
        """If the address can't be changed after all, what came back counts in the next sync."""
        move = Changed(Person(token=token(ANN)), day(6), "email", STRANGER)
        made = planned(returned(ANN), move)
        assert [*made.changes] == [(token(ANN), "email")]
        assert not made.removals
        assert reasons(planned(returned=made.returned)) == {ANN: "bounced"}
        moved = planned(returned=made.returned, readers=[STRANGER])
        assert moved.changes_nothing
        assert not moved.returned

    @pytest.mark.parametrize(
        ("before", "reason"), [(left, None), (complained, "complaint")]
    )
    def test_who_joined_before_taking_an_address_back_gets_emails_unless_they_complained(
        self, before: Callable[..., Report], reason: str | None
    ) -> None:
        made = planned(
            before(STRANGER, on=3),
            joined(STRANGER, on=4),
            MoveUndone(Person(token=token(ANN)), day(5), STRANGER, "", ""),
            moved={token(STRANGER): token(ANN)},
        )
        assert token(STRANGER) in made.moved_back
        assert reasons(made).get(STRANGER) == reason

    def test_a_change_can_be_taken_back_before_it_is_made(self) -> None:
        """The email about it is sent first; the sync may have ended before the list was changed."""
        change = Changed(Person(token=token(ANN)), day(5), "email", STRANGER)
        wish = MoveUndone(Person(token=token(STRANGER)), day(5), ANN, "", "")
        made = planned(change, wish)
        assert made.changes_nothing
        assert made.fixed == {token(ANN)}

    def test_nobody_elses_row_changes(self) -> None:
        made = planned(
            Changed(Person(token=token(STRANGER)), day(5), "lang", "de")
        )
        assert made.changes_nothing


class TestLinks:
    def test_readers_get_their_link_once(self) -> None:
        made = planned(AskedForLink(ANN, day(5)), AskedForLink(ANN, day(5)))
        assert [*made.links] == [token(ANN)]

    @pytest.mark.parametrize("reason", ["left", "complaint"])
    def test_who_gets_no_email_gets_no_link(self, reason: str) -> None:
        known = removed(reason, ANN)
        assert planned(AskedForLink(ANN, day(5)), removals=known).links == {}
        wish = AskedForLink(ANN, day(5))
        assert planned(left(ANN), wish).links == {}
        assert planned(wish, left(ANN)).links == {}

    def test_strangers_get_nothing(self) -> None:
        made = planned(
            AskedForLink(STRANGER, day(5)), AskedForLink("no address", day(5))
        )
        assert made.changes_nothing
        assert made.ignored == {Ignored.UNKNOWN: 2}


class TestReturnedMail:
    def test_who_is_dead_is_unsubscribed_at_once(self) -> None:
        assert reasons(planned(returned(ANN))) == {ANN: "bounced"}

    def test_a_refused_reader_counts_once_whatever_the_words(self) -> None:
        made = planned(
            returned(ANN, BounceKind.REFUSED, on=5, words="blocked"),
            returned(ANN, BounceKind.REFUSED, on=6, words="5.7.1"),
        )
        assert made.refusals == {"example.org": {"blocked": 1}}

    def test_a_refusal_of_our_mail_never_unsubscribes(self) -> None:
        made = planned(
            *[
                returned(ANN, BounceKind.REFUSED, on=number, words="blocked")
                for number in range(1, 30)
            ]
        )
        assert made.changes_nothing
        assert made.refusals == {"example.org": {"blocked": 1}}
        assert not made.returned

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            (BounceKind.FULL, "mailbox full"),
            (BounceKind.TEMPORARY, "unreachable"),
        ],
    )
    def test_a_full_mailbox_must_last(
        self, kind: BounceKind, reason: str
    ) -> None:
        sent = [(day(1), "a"), (day(8), "b"), (day(20), "c"), (day(29), "d")]
        reports = [returned(ANN, kind, on=number) for number in (1, 9, 21)]
        made = planned(*reports, sent=sent)
        assert made.changes_nothing
        assert [entry.issue for entry in made.returned] == ["a", "b", "c"]
        made = planned(
            returned(ANN, kind, on=30), sent=sent, returned=made.returned
        )
        assert reasons(made) == {ANN: reason}
        assert not made.returned

    def test_several_reports_about_one_issue_count_once(self) -> None:
        reports = [
            returned(ANN, BounceKind.FULL, on=number) for number in range(1, 31)
        ]
        made = planned(*reports, sent=[(day(1), "a")])
        assert made.changes_nothing
        assert made.returned == [
            ReturnedEntry(token(ANN), BounceKind.FULL, "a", day(1))
        ]

    def test_who_is_unsubscribed_leaves_the_record(self) -> None:
        entry = ReturnedEntry(token(ANN), BounceKind.FULL, "a", day(1))
        assert not planned(left(ANN), returned=[entry]).returned
        known = removed("asked", ANN)
        assert not planned(returned=[entry], removals=known).returned
        assert not planned(returned=[entry], readers=[BOB]).returned
        assert planned(returned=[entry]).returned == [entry]

    def test_who_is_dead_does_not_wait_with_those_who_leave(self) -> None:
        made = planned(
            *map(left, [ANN, *MANY[:21]]), returned(ANN), readers=[ANN, *MANY]
        )
        assert made.questions == [Question(Subject.DEPARTURES, 22)]
        assert reasons(made) == {ANN: "bounced"}

    def test_nobody_off_the_list_is_recorded(self) -> None:
        made = planned(returned(STRANGER))
        assert made.changes_nothing
        assert not made.returned

    def test_answers_of_machines_and_ordinary_emails_are_counted(self) -> None:
        kinds = [BounceKind.AUTOMATIC, BounceKind.NONE]
        made = planned(*(Unconcerned(kind, day(5)) for kind in kinds))
        assert made.others == {BounceKind.AUTOMATIC: 1, BounceKind.NONE: 1}
        assert made.changes_nothing


class TestTheBrake:
    """Many dead addresses at one provider: nothing is done there, and the editor is asked."""

    QUESTION = Question(Subject.DEAD, 21, domain="example.net", readers=300)

    def test_twenty_are_few_enough_at_a_large_provider(self) -> None:
        readers = [*MANY, *(f"x{number}@example.net" for number in range(1000))]
        made = planned(*map(returned, MANY[:20]), readers=readers)
        assert len(made.removals) == 20
        made = planned(*map(returned, MANY[:21]), readers=readers)
        assert made.changes_nothing
        assert [question.domain for question in made.questions] == [
            "example.net"
        ]

    def test_more_than_two_per_cent_are_too_many(self) -> None:
        assert (
            len(planned(*map(returned, MANY[:6]), readers=MANY).removals) == 6
        )
        made = planned(*map(returned, MANY[:7]), readers=MANY)
        assert made.questions == [
            Question(Subject.DEAD, 7, domain="example.net", readers=300)
        ]

    def test_two_at_a_small_provider_are_ordinary(self) -> None:
        assert len(planned(returned(ANN), returned(BOB)).removals) == 2
        assert not planned(*map(returned, (ANN, BOB, CID))).removals

    def test_other_providers_are_not_affected(self) -> None:
        made = planned(
            *map(returned, MANY[:21]), returned(ANN), readers=[ANN, *MANY]
        )
        assert reasons(made) == {ANN: "bounced"}
        assert made.questions == [self.QUESTION]

    def test_the_readers_are_kept_until_the_editor_decides(self) -> None:
        made = planned(*map(returned, MANY[:21]), readers=MANY)
        assert len(made.returned) == 21
        assert not made.waiting
        later = planned(returned=made.returned, readers=MANY)
        assert later.questions == [self.QUESTION]
        accepted = planned(
            returned=made.returned, readers=MANY, accepted=["example.net"]
        )
        assert len(accepted.removals) == 21
        rejected = planned(
            returned=made.returned, readers=MANY, rejected=["example.net"]
        )
        for decided in (accepted, rejected):
            assert not decided.returned
            assert not decided.questions
        assert rejected.changes_nothing

    def test_leaving_and_complaints_are_not_held_back_by_it(self) -> None:
        made = planned(
            *map(returned, MANY[:21]),
            left(MANY[30]),
            complained(MANY[31]),
            readers=MANY,
        )
        assert {*made.removals} == {token(MANY[30]), token(MANY[31])}


class TestUnusualNumbers:
    def test_many_departures_at_once_wait_for_the_editor(self) -> None:
        made = planned(
            *map(left, MANY[:30]), returned(ANN), readers=[ANN, *MANY]
        )
        assert reasons(made) == {ANN: "bounced"}
        assert made.questions == [Question(Subject.DEPARTURES, 30)]
        assert made.waiting

    def test_who_loses_an_address_that_is_taken_back_does_not_wait_with_them(
        self,
    ) -> None:
        """Its owner gets the newsletter again at once, and the next sync wouldn't know that they hadn't."""
        wish = MoveUndone(Person(token=token(ANN)), day(5), STRANGER, "", "")
        made = planned(wish, *map(left, MANY[:21]), readers=[ANN, *MANY])
        assert made.moved_back
        assert reasons(made) == {ANN: "address taken back"}
        assert made.questions == [Question(Subject.DEPARTURES, 21)]

    def test_nor_if_they_or_the_owner_wished_to_leave_before(self) -> None:
        """The wish that named the owner's old link stays the owner's, and waits with the others."""
        wish = MoveUndone(Person(token=token(ANN)), day(5), STRANGER, "", "")
        for before in (ANN, STRANGER):
            reports: list[Report] = [
                left(before, on=4),
                wish,
                *map(left, MANY[:21]),
            ]
            moved = {token(STRANGER): token(ANN)}
            made = planned(*reports, readers=[ANN, *MANY], moved=moved)
            assert reasons(made) == {ANN: "address taken back"}
            believed = planned(
                *reports,
                readers=[ANN, *MANY],
                moved=moved,
                accepted=["departures"],
            )
            assert (token(STRANGER) in believed.removals) is (
                before == STRANGER
            )

    def test_they_are_not_unusual_if_they_were_as_many_before(self) -> None:
        past = [PastSync(TODAY, left=10)]
        made = planned(*map(left, MANY[:30]), readers=MANY, past=past)
        assert len(made.removals) == 30
        made = planned(*map(left, MANY[:31]), readers=MANY, past=past)
        assert made.changes_nothing

    def test_the_editor_decides(self) -> None:
        made = planned(
            *map(left, MANY[:30]), readers=MANY, accepted=["departures"]
        )
        assert len(made.removals) == 30
        made = planned(
            *map(left, MANY[:30]), readers=MANY, rejected=["departures"]
        )
        assert made.changes_nothing
        assert not made.waiting
        assert not made.questions

    def test_the_same_holds_for_joins_complaints_and_changes(self) -> None:
        floods: list[tuple[Subject, list[Report]]] = [
            (Subject.JOINS, [Joined(address, day(5)) for address in MANY]),
            (Subject.COMPLAINTS, [*map(complained, MANY)]),
            (
                Subject.CHANGES,
                [
                    Changed(Person(token=token(address)), day(5), "lang", "de")
                    for address in MANY
                ],
            ),
        ]
        for subject, reports in floods:
            readers = [ANN] if subject is Subject.JOINS else MANY
            made = planned(*reports, readers=readers)
            assert made.changes_nothing
            assert made.questions == [Question(subject, 300)]
            assert made.waiting

    def test_who_left_since_does_not_come_back_by_the_answer_about_joins(
        self,
    ) -> None:
        flood = [Joined(address, day(5)) for address in MANY]
        made = planned(joined(ANN), *flood, left(ANN), readers=[ANN])
        assert reasons(made) == {ANN: "left"}
        assert {each.report for each in made.waiting} == {*flood}

    def test_who_came_back_since_waits_for_the_answer_about_joins(self) -> None:
        flood = [Joined(address, day(5)) for address in MANY]
        made = planned(left(ANN), joined(ANN), *flood, readers=[ANN])
        assert reasons(made) == {ANN: "left"}
        assert joined(ANN) in {each.report for each in made.waiting}

    @pytest.mark.parametrize("rejected", [[], ["departures"]])
    def test_who_joins_is_added_unless_the_editor_believes_that_they_have_left(
        self, rejected: list[str]
    ) -> None:
        both = joined(STRANGER), left(STRANGER)
        many = [*map(left, MANY)]
        made = planned(*both, *many, readers=MANY, rejected=rejected)
        assert {*made.joins} == {token(STRANGER)}
        assert not made.removals
        made = planned(*both, *many, readers=MANY, accepted=["departures"])
        assert not made.joins
        assert token(STRANGER) in made.removals

    def test_a_join_waits_while_it_is_asked_whether_its_reader_has_left(
        self,
    ) -> None:
        readers = [ANN, *MANY[:100]]
        flood = [Joined(address, day(5)) for address in MANY[100:]]
        made = planned(
            joined(ANN), *flood, *map(left, readers), readers=readers
        )
        assert made.changes_nothing
        assert {*flood, joined(ANN)} <= {each.report for each in made.waiting}


class TestWhatAnybodyCanWrite:
    """Returned mail without a reader's token names them only by their address."""

    COMPLAINT = Unverified(Person(address=ANN), day(5), BounceKind.COMPLAINT)
    DEAD = Unverified(Person(address=BOB), day(5), BounceKind.DEAD)

    def test_nobody_is_unsubscribed_before_an_editor_agrees(self) -> None:
        made = planned(self.COMPLAINT, self.DEAD)
        assert made.changes_nothing
        assert made.questions == [Question(Subject.UNVERIFIED, 2)]
        assert made.waiting

    def test_then_they_are_at_once(self) -> None:
        made = planned(self.COMPLAINT, self.DEAD, accepted=["unverified"])
        assert reasons(made) == {ANN: "complaint", BOB: "bounced"}
        assert not made.questions

    def test_or_it_is_forgotten(self) -> None:
        made = planned(self.COMPLAINT, self.DEAD, rejected=["unverified"])
        assert made.changes_nothing
        assert not made.waiting

    def test_the_graver_claim_counts(self) -> None:
        dead = Unverified(Person(address=ANN), day(6), BounceKind.DEAD)
        made = planned(self.COMPLAINT, dead, accepted=["unverified"])
        assert reasons(made) == {ANN: "complaint"}

    @pytest.mark.parametrize("leaving", [[], [left(ANN)]])
    def test_a_complaint_counts_also_about_who_left(
        self, leaving: list[Report]
    ) -> None:
        """Mail apps unsubscribe somebody whose complaint they pass on. Who complained doesn't come back by
        joining, and the departure may be a fake.
        """
        known = MemoryRemovals() if leaving else removed("left", ANN)
        made = planned(*leaving, self.COMPLAINT, removals=known)
        assert made.questions == [Question(Subject.UNVERIFIED, 1)]
        believed = planned(
            *leaving, self.COMPLAINT, removals=known, accepted=["unverified"]
        )
        assert reasons(believed) == {ANN: "complaint"}

    def test_but_not_about_who_complained(self) -> None:
        made = planned(complained(ANN), self.COMPLAINT)
        assert not made.questions

    def test_what_changes_nothing_is_not_a_question(self) -> None:
        stranger = Unverified(
            Person(address="stranger@example.net"), day(5), BounceKind.DEAD
        )
        returned_since = MemoryRemovals(
            restored={token(BOB): day(9).isoformat()}
        )
        made = planned(stranger, self.DEAD, removals=returned_since)
        assert not made.questions
        assert made.ignored == {Ignored.UNKNOWN: 1, Ignored.OUTDATED: 1}
        known = planned(self.DEAD, removals=removed("left", BOB))
        assert known.ignored == {Ignored.KNOWN: 1}

    def test_a_report_with_a_token_needs_no_answer(self) -> None:
        made = planned(self.DEAD, complained(ANN))
        assert reasons(made) == {ANN: "complaint"}


class TestTheClosedForm:
    WAITING = AskedToJoin(
        STRANGER, day(5), "en", "https://example.org/confirm/1"
    )

    def test_nobody_is_asked_to_confirm_before_an_editor_agrees(self) -> None:
        made = planned(self.WAITING)
        assert made.changes_nothing
        assert made.questions == [Question(Subject.QUEUED, 1)]
        assert made.waiting
        accepted = planned(self.WAITING, accepted=["queued"])
        assert accepted.invited == {token(STRANGER): self.WAITING}
        assert not accepted.waiting
        rejected = planned(self.WAITING, rejected=["queued"])
        assert rejected.changes_nothing
        assert not rejected.waiting

    def test_readers_and_people_who_complained_are_not(self) -> None:
        waiting = [
            AskedToJoin(who, day(5), "en", "") for who in (ANN, STRANGER)
        ]
        made = planned(*waiting, removals=removed("complaint", STRANGER))
        assert not made.questions


class TestWhatNoKeyOpens:
    """Another editor may have the key."""

    CLOSED = Unreadable(day(5), "none of these keys opens it")
    QUESTION = Question(Subject.UNREADABLE, 1, reason=CLOSED.reason)

    @pytest.mark.parametrize("rejected", [[], ["unreadable"]])
    def test_it_stays_unless_an_editor_discards_it(
        self, rejected: list[str]
    ) -> None:
        made = planned(self.CLOSED, rejected=rejected)
        assert made.questions == [self.QUESTION]
        assert made.waiting

    def test_one_answer_is_about_all_of_it_whatever_the_reasons(self) -> None:
        """Else a “yes” to one reason would discard also what the editor keeps for the other."""
        broken = Unreadable(day(6), "it isn't in Base64")
        made = planned(self.CLOSED, broken, self.CLOSED)
        assert made.questions == [
            Question(
                Subject.UNREADABLE,
                3,
                reason="none of these keys opens it; it isn't in Base64",
            )
        ]

    def test_then_it_is_not_read_again(self) -> None:
        made = planned(self.CLOSED, accepted=["unreadable"])
        assert not made.questions
        assert not made.waiting


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
        again = planned(
            *reports,
            removals=known,
            returned=once.returned,
            readers=[*readers.values()],
        )
        assert again.changes_nothing
        assert not again.withdrawn
        assert again.returned == once.returned
        assert again.questions == once.questions

    @given(st.lists(REPORTS, max_size=12))
    def test_nobody_else_is_unsubscribed(self, reports: list[Report]) -> None:
        made = planned(*reports)
        named = {token(address) for address in (ANN, BOB, STRANGER)}
        assert made.removals.keys() <= named
        if not any(isinstance(report, Complained) for report in reports):
            assert "complaint" not in reasons(made).values()
