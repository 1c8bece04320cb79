"""A newsletter with an issue in two languages and a list of readers of both, ready to be sent."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from briefing.checks.rule import Finding
from briefing.configuration.settings import SmtpSettings
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.rendering.edition import render
from briefing.rendering.rendered import RenderedIssue
from briefing.sending import delivery, rehearsals
from briefing.sending.delivery import Result, Timing
from briefing.sending.ledger import records
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.ledger.recipients import Recipients
from briefing.sending.ledger.schema import State
from briefing.sending.plan import Mailing, Plan
from briefing.sending.preflight import gathering
from briefing.sending.preflight.facts import SendRequest
from briefing.sending.preflight.gates import Preflight
from briefing.sending.progress import Progress
from briefing.sending.transports.base import Transport
from briefing.sending.transports.outbox import Outbox
from briefing.sending.transports.smtp import Smtp
from briefing.subscribers.subscriber_list import open_list, read_all
from tests.sending.servers.smtp import SmtpServer

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
    rows = (
        f"reader{n}@example.org,Reader {n},{'de' if n % 3 == 0 else 'en'}"
        for n in range(readers)
    )
    newsletter.subscribers.write_text(
        "email,name,lang\n" + "".join(f"{row}\n" for row in rows), "utf-8"
    )
    newsletter.subscribers.chmod(0o600)


def edit_issue(newsletter: Newsletter, before: str, after: str) -> None:
    path = newsletter.issues / ISSUE_ID / "issue.md"
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")


RENDERED: dict[tuple[str, bytes, bytes], RenderedIssue] = {}
"""What was rendered, by the settings and the edition."""


def rendered(newsletter: Newsletter, edition: Edition) -> RenderedIssue:
    """Render each text once for all tests: rendering takes longer than sending to 30 readers."""
    settings = (newsletter.root / "briefing.toml").read_bytes()
    source = edition.lang, settings, edition.path.read_bytes()
    if source not in RENDERED:
        RENDERED[source] = render(newsletter, edition)
    return RENDERED[source]


def plan_of(
    newsletter: Newsletter, tag: str = "", *, findings: Sequence[Finding] = ()
) -> Plan:
    """The plan for the list and the issue as they are now; the checks are spared, their findings
    given.
    """
    # The settings may have been edited.
    newsletter = Newsletter(newsletter.root)
    folder = store.find(newsletter, ISSUE_ID)
    editions = {
        edition.lang: rendered(newsletter, edition)
        for edition in store.editions(newsletter, folder)
    }
    mailing = Mailing(
        newsletter=newsletter,
        issue=ISSUE_ID,
        editions=editions,
        findings=findings,
    )
    return Plan.read(mailing, newsletter.subscribers, tag)


@contextmanager
def ledger_of(
    newsletter: Newsletter, *, rehearsal: bool = False
) -> Iterator[Ledger]:
    key = Key.of(newsletter)
    opened = (
        Ledger(None, key) if rehearsal else records.open_ledger(newsletter, key)
    )
    with opened as ledger:
        yield ledger


def outbox_of(newsletter: Newsletter) -> Outbox:
    return Outbox(newsletter, ISSUE_ID, 30)


def rehearsed(newsletter: Newsletter) -> list[Path]:
    """The emails of the issue's rehearsal, in their order."""
    return rehearsals.mails(rehearsals.folder_of(newsletter, ISSUE_ID))


def nothing_to_show(_progress: Progress) -> None:
    """Ignore the progress of a send."""


TIMING = Timing(now=lambda: NOW, back_off=(0.0, 0.0))
"""A clock that never moves, and no pauses."""


def send_approved(
    plan: Plan,
    ledger: Ledger,
    transport: Transport,
    approved: Preflight,
    timing: Timing = TIMING,
) -> Result:
    """Send what was approved; nobody watches or stops it."""
    return delivery.send(
        plan,
        ledger,
        transport,
        approved,
        stop=threading.Event(),
        show_progress=nothing_to_show,
        timing=timing,
    )


def send_issue(
    newsletter: Newsletter,
    transport: Transport | None = None,
    *,
    tag: str = "",
    stop: threading.Event | None = None,
    show_progress: Callable[[Progress], None] = nothing_to_show,
    timing: Timing = TIMING,
    **asked: Any,
) -> Result:
    """Send the issue as a person would who agrees to every number; by default, into the
    outbox.
    """
    transport = transport or outbox_of(newsletter)
    request = SendRequest(via=transport.name, untested=True, **asked)
    with ledger_of(newsletter, rehearsal=request.rehearsal) as ledger:
        plan = plan_of(newsletter, tag)
        approved = gathering.examine(plan, ledger, request, NOW)
        return delivery.send(
            plan,
            ledger,
            transport,
            approved,
            stop=stop or threading.Event(),
            show_progress=show_progress,
            timing=timing,
        )


def counts(result: Result) -> dict[State, int]:
    """The states that have readers."""
    return {state: count for state, count in result.counts.items() if count}


@pytest.fixture
def sendable(tmp_path: Path) -> Newsletter:
    """The newsletter, its list of 30 readers and its issue 2020-10-09."""
    (tmp_path / "briefing.toml").write_text(SETTINGS, "utf-8")
    folder = tmp_path / "issues" / ISSUE_ID
    folder.mkdir(parents=True)
    (folder / "issue.md").write_text(ISSUE, "utf-8")
    (folder / "issue.de.md").write_text(
        ISSUE.replace("Its text.", "Der Text."), "utf-8"
    )
    newsletter = Newsletter(tmp_path)
    write_list(newsletter, 30)
    return newsletter


@pytest.fixture
def key(sendable: Newsletter) -> Key:
    return Key.of(sendable)


def in_order(newsletter: Newsletter) -> list[str]:
    """The readers on the list in the order in which they are mailed."""
    recipients = Recipients(Key.of(newsletter), ISSUE_ID)
    readers = read_all(open_list(newsletter.subscribers)).subscribers
    ordered = sorted(
        readers, key=lambda reader: recipients.digest(reader.identity)
    )
    return [reader.address for reader in ordered]


def first_readers(newsletter: Newsletter, readers: int) -> Counter[str]:
    """Those who are mailed first, each once."""
    return Counter(in_order(newsletter)[:readers])


def all_readers(readers: int) -> Counter[str]:
    return Counter(f"reader{n}@example.org" for n in range(readers))


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server
        assert server.violations == []


def smtp_to(
    newsletter: Newsletter, server: SmtpServer, connections: int = 2
) -> Smtp:
    """The transport to a server, as `[smtp]` would have it."""
    smtp = SmtpSettings(
        host="127.0.0.1",
        port=server.port,
        security="none",
        connections=connections,
    )
    return Smtp(
        replace(newsletter.settings, smtp=smtp), "", timeout=60, pause=0.0
    )


def received(server: SmtpServer) -> Counter[str]:
    return Counter(mail.recipient for mail in server.mails)
