"""A newsletter with an issue in two languages and a list of readers of both, ready to be sent."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from briefing.issue import store
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.sending import delivery
from briefing.sending.delivery import Order, Result
from briefing.sending.ledger import Ledger
from briefing.sending.plan import Plan
from briefing.sending.schema import State
from briefing.sending.transports.base import Transport
from briefing.subscribers.formats import open_list

NOW = dt.datetime(2020, 10, 9, 8, tzinfo=dt.UTC)
ISSUE_ID = "2020-10-09"

SETTINGS = """
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <brief@example.org>"
languages = ["en", "de"]
[send]
test = ["me@example.org"]
[unsubscribe]
url = "https://example.org/u/{token}"
mailto = "leave@example.org"
"""
ISSUE = """\
# Weekly Brief
date: 2020-10-09

welcome.

### A ruling
source: Harbour Post
date: 2020-10-08
link: https://www.example.com/ruling

Its text.
"""


def write_list(newsletter: Newsletter, readers: int) -> None:
    rows = (f"reader{n}@example.org,Reader {n},{'de' if n % 3 == 0 else 'en'}" for n in range(readers))
    newsletter.subscribers.write_text("email,name,lang\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    newsletter.subscribers.chmod(0o600)


def edit_issue(newsletter: Newsletter, before: str, after: str) -> None:
    path = newsletter.issues / ISSUE_ID / "issue.md"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


def plan_of(newsletter: Newsletter, tag: str = "") -> Plan:
    """The plan for the list and the issue as they are now."""
    newsletter = Newsletter(newsletter.root)  # the settings may have been edited
    folder = store.find(newsletter, ISSUE_ID)
    editions = {edition.lang: render(newsletter, edition) for edition in store.editions(newsletter, folder)}
    return Plan(newsletter, Key.of(newsletter), ISSUE_ID, editions, open_list(newsletter.subscribers), tag)


@contextmanager
def ledger_of(newsletter: Newsletter, *, rehearsal: bool = False) -> Iterator[Ledger]:
    with delivery.ledger_of(newsletter, Key.of(newsletter), rehearsal=rehearsal) as ledger:
        yield ledger


def mailed(
    newsletter: Newsletter,
    transport: Transport | None = None,
    *,
    tag: str = "",
    limit: int | None = None,
    late: bool = False,
    again: frozenset[State] = frozenset(),
    stop: threading.Event | None = None,
    tell: Callable[[delivery.Tally], None] = lambda _tally: None,
) -> Result:
    """Send the issue as a person would who agrees to every number; without a transport into the outbox."""
    with ledger_of(newsletter, rehearsal=transport is None) as ledger:
        plan = plan_of(newsletter, tag)
        states = plan.survey(ledger).states
        stop = stop or threading.Event()
        if transport is None:
            again = frozenset({State.SENDING})
            anew = delivery.starts_anew(plan, ledger)
        else:
            anew = delivery.may_be_frozen_anew(plan, ledger)
        late = late or transport is None or ledger.frozen(ISSUE_ID) is None
        left = sum(states.values()) if anew else delivery.to_send(states, late=late, again=again)
        count = delivery.amount(plan, ledger, left, limit, NOW)
        order = Order(NOW, count, late=late, limit=limit, again=again, back_off=(0.01, 0.01))
        if transport is None:
            return delivery.rehearse(plan, ledger, order, stop=stop, tell=tell)
        return delivery.send(plan, ledger, transport, order, stop=stop, tell=tell)


def counts(result: Result) -> dict[State, int]:
    """The states that anybody is in."""
    return {state: count for state, count in result.counts.items() if count}


@pytest.fixture
def sendable(tmp_path: Path) -> Newsletter:
    """The newsletter, its list of 30 readers and its issue 2020-10-09."""
    (tmp_path / "briefing.toml").write_text(SETTINGS, "utf-8")
    folder = tmp_path / "issues" / ISSUE_ID
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, "utf-8")
    (folder / "issue.de.md").write_text(ISSUE.replace("Its text.", "Der Text."), "utf-8")
    newsletter = Newsletter(tmp_path)
    write_list(newsletter, 30)
    return newsletter


@pytest.fixture
def key(sendable: Newsletter) -> Key:
    return Key.of(sendable)
