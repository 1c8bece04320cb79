"""A corrected version goes to those who have none; readers who have one, or may have one, keep it."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from briefing.errors import RefusedError
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.rendering.plain_text import WIDTH, wrap
from briefing.rendering.rendered import RenderedIssue, Slot, Slotted
from briefing.sending.ledger.schema import State
from briefing.sending.preflight import correction, gathering, issue_status
from briefing.sending.preflight.correction import CUT, NO_DIFFERENCE
from briefing.sending.preflight.facts import SendRequest
from briefing.subscribers.formats import open_list
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    counts,
    edit_issue,
    first_readers,
    ledger_of,
    plan_of,
    send_issue,
    smtp_to,
    write_list,
)
from tests.sending.servers.smtp import Drop, Reply, Rule, SmtpServer

FIRST, SECOND = "Its text.", "Its other text."


def edition(text: str, subject: str = "Weekly Brief") -> RenderedIssue:
    slotted = Slotted((text, Slot("unsubscribe")))
    return RenderedIssue(ISSUE_ID, "en", subject, Slotted(()), slotted, ())


class TestDifference:
    def test_a_changed_paragraph_stands_between_its_neighbours(self) -> None:
        before = edition(
            "one\n\ntwo\n---\nthe court ruled last week\n\nfour\n\nfive "
        )
        after = edition(
            "one\n\ntwo\n---\nthe court decided last week\n\nfour\n\nfive "
        )
        assert correction.compare({"en": before}, {"en": after}) == [
            CUT,
            "  two",
            "- the court ruled last week",
            "+ the court decided last week",
            "  four",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "a word and another " * 20,
            "关于旧地图的裁决，" * 30,
            "\u0627\u0628 " * 60,
        ],
    )
    def test_only_what_was_changed_shows_however_the_lines_break(
        self, text: str
    ) -> None:
        before = edition(f"{wrap(text)}\n\nlast\n")
        after = edition(f"{wrap('x' + text)}\n\nlast\n")
        assert correction.compare({"en": before}, {"en": after}) == [
            CUT,
            "  Subject: Weekly Brief",
            f"- {text.strip()}",
            f"+ x{text.strip()}",
            "  last",
        ]

    def test_a_line_that_comes_often_isnt_shown_as_changed(self) -> None:
        items = [f"Ruling {number}\n\nRead more" for number in range(200)]
        before = edition("\n\n".join(items))
        items[7:9] = [item.replace("Ruling", "Appeal") for item in items[7:9]]
        after = edition("\n\n".join(items))
        assert correction.compare({"en": before}, {"en": after}) == [
            CUT,
            "  Read more",
            "- Ruling 7",
            "+ Appeal 7",
            "  Read more",
            "- Ruling 8",
            "+ Appeal 8",
            "  Read more",
        ]

    def test_a_separator_as_wide_as_the_text_is_left_out(self) -> None:
        before, after = (
            edition(f"{word}\n{'-' * WIDTH}\nlast\n") for word in "ab"
        )
        assert correction.compare({"en": before}, {"en": after}) == [
            CUT,
            "  Subject: Weekly Brief",
            "- a",
            "+ b",
            "  last",
        ]

    def test_what_only_looks_different_has_the_same_text(self) -> None:
        same = edition("text ")
        other = replace(same, html=Slotted(("<p>other</p>",)))
        assert correction.compare({"en": same}, {"en": other}) == [
            NO_DIFFERENCE
        ]

    def test_the_subject_and_the_places_for_readers_data_are_part_of_it(
        self,
    ) -> None:
        before, after = edition("", "Brief"), edition("To ", "Breif")
        assert correction.compare({"en": before}, {"en": after}) == [
            CUT,
            "- Subject: Brief",
            "- {unsubscribe}",
            "+ Subject: Breif",
            "+ To {unsubscribe}",
        ]

    def test_editions_are_told_apart_and_one_more_is_new_as_a_whole(
        self,
    ) -> None:
        same = edition("text ")
        assert correction.compare({"en": same}, {"en": same, "de": same}) == [
            "  de:",
            CUT,
            "+ Subject: Weekly Brief",
            "+ text {unsubscribe}",
        ]


def versions(newsletter: Newsletter) -> dict[str, int]:
    """The version in each reader's row."""
    readers = open_list(newsletter.subscribers)
    found = issue_status.read(newsletter, ISSUE_ID, readers, NOW).readers
    rows = itertools.chain.from_iterable(found.values())
    return {reader.address: row.version for reader, row in rows}


