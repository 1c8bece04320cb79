"""Which emails to the inbox count."""

import pytest

from briefing.collecting.mailed import LARGEST, REASONS, MailRefusal, refusal
from briefing.mailbox.headers import Header

SENDERS = ("Mira@example.org", "jo@example.net")
PASSED = (
    "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"
)
FROM = "From: Mira Solane <mira@EXAMPLE.org>"


def decide(*fields: str, size: int = 0) -> MailRefusal | None:
    mail = "\r\n".join([*fields, "", "x" * size]).encode()
    header = Header.of(mail)
    return refusal(header, len(mail), SENDERS, "mx.example.org")


def test_a_colleagues_email_counts() -> None:
    assert decide(PASSED, FROM) is None
    assert decide(PASSED, FROM, "Auto-Submitted: no") is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ([PASSED, "From: eve@example.org"], MailRefusal.SENDER),
        ([PASSED, FROM, "From: eve@example.org"], MailRefusal.SENDER),
        (
            [PASSED, "From: Mira <mira@example.org>, jo@x.org"],
            MailRefusal.SENDER,
        ),
        ([PASSED, "Sender: mira@example.org"], MailRefusal.SENDER),
        ([PASSED], MailRefusal.SENDER),
        ([FROM], MailRefusal.PROOF),
        ([PASSED.replace("pass", "fail"), FROM], MailRefusal.PROOF),
        ([PASSED, "From: jo@example.net"], MailRefusal.PROOF),
        (
            [PASSED, FROM, "Auto-Submitted: auto-replied"],
            MailRefusal.AUTOMATIC,
        ),
    ],
)
def test_why_an_email_doesnt_count(
    fields: list[str], reason: MailRefusal
) -> None:
    assert decide(*fields) is reason


def test_an_email_that_was_cut_doesnt_count() -> None:
    assert decide(PASSED, FROM, size=LARGEST) is MailRefusal.SIZE


def test_each_reason_has_words() -> None:
    assert set(REASONS) == set(MailRefusal)
