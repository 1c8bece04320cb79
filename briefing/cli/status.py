"""briefing status: who got an issue, who didn't, what to do next."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefing.cli import decorators, output, words
from briefing.errors import NotFoundError, shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.sending.ledger import Ledger
    from briefing.sending.schema import State

MOST_REASONS = 5
"""Answers of a server that are shown for a state."""

EXAMPLES = """\
briefing status
briefing status 2020-10-09 --names
"""


@decorators.command("status", examples=EXAMPLES)
@decorators.issue_argument
@click.option("--list", "list_", type=click.Path(path_type=Path), metavar="FILE", help="The list, for --names.")
@click.option("--names", is_flag=True, help="Print addresses too: of who needs a decision; with --json of all.")
@decorators.json_option
@click.pass_obj
def command(directory: Path, issue: str | None, list_: Path | None, names: bool, as_json: bool) -> None:
    """Tell who got an issue: the newest that was sent, unless one is named.

    The record holds no addresses; --names looks them up in the list.
    """
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.sending import delivery

    newsletter = Newsletter.find(directory)
    wanted = store.find(newsletter, issue).name if issue else None
    for rehearsal in (False, True):
        if not delivery.ledger_path(newsletter, rehearsal=rehearsal).exists():
            continue
        with delivery.ledger_of(newsletter, Key.of(newsletter), rehearsal=rehearsal) as ledger:
            known = ledger.issues()
            if known and (wanted is None or wanted in known):
                path = list_ or newsletter.subscribers
                _tell(newsletter, ledger, wanted or known[0], path if names else None, as_json, rehearsal=rehearsal)
                return
    what = f"issue {wanted} was not sent yet" if wanted else "nothing was sent yet"
    raise NotFoundError(f"{what}; 'briefing send' does it")


def _tell(
    newsletter: Newsletter, ledger: "Ledger", issue: str, names: Path | None, as_json: bool, *, rehearsal: bool
) -> None:
    """`names`: the list in which readers are looked up."""
    from briefing.issue.receipt import read
    from briefing.sending import schedule

    counts = ledger.counts(issue)
    found = _by_state(ledger, issue, names) if names else {}
    if names and not found:
        output.warn(f"nobody who got it is on {shown(names)}; name the list with --list")
    scheduled = schedule.pending(ledger, issue, dt.datetime.now(dt.UTC))
    if as_json:
        result: dict[str, Any] = {"issue": issue, "rehearsal": rehearsal, "counts": counts}
        result["reasons"] = ledger.reasons(issue)
        result["scheduled"] = schedule.time_of(scheduled).isoformat() if scheduled else None
        readers = {state: [address for address, _ in here] for state, here in found.items()}
        output.print_json(result | ({"readers": readers} if names else {}))
        return
    if rehearsal:
        output.echo(f"Issue {issue}, a rehearsal: nothing has left this computer.")
    else:
        output.echo(f"Issue {issue}")
    if scheduled:
        output.echo(f"Goes out at {schedule.told(schedule.time_of(scheduled))}; 'briefing recall' calls it back.")
    _tell_counts(ledger, issue, counts, found, rehearsal=rehearsal)
    if not rehearsal:
        if any(one.recalled and not one.settled for one in ledger.schedules(issue)):
            steps = ["A recall of it didn't come to its end; give 'briefing recall' again."]
        else:
            receipt = read(newsletter.issues / issue)
            via = receipt.via if receipt and receipt.via != newsletter.settings.send.via else ""
            steps = words.next_steps(issue, counts, via=via) or ["Everybody has theirs."]
        for step in steps:
            output.echo(step)
    elif left := sum(count for state, count in counts.items() if state in {"queued", "sending"}):
        output.echo(f"Next: the 'briefing send' that was stopped, given again, writes the {left:,} that are left.")
    else:
        output.echo(f"They lie in {shown(newsletter.state / 'outbox' / issue / 'new')}.")


def _tell_counts(
    ledger: "Ledger",
    issue: str,
    counts: "dict[State, int]",
    readers: "dict[State, list[tuple[str, str]]]",
    *,
    rehearsal: bool,
) -> None:
    """The counts, and of the readers those with whom there is something to do."""
    reasons = ledger.reasons(issue)
    for state, count in counts.items():
        if not count:
            continue
        output.echo(f"{count:>9,}  {(words.REHEARSED if rehearsal else words.OUTCOMES)[state]}")
        if state != "skipped":
            for reason, times in list(reasons.get(state, {}).items())[:MOST_REASONS]:
                output.echo(output.wrap(f"{times:,} × {reason}", "             "))
        for address, reason in readers.get(state, ()):
            if rehearsal or state in {"rejected", "deferred", "uncertain"} or (state == "queued" and reason):
                output.echo(f"           {address}")


def _by_state(ledger: "Ledger", issue: str, path: Path) -> "dict[State, list[tuple[str, str]]]":
    """The readers of a list in each state, with the server's words about them."""
    from briefing.subscribers.formats import open_list
    from briefing.subscribers.subscriber_list import read_all

    found: dict[State, list[tuple[str, str]]] = {}
    for reader in read_all(open_list(path)).subscribers:
        delivery = ledger.find(issue, ledger.recipient(reader.identity))
        if delivery:
            found.setdefault(delivery.state, []).append((reader.address, delivery.reason))
    return found
