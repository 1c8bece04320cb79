"""Recalling a scheduled send, killed or in the middle of it: no reader gets what was recalled, all
get the next.
"""

import sqlite3
import time
from contextlib import closing

import pytest

from tests.sending.crash import points, scenarios
from tests.sending.crash.harness import PATIENCE, Child, Children, Send
from tests.sending.crash.scenarios import in_hours, sendgrid
from tests.sending.servers.sendgrid import Kill, SendGridServer, SgRule


@pytest.mark.long
def test_killed_at_named_points(children: Children) -> None:
    row = scenarios.scheduled(
        children,
        scenarios.some(
            points.OF_SCHEDULES, "schedule: after", "claims", "recorded"
        ),
    )
    assert row.broken == []
    assert (row.twice, row.lost, row.uncertain) == (0, 0, 0)


def stopped_claiming(send: Send) -> bool:
    with closing(sqlite3.connect(send.office.ledger)) as db:
        (recalled,) = db.execute("SELECT recalled FROM schedule").fetchone()
    return bool(recalled)


def test_while_its_send_is_under_way(children: Children) -> None:
    recalls: list[Child] = []

    def recall() -> None:
        """Start it, and let the second request be answered when SendGrid has cancelled the batch."""
        recalls.append(send.briefing("recall"))
        until = time.monotonic() + PATIENCE
        while (
            "cancel" not in server.batches.values() and time.monotonic() < until
        ):
            time.sleep(0.01)
        assert stopped_claiming(send)

    with sendgrid(children, SgRule(Kill(recall), nth=2), readers=3000) as send:
        assert isinstance(send.server, SendGridServer)
        server = send.server
        send.always = ("--at", in_hours(2))
        child = send.start()
        ended = send.done(child)
        called_back = recalls[0].wait()
        assert "recalled; no reader will get them" in called_back.out
        send.judge(ended)
        send.judge(called_back)
        view = send.view()
        assert view.mails.total() == 0
        assert view.count("accepted", "sending", "uncertain") == 0
        assert view.count("recalled") < 3000
        send.always = ()
        send.finish()
        assert send.broken == []


@pytest.mark.long
def test_after_its_send_was_killed(children: Children) -> None:
    with sendgrid(children) as send:
        send.always = ("--at", in_hours(2))
        assert send.run(point="request: after its answer", nth=2).killed
        assert send.end(send.briefing("recall")).code == 0
        view = send.view()
        assert view.mails.total() == 0
        assert view.count("accepted", "sending", "uncertain") == 0
        send.finish()
        assert send.broken == []


def test_a_recall_that_was_killed_isnt_forgotten_by_the_next_send(
    children: Children,
) -> None:
    """SendGrid has called it back, the ledger still says accepted: to end there would be to lose
    everybody.
    """
    with sendgrid(children, readers=20) as send:
        send.always = ("--at", in_hours(2))
        assert send.run().code == 0
        assert (
            send.briefing("recall", point="recall: cancelled, not recorded")
            .wait()
            .killed
        )
        assert send.view().mails.total() == 0
        ended = send.done(send.start("--expect", "0"))
        assert ended.code == 1, "it must not say that everybody has it"
        assert "recall" in ended.err


def test_a_recall_that_was_killed_isnt_forgotten_by_status(
    children: Children,
) -> None:
    with sendgrid(children, readers=20) as send:
        send.always = ("--at", in_hours(2))
        assert send.run().code == 0
        assert (
            send.briefing("recall", point="recall: cancelled, not recorded")
            .wait()
            .killed
        )
        status = send.briefing("status").wait()
        assert "Every reader has been sent" not in status.out
        assert "briefing recall" in status.out
