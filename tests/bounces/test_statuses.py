"""What codes mean for the reader."""

import pytest

from briefing.bounces.kinds import BounceKind
from briefing.bounces.statuses import (
    first_status,
    is_temporary,
    kind_of_reply,
    kind_of_status,
    statuses_in,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", BounceKind.DEAD),
        ("4.1.1", BounceKind.TEMPORARY),
        ("5.2.2", BounceKind.FULL),
        ("4.2.2", BounceKind.FULL),
        ("5.7.509", BounceKind.REFUSED),
        ("5.0.0", None),
        ("5.5.0", None),
        ("2.1.5", None),
        ("192.0.2.1", None),
        ("5.1.1.example.org", None),
        ("5.0.0 and then 5.1.1", BounceKind.DEAD),
        ("none", None),
    ],
)
def test_enhanced_codes(status: str, kind: BounceKind | None) -> None:
    assert kind_of_status(status) is kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("550 no", BounceKind.REFUSED),
        ("451 no", BounceKind.TEMPORARY),
        ("451 no, later 550 no", BounceKind.REFUSED),
        ("551 elsewhere", BounceKind.DEAD),
        ("5.0.0", BounceKind.REFUSED),
        ("port 5500", None),
        ("no", None),
    ],
)
def test_replies(said: str, kind: BounceKind | None) -> None:
    assert kind_of_reply(said) is kind


def test_a_failure_may_pass_if_only_temporary_codes_are_given() -> None:
    assert is_temporary("450 4.1.1 unknown")
    assert not is_temporary("450 then 550")
    assert not is_temporary("unknown")


def test_the_first_code_is_shown() -> None:
    assert first_status("550 5.1.1 no (5.7.1)") == "5.1.1"
    assert not first_status("550 no")


def test_all_codes_of_a_text_are_whole_codes() -> None:
    assert statuses_in("550 5.1.1, 15.7.1, 5.4.10 and #4.2.2") == {
        "5.1.1",
        "5.4.10",
        "4.2.2",
    }
