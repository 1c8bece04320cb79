"""briefing status: how far an issue has been sent, and what to do next."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing import clock
from briefing.errors import display_path
from briefing.newsletter import Newsletter

from . import decorators, output, words

if TYPE_CHECKING:
    from briefing.sending.issue_status import IssueStatus
    from briefing.sending.ledger.schema import ReaderRecord, State
    from briefing.sending.waiting import Wait
    from briefing.subscribers.subscriber_list import SubscriberList

MOST_REASONS = 5
"""Replies of a server that are shown for each state."""
NEED_DECISION = {"rejected", "deferred", "uncertain"}
"""States in which --names prints the readers."""

EXAMPLES = """\
briefing status
briefing status 2020-10-09 --names
"""


@decorators.command("status", examples=EXAMPLES)
@decorators.issue_argument
@click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The subscriber list, for --names (default: subscribers.csv).",
)
@click.option(
    "--names",
    is_flag=True,
    help="List the readers whose email was rejected, deferred or is uncertain; with --json, all readers.",
)
@decorators.json_option
@decorators.pass_newsletter
def command(
    newsletter: Newsletter,
    issue: str | None,
    list_: Path | None,
    names: bool,
    as_json: bool,
) -> None:
    """Show who got an issue, and what to do next.

    Without ISSUE, it shows the newest one that was sent. The records contain no addresses; --names
    looks them up on the list.
    """
    from briefing.issue import store
    from briefing.sending import issue_status
    from briefing.subscribers.subscriber_list import open_list

    name = store.find(newsletter, issue).name if issue else None
    path = list_ or newsletter.subscribers
    readers = open_list(path) if names else None
    status = issue_status.read(newsletter, name, readers)
    _warn_of_other_list(status, readers)
    if as_json:
        output.print_json(_as_json(status, names=names))
    else:
        _show(newsletter, status)


def _warn_of_other_list(
    status: "IssueStatus", readers: "SubscriberList | None"
) -> None:
    is_known_here = any(status.counts.values())
    if readers and is_known_here and not status.readers:
        output.warn(
            f"no reader of this issue is on {readers.name}; choose another list with --list"
        )


def _as_json(status: "IssueStatus", *, names: bool) -> dict[str, Any]:
    result = asdict(replace(status, readers={}))
    if wait := status.wait:
        result["wait"] = {**asdict(wait), "at": wait.at.isoformat()}
    del result["readers"]
    if names:
        addresses: dict[str, list[str]] = {}
        for state, readers in status.readers.items():
            addresses[state] = [reader.address for reader, _ in readers]
        result["readers"] = addresses
    return result


def _show(newsletter: Newsletter, status: "IssueStatus") -> None:
    from . import send_summary

    output.echo(f"Issue {status.issue}")
    if status.being_sent:
        output.echo(
            "Another briefing command is sending right now; the numbers are changing."
        )
    if not any(status.counts.values()):
        _show_without_ledger(status)
    for state, count in status.counts.items():
        if count:
            _show_state(status, state, count)
    if status.wait:
        _show_wait(status.wait)
    if status.is_sent:
        _show_last_sync(newsletter)
        _show_next_step(newsletter, status)
    _show_rehearsals(newsletter)
    if not status.is_sent and not status.wait:
        output.echo(send_summary.after_rehearsal(newsletter))


def _show_without_ledger(status: "IssueStatus") -> None:
    """Print what is known of an issue that this folder's ledger doesn't know."""
    receipt = status.receipt
    if receipt is None:
        output.echo("Nothing of it has left this computer.")
        return
    output.echo(
        f"{receipt.accepted:>9,}  accepted by the server, according to sent.json"
    )
    if receipt.left:
        output.echo(f"{receipt.left:>9,}  didn't have it yet")


def _show_wait(wait: "Wait") -> None:
    from briefing.sending.waiting import WaitState, format_time

    at = format_time(wait.at)
    match wait.state:
        case WaitState.WAITING:
            output.say(
                f"{words.mails(wait.count)} wait to be sent at {at}; Ctrl-C in their terminal stops that."
            )
        case WaitState.STOPPED:
            output.say(
                f"A send that was to wait until {at} was stopped. What it sent is counted above.",
                fg="yellow",
            )
        case WaitState.REFUSED:
            output.say(
                f"The send at {at} was refused: {wait.reason}", fg="yellow"
            )


def _show_last_sync(newsletter: Newsletter) -> None:
    """Print the day of the last sync, if there is anything to sync with."""
    from briefing.syncing import run

    if not run.source_names(newsletter.settings):
        return
    last = run.last_day(newsletter)
    when = words.short_date(last, clock.today()) if last else "never"
    output.say(
        f"Last synced: {when}. 'briefing subscribers sync' finds out who has left or joined since."
    )


def _show_state(status: "IssueStatus", state: "State", count: int) -> None:
    """Print the readers in one state: their number, the server's replies, and who needs a decision."""
    output.echo(f"{count:>9,}  {words.OUTCOMES[state]}")
    if state != "skipped":
        replies = list(status.reasons.get(state, {}).items())
        for reply, times in replies[:MOST_REASONS]:
            output.say(f"{times:,} × {reply}", "             ")
    for reader, record in status.readers.get(state, ()):
        if _needs_decision(record):
            output.echo(f"           {reader.address}")


def _needs_decision(record: "ReaderRecord") -> bool:
    return record.state in NEED_DECISION or (
        record.state == "queued" and bool(record.reason)
    )


def _show_next_step(newsletter: Newsletter, status: "IssueStatus") -> None:
    from briefing.sending.issue_status import step_for

    if status.being_sent:
        output.echo(
            "Wait until it has finished, then run 'briefing status' again."
        )
    elif status.mismatch:
        output.say(f"Before more can be sent: {status.mismatch}.", fg="yellow")
    else:
        via = status.receipt.via if status.receipt else ""
        step = words.next_step(
            status.issue,
            step_for(status.counts),
            status.counts,
            words.via_option(newsletter, via),
            are_named=bool(status.readers),
        )
        output.echo(step)


def _show_rehearsals(newsletter: Newsletter) -> None:
    """Say where names and addresses of readers are, and how to delete them."""
    from briefing.sending import rehearsals

    folders = rehearsals.folders(newsletter)
    for folder in folders:
        count = words.mails(len(rehearsals.mails(folder)))
        output.echo(
            f"{display_path(folder)}: {count} with names and addresses."
        )
    if folders:
        output.echo("They are deleted by the real send, or after a week.")
