"""A sync trusts its sources only as far as they can know something."""

import datetime as dt
from collections.abc import Iterator, Set

import pytest

from briefing.errors import SubscribersError
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.syncing.planning.questions import Answers
from briefing.syncing.reports import Left, Person, Report
from briefing.syncing.run import Sync

NOW = dt.datetime(2026, 6, 5, 12, 0, tzinfo=dt.UTC)
TOKEN = "0123456789abcdef0123456789abcd"  # noqa: S105  # of a reader who doesn't exist


class Reporting:
    """A source that reports somebody who left on a day."""

    name = "server"
    title = "your server"

    def __init__(self, day: dt.date) -> None:
        self.day = day

    def read(self, _show: ShowSteps) -> Iterator[Report]:
        yield Left(Person(token=TOKEN), self.day)

    def finish(self, _waiting: Set[Report]) -> None:
        pass


@pytest.mark.parametrize(
    ("reported", "recorded"),
    [
        (dt.date(2999, 1, 1), "2026-06-05"),
        (dt.date(2026, 6, 4), "2026-06-04"),
    ],
)
def test_nobody_leaves_in_the_future(
    newsletter: Newsletter, reported: dt.date, recorded: str
) -> None:
    """They could never come back: a later wish would be an earlier one."""
    newsletter.subscribers.write_text("email\nann@example.org\n", "utf-8")
    source = Reporting(reported)
    sync = Sync(newsletter, [source], NOW)
    sync.read(source, lambda _done, _total: None)
    (removal,) = sync.plan(Answers()).removals.values()
    assert removal.date == recorded


def test_a_list_that_cant_be_read_is_refused_before_a_source_is_asked(
    newsletter: Newsletter,
) -> None:
    newsletter.subscribers.write_bytes(
        "email,name\nann@example.org,Ťažký\n".encode("cp1250")
    )
    with pytest.raises(SubscribersError, match="save the list again as"):
        Sync(newsletter, [Reporting(NOW.date())], NOW)
