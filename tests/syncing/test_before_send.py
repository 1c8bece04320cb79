"""What comes before a real send, by [subscribers] sync; and that the server knows who gets it."""

from pathlib import Path

import pytest

from briefing.configuration import settings
from briefing.configuration.settings import Settings
from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.syncing.before_send import (
    BeforeSend,
    decide,
    refuse_incomplete,
    renew_tokens,
)
from briefing.syncing.planning.plan import SyncPlan
from briefing.syncing.planning.questions import Question, Subject
from tests.syncing.conftest import Home

NOTHING_DONE = SyncPlan(removals={})


def parsed(when: str = "", via: str = "sendgrid") -> Settings:
    sync = f'[subscribers]\nsync = "{when}"\n' if when else ""
    text = f'[newsletter]\nname = "Brief"\nfrom = "brief@example.org"\n[send]\nvia = "{via}"\n'
    return settings.parse(text + sync, Path("briefing.toml"))


@pytest.mark.parametrize(
    ("when", "may_ask", "expected"),
    [
        ("", True, BeforeSend.OFFER),
        ("", False, BeforeSend.NOTHING),
        ("ask", True, BeforeSend.OFFER),
        ("never", True, BeforeSend.NOTHING),
        ("before-send", True, BeforeSend.SYNC),
        ("before-send", False, BeforeSend.SYNC),
    ],
)
def test_the_setting_decides(
    when: str, may_ask: bool, expected: BeforeSend
) -> None:
    assert decide(parsed(when), may_ask=may_ask) is expected


def test_without_a_source_nothing_comes_before_a_send() -> None:
    for when in ("ask", "before-send"):
        assert (
            decide(parsed(when, via="smtp"), may_ask=True) is BeforeSend.NOTHING
        )


def test_a_source_that_cannot_be_read_stops_the_send() -> None:
    with pytest.raises(RefusedError, match="--no-sync"):
        refuse_incomplete({"server": "no server answers there"}, NOTHING_DONE)


@pytest.mark.parametrize("subject", [Subject.DEPARTURES, Subject.COMPLAINTS])
def test_so_do_unusually_many_who_leave(subject: Subject) -> None:
    held = SyncPlan(removals={}, questions=[Question(subject, 30)])
    with pytest.raises(RefusedError, match="unusually many readers"):
        refuse_incomplete({}, held)


def test_other_questions_can_wait() -> None:
    held = SyncPlan(
        removals={},
        questions=[Question(Subject.DEAD, 30), Question(Subject.QUEUED, 1)],
    )
    refuse_incomplete({}, held)


def quiet(_done: int, _total: int) -> None:
    pass


def test_the_server_learns_of_new_readers(home: Home) -> None:
    home.write_list("ann@example.org", "bob@example.org")
    key = Key.of(home.newsletter)
    renew_tokens(home.newsletter, key, home.list_path, quiet)
    home.write_list("cid@example.org")
    renew_tokens(home.newsletter, key, home.list_path, quiet)
    source = home.source(list)
    # Whoever was on the list has old emails, and can leave by them.
    assert source.api.requests(0).tokens == 3
    home.server.kill()
    with pytest.raises(RefusedError, match="--no-sync sends anyway"):
        renew_tokens(home.newsletter, key, home.list_path, quiet)
