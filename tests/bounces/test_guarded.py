"""Emails are explained in a child process."""

import pytest

from briefing.bounces import guarded
from briefing.bounces.explaining import explain
from briefing.bounces.guarded import explain_in_child
from briefing.bounces.kinds import BounceKind, Explanation
from briefing.errors import LimitError
from tests.bounces.samples import complaint, failed, in_fields


def test_a_child_process_gives_the_same_answer() -> None:
    for mail in (in_fields(failed("5.1.1", "user unknown")), complaint(), ""):
        data = mail.encode()
        assert explain_in_child(data) == explain(data)


def test_an_email_that_takes_too_long_is_about_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def take_too_long(*_arguments: object, **_options: object) -> None:
        raise LimitError("the email", "takes too long; read it yourself")

    monkeypatch.setattr(guarded, "run_limited", take_too_long)
    assert explain_in_child(b"") == Explanation(BounceKind.OTHER)
