"""What emails to the leaving mailbox report about readers."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.bounces.explaining import explain
from briefing.bounces.kinds import BounceKind, Explanation, Recipient
from briefing.configuration import settings
from briefing.mailbox.base import Mark, StoredMail
from briefing.mailbox.headers import Header
from briefing.syncing.mailbox import (
    arrived_on,
    reports_in,
)
from briefing.syncing.reports import (
    Automatic,
    Left,
    OpenMail,
    Person,
    Report,
    Returned,
)

TOKEN = "0123456789abcdef0123456789abcd"  # noqa: S105  # of nobody
OTHER = "f" * 30
TODAY = dt.date(2020, 10, 9)
DAY = dt.date(2020, 10, 8)
SETTINGS = settings.parse(
    '[newsletter]\nname = "Brief"\nfrom = "brief@example.org"\n'
    '[unsubscribe]\nmailto = "leave@example.org"\n'
    '[mailbox]\nchecked_by = "mx.example.org"\n',
    Path("briefing.toml"),
)
PASSED = (
    "Authentication-Results: mx.example.org; dmarc=pass header.from=example.net"
)


def is_open(found: list[Report], address: str = "ann@example.net") -> bool:
    """Whether an email is only for an editor to read."""
    return [
        (type(each), each.person.address)
        for each in found
        if isinstance(each, OpenMail)
    ] == [(OpenMail, address)] and len(found) == 1


def letter(
    subject: str = "", *fields: str, to: str = "leave@example.org"
) -> bytes:
    lines = [
        *fields,
        "From: Ann <ann@example.net>",
        f"To: {to}",
        f"Subject: {subject}",
        "Date: Thu, 08 Oct 2020 10:00:00 +0000",
        "Message-ID: <1@example.net>",
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def reports(
    mail: bytes, words: str = "", explanation: Explanation | None = None
) -> list[Report]:
    explained = explanation or explain(mail)
    return list(
        reports_in(
            StoredMail(Mark(b"digest"), mail),
            explained,
            lambda: words,
            SETTINGS,
            TODAY,
        )
    )


def left(person: Person) -> list[Report]:
    return [Left(person, DAY)]


class TestLeavingByToken:
    def test_the_token_in_the_subject(self) -> None:
        assert reports(letter(TOKEN)) == left(Person(token=TOKEN))
        subject = f"Re: unsubscribe {TOKEN.upper()}"
        assert reports(letter(subject)) == left(Person(token=TOKEN))

    def test_the_token_in_the_address(self) -> None:
        to = f"<Leave+{TOKEN}@example.org>"
        assert reports(letter(to=to)) == left(Person(token=TOKEN))
        delivered = f"Delivered-To: leave+{TOKEN}@example.org"
        assert reports(letter("", delivered)) == left(Person(token=TOKEN))

    @pytest.mark.parametrize(
        "to",
        [
            f"bounces+{TOKEN}@example.org",
            f"leave+{TOKEN}@example.com",
            f"leave+{TOKEN}@example.org.example.com",
            f"dont-leave+{TOKEN}@example.org",
            f"leave+{TOKEN}00@example.org",
        ],
    )
    def test_a_token_in_another_address_isnt_a_wish(self, to: str) -> None:
        assert is_open(reports(letter(to=to)))

    def test_two_tokens_arent_clear(self) -> None:
        assert is_open(reports(letter(f"{TOKEN} {OTHER}")))

    @pytest.mark.parametrize("subject", [TOKEN[:-1], f"{TOKEN}0", f"x{TOKEN}"])
    def test_a_token_that_was_cut_or_lengthened(self, subject: str) -> None:
        assert is_open(reports(letter(subject)))

    def test_an_automatic_answer_never_counts(self) -> None:
        mail = letter(f"Auto: {TOKEN}", "Auto-Submitted: auto-replied")
        assert reports(mail) == [Automatic(DAY)]

    def test_apples_programs_write_for_the_reader(self) -> None:
        mail = letter(
            TOKEN, "Auto-Submitted: auto-replied", "X-Apple-Unsubscribe: true"
        )
        assert reports(mail) == left(Person(token=TOKEN))


class TestLeavingByWords:
    def test_a_proved_sender_who_says_nothing_else(self) -> None:
        ann = left(Person(address="ann@example.net"))
        assert reports(letter("Unsubscribe", PASSED)) == ann
        assert reports(letter("Re: Weekly Brief", PASSED), "abbestellen") == ann

    def test_a_sender_who_isnt_proved_is_for_the_editor(self) -> None:
        assert is_open(reports(letter("Unsubscribe")))
        forged = PASSED.replace("mx.example.org", "mx.example.com")
        assert is_open(reports(letter("Unsubscribe", forged)))
        failed = PASSED.replace("pass", "fail")
        assert is_open(reports(letter("", failed, PASSED), "stop"))

    def test_other_emails(self) -> None:
        assert is_open(reports(letter("Thank you", PASSED), "Great!"))

    def test_an_absence_notice_never_counts(self) -> None:
        mail = letter("unsubscribe", PASSED, "Auto-Submitted: auto-replied")
        assert reports(mail, "unsubscribe") == [Automatic(DAY)]


class TestReturnedMail:
    def test_our_token_says_whose_it_is(self) -> None:
        explanation = Explanation(
            BounceKind.DEAD,
            (Recipient("forwarded@example.com", BounceKind.DEAD, "5.1.1"),),
            (TOKEN,),
        )
        assert reports(letter(), explanation=explanation) == [
            Returned(Person(token=TOKEN), BounceKind.DEAD, DAY)
        ]

    def test_without_a_token_an_editor_reads_it(self) -> None:
        for kind in (BounceKind.DEAD, BounceKind.FULL, BounceKind.COMPLAINT):
            recipient = Recipient("bob@example.net", kind, "5.1.1")
            explanation = Explanation(kind, (Recipient("", kind), recipient))
            found = reports(letter(), explanation=explanation)
            assert is_open(found, "bob@example.net")

    def test_a_spam_report_with_a_token_counts_as_leaving(self) -> None:
        explanation = Explanation(BounceKind.COMPLAINT, (), (TOKEN,))
        found = reports(letter(), explanation=explanation)
        assert found == left(Person(token=TOKEN))

    @pytest.mark.parametrize("kind", [BounceKind.OTHER, BounceKind.DEAD])
    def test_about_nobody(self, kind: BounceKind) -> None:
        found = reports(letter(TOKEN), explanation=Explanation(kind))
        assert is_open(found)


class TestDay:
    def day(self, *fields: str) -> dt.date:
        mail = "\r\n".join([*fields, "", ""]).encode()
        return arrived_on(Header.of(mail), TODAY)

    def test_our_server_knows_it_best(self) -> None:
        received = (
            "Received: from x by mx.example.org; Wed, 7 Oct 2020 23:00:00 +0200"
        )
        forged = "Received: from y by z; Mon, 1 Jan 1990 10:00:00 +0000"
        date = "Date: Thu, 8 Oct 2020 10:00:00 +0000"
        assert self.day(received, forged, date) == dt.date(2020, 10, 7)

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            (["Received: x", "Date: Thu, 8 Oct 2020 10:00:00 +0000"], DAY),
            (["Date: Sat, 8 Oct 2050 10:00:00 +0000"], TODAY),
            (["Date: Thu, 99 Oct 2020 99:00:00 +9999"], TODAY),
            (["Date: yesterday"], TODAY),
            ([], TODAY),
        ],
    )
    def test_otherwise_the_email_says_it_or_it_is_today(
        self, fields: list[str], expected: dt.date
    ) -> None:
        assert self.day(*fields) == expected
