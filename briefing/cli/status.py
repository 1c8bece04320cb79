"""briefing status: how far an issue has been sent, and what to do next."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing import clock
from briefing.errors import display_path
from briefing.newsletter import Newsletter

from . import decorators, output, words

if TYPE_CHECKING:
    from briefing.issue.receipt import Receipt
    from briefing.sending.ledger.schema import ReaderRecord, State
    from briefing.sending.preflight.issue_status import IssueStatus
    from briefing.sending.preflight.next_send import NextSend
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
    from briefing.sending import rehearsals
    from briefing.sending.preflight import issue_status, next_send
    from briefing.subscribers.formats import open_list

    name = store.find(newsletter, issue).name if issue else None
    path = list_ or newsletter.subscribers
    readers = open_list(path) if names else None
    now = clock.local_now()
    result = issue_status.read(newsletter, name, readers, now)
    is_stopped = not (result.rehearsal or result.being_sent)
    following = (
        next_send.examine(newsletter, result, path, now) if is_stopped else None
    )
    _warn_of_other_list(result, readers)
    if as_json:
        rehearsed = [folder.name for folder in rehearsals.folders(newsletter)]
        output.print_json(_as_json(result, following, rehearsed, names=names))
    else:
        _show(newsletter, result, following)


def _warn_of_other_list(
    status: "IssueStatus", readers: "SubscriberList | None"
) -> None:
    is_known_here = any(status.counts.values())
    if readers and is_known_here and not status.readers:
        output.warn(
            f"no reader of this issue is on {readers.name}; choose another list with --list"
        )


def _as_json(
    status: "IssueStatus",
    following: "NextSend | None",
    rehearsed: list[str],
    *,
    names: bool,
) -> dict[str, Any]:
    planned = status.scheduled
    result: dict[str, Any] = {
        "issue": status.issue,
        "rehearsal": status.rehearsal,
        "being_sent": status.being_sent,
        "counts": status.counts,
        "reasons": status.reasons,
        "versions": status.versions,
        "scheduled": planned.at.astimezone().isoformat() if planned else None,
        "rehearsals": rehearsed,
        "next_send": following and asdict(following),
        "receipt": status.receipt and asdict(status.receipt),
    }
    if names:
        addresses: dict[str, list[str]] = {}
        for state, readers in status.readers.items():
            addresses[state] = [reader.address for reader, _ in readers]
        result["readers"] = addresses
    return result


def _show(
    newsletter: Newsletter, status: "IssueStatus", following: "NextSend | None"
) -> None:
    from . import send_summary

    _show_heading(status)
    for state, count in status.counts.items():
        if count:
            _show_state(status, state, count)
    _show_versions(status)
    if not status.rehearsal:
        _show_last_sync(newsletter)
    if status.being_sent:
        output.echo(
            "Wait until it has finished, then run 'briefing status' again."
        )
    elif following:
        _show_next_steps(newsletter, status, following)
    _show_rehearsals(newsletter, status)
    if status.rehearsal:
        output.echo(send_summary.after_rehearsal(newsletter))


def _show_heading(status: "IssueStatus") -> None:
    """Print which issue it is, and what is happening to it."""
    from briefing.sending.schedule import format_time

    rehearsal = (
        ", a rehearsal: nothing has left this computer."
        if status.rehearsal
        else ""
    )
    output.echo(f"Issue {status.issue}{rehearsal}")
    if status.receipt:
        _show_receipt(status.receipt)
    if status.being_sent:
        output.echo(
            "Another briefing command is sending right now; the numbers are changing."
        )
    if status.scheduled:
        output.echo(
            f"Goes out at {format_time(status.scheduled.at)}; 'briefing recall' cancels it."
        )


def _show_last_sync(newsletter: Newsletter) -> None:
    """Print the day of the last sync, if there is anything to sync with."""
    from briefing.syncing import run, sources

    if not sources.names_for(newsletter.settings):
        return
    last = run.last_day(newsletter)
    when = words.short_date(last, clock.today()) if last else "never"
    output.say(
        f"Last synced: {when}. 'briefing subscribers sync' finds out who has left or joined since."
    )


def _show_versions(status: "IssueStatus") -> None:
    """Print how many readers have which version, if it was corrected during the send."""
    if len(status.versions) > 1:
        versions = ", ".join(
            f"version {version} for {words.readers(count)}"
            for version, count in sorted(status.versions.items())
        )
        output.echo(f"Edited during the send: {versions}.")


def _show_state(status: "IssueStatus", state: "State", count: int) -> None:
    """Print the readers in one state: their number, the server's replies, and who needs a decision."""
    outcomes = words.REHEARSED if status.rehearsal else words.OUTCOMES
    output.echo(f"{count:>9,}  {outcomes[state]}")
    if state != "skipped":
        replies = list(status.reasons.get(state, {}).items())
        for reply, times in replies[:MOST_REASONS]:
            output.say(f"{times:,} × {reply}", "             ")
    for reader, record in status.readers.get(state, ()):
        if status.rehearsal or _needs_decision(record):
            output.echo(f"           {reader.address}")


def _needs_decision(record: "ReaderRecord") -> bool:
    return record.state in NEED_DECISION or (
        record.state == "queued" and bool(record.reason)
    )


def _show_rehearsals(newsletter: Newsletter, status: "IssueStatus") -> None:
    """Say where names and addresses of readers are, and how to delete them."""
    from briefing.sending import rehearsals

    folders = rehearsals.folders(newsletter)
    if status.rehearsal and status.issue not in {
        folder.name for folder in folders
    }:
        output.echo(
            "Its emails were deleted; 'briefing send' writes them again."
        )
    for folder in folders:
        count = words.mails(len(rehearsals.mails(folder)))
        output.echo(
            f"{display_path(folder)}: {count} with names and addresses."
        )
    if folders:
        output.echo(
            "They are deleted by the real send, or after a week; to delete them now, run\n"
            "'briefing send --clear-rehearsals'."
        )


def _show_receipt(receipt: "Receipt") -> None:
    """Print what is known of an issue that this folder's ledger doesn't know."""
    output.echo(
        f"{receipt.accepted:>9,}  accepted by the server, according to sent.json"
    )
    if receipt.left:
        output.echo(f"{receipt.left:>9,}  didn't have it yet")


def _show_next_steps(
    newsletter: Newsletter, status: "IssueStatus", following: "NextSend"
) -> None:
    next_steps = following.steps(status.counts)
    at = status.scheduled.at if status.scheduled else None
    if not (following.refusals or next_steps):
        output.echo(
            "Every reader's email is scheduled; there is nothing to do until then."
            if at
            else "Every reader has been sent this issue."
        )
    for refusal in following.refusals:
        text = f"'briefing send' refuses: {refusal}"
        output.say(text, rest="  ", fg="yellow")
    options = words.send_options(newsletter, following.via, at)
    for step in words.next_steps(
        status.issue,
        next_steps,
        following.count,
        options,
        are_named=bool(status.readers),
    ):
        output.echo(step)
    if following.later and following.count:
        output.echo(
            f"'per_day' under [send] leaves {words.mails(following.later)} for another day."
        )
    if following.joined:
        output.say(
            f"{words.readers(following.joined)} joined since the first emails were sent; "
            f"'briefing send {status.issue}{options} --late' includes them."
        )
