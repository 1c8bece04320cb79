"""The edition for each reader, the readers a send is for, and what the survey of
the list says.
"""

import pytest

from briefing.checks.rule import Severity
from briefing.errors import SubscribersError
from briefing.keys import Key
from briefing.newsletter import Newsletter, blank_newsletter
from briefing.sending.plan import MOST_NAMED, Mailing, pack, unpack, wants_text
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.suppression import Suppression, token_of
from tests.sending.conftest import (
    ISSUE_ID,
    NOW,
    RENDERED,
    all_readers,
    edit_issue,
    first_readers,
    ledger_of,
    plan_of,
    send_issue,
    smtp_to,
    write_list,
)
from tests.sending.servers.smtp import SmtpServer


class TestMailing:
    def test_it_has_the_editions_and_their_findings(
        self, sendable: Newsletter
    ) -> None:
        mailing = Mailing.of(sendable, sendable.issues / ISSUE_ID, NOW.date())
        assert list(mailing.editions) == ["en", "de"]
        assert {finding.rule for finding in mailing.findings} == {
            "postal-address-missing",
            "preheader-length",
        }
        assert (mailing.issue, mailing.folder) == (
            ISSUE_ID,
            sendable.issues / ISSUE_ID,
        )

    def test_an_edition_that_cant_be_rendered_is_missing_and_an_error(
        self, sendable: Newsletter
    ) -> None:
        (sendable.root / "templates").mkdir()
        (sendable.root / "templates" / "issue.html.j2").write_text(
            "{% if %}", "utf-8"
        )
        mailing = Mailing.of(sendable, sendable.issues / ISSUE_ID, NOW.date())
        assert mailing.editions == {}
        assert Severity.ERROR in {
            finding.severity for finding in mailing.findings
        }

    def test_the_digest_covers_the_bytes_and_the_sender(
        self, sendable: Newsletter
    ) -> None:
        before = plan_of(sendable).mailing.digests
        RENDERED.clear()
        assert plan_of(sendable).mailing.digests == before
        assert len(set(before.values())) == 2
        edit_issue(sendable, "Its text.", "Its other text.")
        after = plan_of(sendable).mailing.digests
        assert (after["en"] != before["en"], after["de"] == before["de"]) == (
            True,
            True,
        )

    @pytest.mark.parametrize(
        ("setting", "other"),
        [
            (
                "Weekly Brief <brief@example.org>",
                "Weekly Brief <other@example.org>",
            ),
            ('name = "Weekly Brief"', 'name = "Another Brief"'),
            (
                "https://example.org/u/{token}",
                "https://example.org/leave/{token}",
            ),
            ("leave@example.org", "out@example.org"),
            (
                'languages = ["en", "de"]',
                'languages = ["en", "de"]\nreply_to = "editors@example.org"',
            ),
        ],
    )
    def test_a_change_of_the_sender_changes_every_digest(
        self, sendable: Newsletter, setting: str, other: str
    ) -> None:
        before = plan_of(sendable).mailing.digest("en", b"rendered")
        path = sendable.root / "briefing.toml"
        path.write_text(
            path.read_text("utf-8").replace(setting, other), "utf-8"
        )
        assert plan_of(sendable).mailing.digest("en", b"rendered") != before

    def test_a_name_in_one_language_changes_that_edition_alone(
        self, sendable: Newsletter
    ) -> None:
        before = plan_of(sendable).mailing
        path = sendable.root / "briefing.toml"
        text = path.read_text("utf-8")
        own = '[newsletter.de]\nname = "Wochenbrief"\n[send]'
        path.write_text(text.replace("[send]", own), "utf-8")
        after = plan_of(sendable).mailing
        for lang, changes in (("en", False), ("de", True)):
            digests = [
                mailing.digest(lang, b"rendered") for mailing in (before, after)
            ]
            assert (digests[0] != digests[1]) is changes


class TestEditions:
    @pytest.mark.parametrize(
        ("wanted", "edition"),
        [("de-at", "de"), ("fr", "en"), ("", "en")],
    )
    def test_a_reader_gets_the_edition_of_their_language_else_the_first(
        self, sendable: Newsletter, wanted: str, edition: str
    ) -> None:
        assert plan_of(sendable).edition_lang(wanted) == edition


class TestTags:
    @pytest.mark.parametrize(
        ("tags", "is_for"),
        [
            ("board", True),
            ("press, board", True),
            (" board ,press", True),
            ("boards", False),
            ("press", False),
            ("", False),
        ],
    )
    def test_a_send_with_a_tag_is_for_readers_who_have_it(
        self, sendable: Newsletter, tags: str, is_for: bool
    ) -> None:
        assert (
            plan_of(sendable, "board").is_for(
                Subscriber("a@example.org", columns={"tags": tags})
            )
            is is_for
        )

    def test_without_a_tag_it_is_for_everyone(
        self, sendable: Newsletter
    ) -> None:
        assert plan_of(sendable).is_for(Subscriber("a@example.org"))
        assert not plan_of(sendable, "board").is_for(
            Subscriber("a@example.org")
        )


