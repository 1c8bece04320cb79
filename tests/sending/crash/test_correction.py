"""A kill at any moment while a corrected version is frozen or sent: each reader has exactly one email,
of the version in their row.
"""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from tests.sending.crash.conftest import long
from tests.sending.crash.harness import Children, Send
from tests.sending.crash.scenarios import in_hours, sendgrid, smtp
from tests.sending.servers.smtp import SmtpServer

TEXTS = {1: b"Its text.", 2: b"Its corrected text."}

POINTS = [
    ("lock: after", 1),
    ("freeze: before", 1),
    ("freeze: in the middle", 1),
    ("freeze: its version is given", 1),
    ("freeze: after", 1),
    ("receipt: before", 1),
    ("receipt: in the middle", 1),
    ("receipt: after", 1),
    ("intent, outcome: before", 1),
    ("intent, outcome: after", 1),
    ("intent, outcome: after", 3),
    ("body: half", 2),
    ("body: with the dot", 2),
    ("an answer: after", 12),
    ("receipt: before", 2),
]
BRIEF = {"freeze: in the middle", "body: with the dot"}


@pytest.mark.parametrize(
    ("point", "nth"),
    [turn if turn[0] in BRIEF else long(*turn) for turn in POINTS],
)
def test_each_reader_has_one_email_of_the_version_in_their_row(
    children: Children, point: str, nth: int
) -> None:
    with smtp(children) as send:
        assert send.run("--limit", "6", "--expect", "6").code == 0
        send.office.write_issue("Its corrected text.")
        assert send.run("--corrected", point=point, nth=nth).killed
        ended = send.run("--corrected")
        assert ended.is_over
        assert send.broken == []
        view = send.view()
        assert view.unfinished() == []
        assert view.twice == []
        assert mails_by_version(send) == {1: 6, 2: view.mails.total() - 6}
        assert rows_by_version(send) == {1: 6, 2: 6}


def mails_by_version(send: Send) -> Counter[int]:
    assert isinstance(send.server, SmtpServer)
    return Counter(
        version
        for mail in send.server.mails
        for version, text in TEXTS.items()
        if text in mail.data
    )


def rows_by_version(send: Send) -> dict[int, int]:
    query = "SELECT version, count(*) FROM delivery GROUP BY version"
    with closing(sqlite3.connect(send.office.ledger)) as db:
        return dict(db.execute(query).fetchall())


SEND_POINTS = [
    "freeze: its version is given",
    "freeze: after",
    "schedule: before",
    "schedule: after",
    "intent, outcome: after",
    "request: after its answer",
]
RECALL_POINTS = [
    "recall: no more claims, not cancelled",
    "recall: cancelled, not recorded",
    "recall: before its commit",
    "recall: recorded",
]
BRIEF_POINTS = {"request: after its answer", "recall: cancelled, not recorded"}


@pytest.mark.parametrize(
    "point",
    [
        point if point in BRIEF_POINTS else long(point)
        for point in SEND_POINTS + RECALL_POINTS
    ],
)
def test_a_corrected_schedule_is_killed_recalled_corrected_and_sent(
    children: Children, point: str
) -> None:
    """Readers who have the first version keep it; nobody gets two, and nobody is left out."""
    with sendgrid(children, readers=20) as send:
        assert send.run("--limit", "6", "--expect", "6").code == 0
        send.office.write_issue("Its corrected text.")
        send.always = ("--at", in_hours(2))
        in_send = point in SEND_POINTS
        ended = send.run("--corrected", point=point if in_send else "")
        assert ended.killed == in_send
        if not in_send:
            assert send.briefing("recall", point=point).wait().killed
        send.briefing("recall").wait()  # refused if nothing was scheduled yet
        assert send.view().mails.total() == 6
        send.office.write_issue("Its text, corrected again.")
        send.always = ()
        assert send.run("--corrected").is_over
        assert send.broken == []
        view = send.view()
        assert view.twice == []
        assert view.count("accepted") == 20 == view.mails.total()
        assert rows_by_version(send)[1] == 6