def got(server: SmtpServer) -> dict[str, str]:
    """The text that each reader got, who has one email."""
    texts = {mail.recipient: text_of(mail.data) for mail in server.mails}
    assert len(texts) == len(server.mails), "a reader has two emails"
    return texts


def text_of(mail: bytes) -> str:
    (text,) = [text for text in (FIRST, SECOND) if text.encode() in mail]
    return text


@pytest.fixture
def english(sendable: Newsletter) -> Newsletter:
    """One edition, and ten readers."""
    path = sendable.root / "briefing.toml"
    path.write_text(
        path.read_text("utf-8").replace('["en", "de"]', '["en"]'), "utf-8"
    )
    (sendable.issues / ISSUE_ID / "issue.de.md").unlink()
    write_list(sendable, 10)
    return sendable


class TestSend:
    def test_it_is_refused_unless_asked_for(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        edit_issue(english, FIRST, SECOND)
        with pytest.raises(RefusedError) as refused:
            send_issue(english, smtp_to(english, server))
        assert "undo the change; or, for a slip, test it again" in str(
            refused.value
        )
        assert "--corrected" in str(refused.value)
        assert "'corrects: 2020-10-09'" in str(refused.value)
        assert len(got(server)) == 4

    def test_the_rest_gets_it_and_each_row_keeps_its_version(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        before = got(server)
        edit_issue(english, FIRST, SECOND)
        result = send_issue(english, smtp_to(english, server), corrected=True)
        assert counts(result) == {State.ACCEPTED: 10}
        texts = got(server)
        assert {
            reader for reader, text in texts.items() if text == FIRST
        } == set(before)
        assert versions(english) == {
            reader: 1 if text == FIRST else 2 for reader, text in texts.items()
        }

    def test_the_next_send_goes_on_with_it(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        edit_issue(english, FIRST, SECOND)
        send_issue(english, smtp_to(english, server), limit=2, corrected=True)
        assert counts(send_issue(english, smtp_to(english, server))) == {
            State.ACCEPTED: 10
        }
        assert sorted(versions(english).values()) == [1] * 4 + [2] * 6

    def test_uncertain_and_deferred_readers_keep_theirs(
        self, english: Newsletter
    ) -> None:
        lost = Rule("dot", Drop(accepted=False), times=1)
        _, second, *_ = first_readers(english, 4)
        later = Rule(
            "rcpt", Reply(450, "4.2.1 later"), when=second.__eq__, times=3
        )
        with SmtpServer(lost, later) as server:
            transport = smtp_to(english, server, connections=1)
            begun = send_issue(english, transport, limit=4).counts
            assert begun[State.UNCERTAIN] == begun[State.DEFERRED] == 1
            edit_issue(english, FIRST, SECOND)
            last = send_issue(
                english, transport, corrected=True, resend_uncertain=True
            )
        assert counts(last) == {State.ACCEPTED: 10}
        assert sorted(got(server).values()) == [SECOND] * 6 + [FIRST] * 4

    def test_recalled_readers_and_those_never_tried_get_it(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        with ledger_of(english) as ledger:
            plan_of(english).survey(ledger)
            rows = ledger.queued(ISSUE_ID, b"", tried=0)
            recalled, skipped, *_ = (recipient for recipient, *_ in rows)
            for recipient, state in (
                (recalled, "recalled"),
                (skipped, "skipped"),
            ):
                ledger._db.execute(
                    "UPDATE delivery SET state = ? WHERE recipient = ?",
                    (state, recipient),
                )
        edit_issue(english, FIRST, SECOND)
        send_issue(english, smtp_to(english, server), corrected=True)
        assert sorted(got(server).values()) == [SECOND] * 6 + [FIRST] * 4

    def test_readers_who_joined_since_get_the_newest(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        edit_issue(english, FIRST, SECOND)
        send_issue(english, smtp_to(english, server), limit=1, corrected=True)
        write_list(english, 12)
        send_issue(english, smtp_to(english, server), late=True)
        assert sorted(got(server).values()) == [SECOND] * 8 + [FIRST] * 4

    def test_receipt_and_status_say_which_versions_there_are(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        edit_issue(english, FIRST, SECOND)
        send_issue(english, smtp_to(english, server), corrected=True)
        sent = receipt.read(english.issues / ISSUE_ID)
        assert sent
        assert len(sent.versions) == 2
        assert sent.versions[0] != sent.versions[1] == sent.editions
        status = issue_status.read(english, ISSUE_ID, None, NOW)
        assert status.versions == {1: 4, 2: 6}

    def test_it_must_be_tested_again(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4)
        request = SendRequest(via="smtp", corrected=True)
        with ledger_of(english) as ledger:
            tested = plan_of(english).mailing.digests
            ledger.record_test(ISSUE_ID, "smtp", tested)
            edit_issue(english, FIRST, SECOND)
            decided = gathering.examine(plan_of(english), ledger, request, NOW)
        assert [obstacle.code for obstacle in decided.blocking] == [
            "changed-since-test"
        ]

    def test_another_sender_isnt_a_correction(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        """Readers of the first version who are still to get it would get it from someone else."""
        send_issue(english, smtp_to(english, server), limit=4)
        path = english.root / "briefing.toml"
        path.write_text(
            path.read_text("utf-8").replace("leave@", "go@"), "utf-8"
        )
        with pytest.raises(
            RefusedError, match="the way to unsubscribe was changed"
        ):
            send_issue(english, smtp_to(english, server), corrected=True)
        assert len(got(server)) == 4

    def test_an_edition_that_readers_wait_for_cant_be_dropped(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=4)
        (sendable.issues / ISSUE_ID / "issue.de.md").unlink()
        with pytest.raises(RefusedError, match="has no edition in de"):
            send_issue(sendable, smtp_to(sendable, server), corrected=True)

    def test_an_issue_that_wasnt_changed_is_sent_as_it_is(
        self, english: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(english, smtp_to(english, server), limit=4, corrected=True)
        send_issue(english, smtp_to(english, server), corrected=True)
        assert set(versions(english).values()) == {1}


STEPS = st.lists(
    st.tuples(
        st.booleans(),  # edited before
        st.integers(min_value=1, max_value=4),  # limit
        st.sampled_from(
            [None, "defer", "lose"]
        ),  # what the server does to one email
    ),
    min_size=1,
    max_size=6,
)


@given(steps=STEPS)
@example(
    steps=[
        (False, 4, None),
        (False, 4, None),
        (False, 4, None),
        (True, 1, None),
    ]
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_edited_and_sent_each_reader_has_one_email_of_the_version_in_their_row(
    english: Newsletter, steps: Sequence[tuple[bool, int, str | None]]
) -> None:
    with ledger_of(english) as ledger:
        ledger.forget(ISSUE_ID)
    (english.issues / ISSUE_ID / receipt.FILE).unlink(missing_ok=True)
    for file in english.state.glob("claims/*"):
        file.unlink()
    text, frozen = FIRST, [FIRST]
    with SmtpServer() as server:
        transport = smtp_to(english, server, connections=1)
        for edited, limit, trouble in [
            *steps,
            (False, 10, None),
            (False, 10, None),
        ]:
            if edited:
                edit_issue(
                    english, text, other := SECOND if text == FIRST else FIRST
                )
                text = other
            server.rules[:] = {
                None: [],
                "defer": [Rule("rcpt", Reply(450, "4.2.1 later"), times=3)],
                "lose": [Rule("dot", Drop(accepted=True), times=1)],
            }[trouble]
            try:
                send_issue(english, transport, limit=limit, corrected=True)
            except RefusedError:  # all have it
                continue
            with ledger_of(english) as ledger:
                count = len(ledger.rendered(ISSUE_ID))
            frozen += [text] * (count - len(frozen))
            if count == 1:
                frozen = [text]
        texts = got(server)
        rows = versions(english)
        assert set(texts) == set(rows)
        assert all(texts[reader] == frozen[rows[reader] - 1] for reader in rows)
    edit_issue(english, text, FIRST)
