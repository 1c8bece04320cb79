"""Which emails to the inbox count."""

import pytest

from briefing.collecting.mailed import LARGEST, REASONS, Refusal, refusal

SENDERS = ("Mira@example.org", "jo@example.net")
PASSED = (
    "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org"
)
FROM = "From: Mira Solane <mira@EXAMPLE.org>"


def decide(*fields: str, size: int = 0) -> Refusal | None:
    mail = "\r\n".join([*fields, "", "x" * size]).encode()
    return refusal(mail, SENDERS, "mx.example.org")


def test_a_colleagues_mail_counts() -> None:
    assert decide(PASSED, FROM) is None
    assert decide(PASSED, FROM, "Auto-Submitted: no") is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ([PASSED, "From: eve@example.org"], Refusal.SENDER),
        ([PASSED, FROM, "From: eve@example.org"], Refusal.SENDER),
        ([PASSED, "From: Mira <mira@example.org>, jo@x.org"], Refusal.SENDER),
        ([PASSED, "Sender: mira@example.org"], Refusal.SENDER),
        ([PASSED], Refusal.SENDER),
        ([FROM], Refusal.PROOF),
        ([PASSED.replace("pass", "fail"), FROM], Refusal.PROOF),
        ([PASSED, "From: jo@example.net"], Refusal.PROOF),
        (
            [PASSED, FROM, "Auto-Submitted: auto-replied"],
            Refusal.AUTOMATIC,
        ),
    ],
)
def test_why_an_email_doesnt_count(fields: list[str], reason: Refusal) -> None:
    assert decide(*fields) is reason


def test_an_email_that_was_cut_doesnt_count() -> None:
    assert decide(PASSED, FROM, size=LARGEST) is Refusal.SIZE


def test_each_reason_has_words() -> None:
    assert set(REASONS) == set(Refusal)