class TestSurvey:
    def test_it_counts_the_list(self, sendable: Newsletter) -> None:
        sendable.subscribers.write_text(
            "email,lang,tags\na@example.org,de,board\nb@example.org,en,\nnobody\nA@example.org,en,\n",
            "utf-8",
        )
        with ledger_of(sendable) as ledger:
            survey = plan_of(sendable, "board").survey(ledger)
            assert ledger.pending_counts(ISSUE_ID) == {None: 1}
        assert (survey.size, dict(survey.by_language)) == (
            2,
            {"en": 0, "de": 1},
        )
        assert survey.without_edition == {}
        assert (
            survey.bad_rows,
            [row.line for row in survey.named_bad_rows],
        ) == (1, [4])
        assert survey.duplicates == [(5, 2)]

    def test_it_counts_the_readers_that_a_new_newsletter_begins_with(
        self, sendable: Newsletter
    ) -> None:
        examples = (blank_newsletter() / "subscribers.csv").read_bytes()
        again = b"Amina@example.org,,,\n"
        for rows, size in ((again, 3), (b"ann@example.org,,,\n", 4)):
            sendable.subscribers.write_bytes(examples + rows)
            with ledger_of(sendable) as ledger:
                survey = plan_of(sendable).survey(ledger)
            assert (survey.size, survey.examples) == (size, 3)

    def test_it_counts_who_asks_for_a_language_without_an_edition(
        self, sendable: Newsletter
    ) -> None:
        rows = [
            "tr,board",
            "ug,board",
            "tr,board",
            "de-at,board",
            ",board",
            "fr,",
        ]
        sendable.subscribers.write_text(
            "email,lang,tags\n"
            + "".join(
                f"r{n}@example.org,{row}\n" for n, row in enumerate(rows)
            ),
            "utf-8",
        )
        with ledger_of(sendable) as ledger:
            survey = plan_of(sendable, "board").survey(ledger)
        assert list(survey.without_edition.items()) == [("tr", 2), ("ug", 1)]
        assert survey.by_language == {"en": 4, "de": 1}

    def test_it_names_only_some_of_many_bad_rows_and_duplicates(
        self, sendable: Newsletter
    ) -> None:
        rows = ["a@example.org"] + ["no address"] * (MOST_NAMED + 1)
        rows += [
            f"b{number % (MOST_NAMED + 1)}@example.org"
            for number in range(2 * MOST_NAMED + 2)
        ]
        sendable.subscribers.write_text("email\n" + "\n".join(rows), "utf-8")
        with ledger_of(sendable) as ledger:
            survey = plan_of(sendable).survey(ledger)
        assert (survey.bad_rows, len(survey.named_bad_rows)) == (
            MOST_NAMED + 1,
            MOST_NAMED,
        )
        assert [row.line for row in survey.named_bad_rows] == list(
            range(3, 3 + MOST_NAMED)
        )
        assert len(survey.duplicates) == MOST_NAMED

    def test_a_reader_who_unsubscribed_isnt_counted_whatever_the_list_says(
        self, sendable: Newsletter, key: Key
    ) -> None:
        Suppression.of(sendable).add(
            [token_of(key, "reader1@example.org")], "asked", NOW.date()
        )
        with ledger_of(sendable) as ledger:
            survey = plan_of(sendable).survey(ledger)
        assert (survey.size, survey.suppressed) == (29, 1)

    def test_a_list_that_cant_be_trusted_is_refused_and_nothing_of_it_is_loaded(
        self, sendable: Newsletter
    ) -> None:
        write_list(sendable, 20)
        with sendable.subscribers.open("a", encoding="utf-8") as rows:
            rows.write('late@example.org,"Late')
        with ledger_of(sendable) as ledger:
            plan = plan_of(sendable)
            with pytest.raises(SubscribersError, match="a quote opens here"):
                plan.survey(ledger)
            assert ledger.audience_size() == 0

    def test_readers_without_their_email_who_are_off_the_list_are_counted(
        self, sendable: Newsletter, server: SmtpServer
    ) -> None:
        send_issue(sendable, smtp_to(sendable, server), limit=10)
        left = all_readers(30) - all_readers(25) - first_readers(sendable, 10)
        write_list(sendable, 25)
        with ledger_of(sendable) as ledger:
            assert plan_of(sendable).survey(ledger).off_list == left.total()


class TestEnvelope:
    def test_it_has_the_readers_address_and_identity_and_the_sender_of_the_emails(
        self,
    ) -> None:
        reader = Subscriber(
            "Ann@example.org",
            "Ann",
            "de",
            {"city": "Bern", "email": "other"},
            line=7,
        )
        found = unpack(pack(reader), lambda who: f"bounces+{who}")
        assert found._asdict() == {
            "address": "Ann@example.org",
            "identity": "ann@example.org",
            "columns": {
                "city": "Bern",
                "email": "Ann@example.org",
                "name": "Ann",
                "lang": "de",
            },
            "sender": "bounces+ann@example.org",
        }

    @pytest.mark.parametrize(
        ("format_", "text"),
        [("text", True), (" TEXT ", True), ("html", False), ("", False)],
    )
    def test_the_column_format_asks_for_plain_text(
        self, format_: str, text: bool
    ) -> None:
        assert wants_text({"format": format_}) is text
        assert not wants_text({})
