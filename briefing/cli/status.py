"""briefing status: how an issue stands with its readers, and what to do next."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import decorators, output, words
from briefing.errors import display_path
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.sending.schema import ReaderRecord, State
    from briefing.sending.standing import Standing

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
    help="The list, for --names.",
)
@click.option(
    "--names",
    is_flag=True,
    help="List readers who need a decision; with --json, all readers.",
)
@decorators.json_option
@click.pass_obj
def command(
    directory: Path,
    issue: str | None,
    list_: Path | None,
    names: bool,
    as_json: bool,
) -> None:
    """Show who got an issue and what to do next.

    Without ISSUE it shows the newest one that was sent. The records contain no addresses; --names
    looks them up in the list.
    """
    from briefing.issue import store
    from briefing.sending import gathering, standing
    from briefing.subscribers.formats import open_list

    newsletter = Newsletter.find(directory)
    name = store.find(newsletter, issue).name if issue else None
    readers = open_list(list_ or newsletter.subscribers) if names else None
    result = standing.read(newsletter, name, readers, gathering.local_now())
    if readers and not result.readers:
        output.warn(
            f"no reader of this issue is on {readers.name}; name another list with --list"
        )
    if as_json:
        output.print_json(_as_json(result, names=names))
    else:
        _show(newsletter, result)


def _as_json(standing: "Standing", *, names: bool) -> dict[str, Any]:
    planned = standing.scheduled
    result: dict[str, Any] = {
        "issue": standing.issue,
        "rehearsal": standing.rehearsal,
        "counts": standing.counts,
        "reasons": standing.reasons,
        "scheduled": planned.at.astimezone().isoformat() if planned else None,
    }
    if names:
        result["readers"] = {
            state: [reader.address for reader, _ in readers]
            for state, readers in standing.readers.items()
        }
    return result


def _show(newsletter: Newsletter, standing: "Standing") -> None:
    from briefing.sending.schedule import format_time

    rehearsal = (
        ", a rehearsal: nothing has left this computer." if standing.rehearsal else ""
    )
    output.echo(f"Issue {standing.issue}{rehearsal}")
    if standing.scheduled:
        output.echo(
            f"Goes out at {format_time(standing.scheduled.at)}; 'briefing recall' cancels it."
        )
    for state, count in standing.counts.items():
        if count:
            _show_state(standing, state, count)
    if standing.rehearsal:
        _show_rest_of_rehearsal(newsletter, standing)
    else:
        _show_next_steps(newsletter, standing)


def _show_state(standing: "Standing", state: "State", count: int) -> None:
    """Print the readers in one state: their number, the server's replies, and who needs a decision."""
    outcomes = words.REHEARSED if standing.rehearsal else words.OUTCOMES
    output.echo(f"{count:>9,}  {outcomes[state]}")
    if state != "skipped":
        replies = list(standing.reasons.get(state, {}).items())
        for reply, times in replies[:MOST_REASONS]:
            output.echo(output.wrap(f"{times:,} × {reply}", "             "))
    for reader, record in standing.readers.get(state, ()):
        if standing.rehearsal or _needs_decision(record):
            output.echo(f"           {reader.address}")


def _needs_decision(record: "ReaderRecord") -> bool:
    return record.state in NEED_DECISION or (
        record.state == "queued" and bool(record.reason)
    )


def _show_rest_of_rehearsal(newsletter: Newsletter, standing: "Standing") -> None:
    from briefing.sending.records import outbox_folder

    if standing.unsent:
        output.echo(
            f"Next: run 'briefing send' again to write the remaining {words.mails(standing.unsent)}."
        )
    else:
        output.echo(
            f"The mails are in {display_path(outbox_folder(newsletter, standing.issue) / 'new')}."
        )


def _show_next_steps(newsletter: Newsletter, standing: "Standing") -> None:
    via = "" if standing.via == newsletter.settings.send.via else standing.via
    steps = words.next_steps(
        standing.issue, standing.next_steps, standing.counts, via=via
    )
    for step in steps or ["Every reader has been sent this issue."]:
        output.echo(step)
