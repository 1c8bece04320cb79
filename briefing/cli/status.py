"""briefing status: who got an issue, who didn't, what to do next."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import command as shared
from briefing.errors import NotFoundError, shown
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.sending.ledger import Ledger, State

WORDS = {
    "accepted": "written to the outbox",
    "queued": "not written yet",
    "sending": "being written when it was stopped",
    "skipped": "left the list before their mail was written",
}

EXAMPLES = """\
briefing status
briefing status 2020-10-09 --names
"""


@shared.command("status", examples=EXAMPLES)
@shared.issue_argument
@click.option("--list", "list_", type=click.Path(path_type=Path), metavar="FILE", help="The list, for --names.")
@click.option("--names", is_flag=True, help="Print addresses too; only with the list at hand.")
@shared.json_option
@click.pass_obj
def command(directory: Path, issue: str | None, list_: Path | None, names: bool, as_json: bool) -> None:
    """Tell who got an issue: the newest that was sent, unless one is named.

    The record holds no addresses; --names looks them up in the list.
    """
    from briefing.issue import store
    from briefing.keys import Key
    from briefing.sending import delivery
    from briefing.sending.ledger import State

    newsletter = Newsletter.find(directory)
    if not (newsletter.state / delivery.REHEARSAL).exists():
        raise NotFoundError("nothing was sent yet; 'briefing send' does it")
    with delivery.ledger_of(newsletter, Key.of(newsletter)) as ledger:
        frozen = ledger.issues()
        name = store.find(newsletter, issue).name if issue else next(iter(frozen), None)
        if name is None or name not in frozen:
            what = f"issue {name} was" if name else "nothing was"
            raise NotFoundError(
                f"{what} not sent yet; 'briefing send' does it".replace("nothing was not", "nothing was")
            )
        counts = ledger.counts(name)
        readers = _by_state(ledger, name, list_ or newsletter.subscribers) if names else {}
    if names and not readers:
        shared.warn(f"nobody who got it is on {shown(list_ or newsletter.subscribers)}; name the list with --list")
    if as_json:
        result = {"issue": name, "rehearsal": True, "counts": counts, **({"readers": readers} if names else {})}
        shared.print_json(result)
        return
    shared.say(f"Issue {name}, a rehearsal: nothing has left this computer.")
    for state, count in counts.items():
        if count:
            shared.say(f"{count:>9,}  {WORDS[state]}")
            for address in readers.get(state, ()):
                shared.say(f"           {address}")
    left = counts[State.QUEUED] + counts[State.SENDING]
    if left:
        shared.say(f"Next: the 'briefing send' that was stopped, given again, writes the {left:,} that are left.")
    else:
        shared.say(f"They lie in {shown(newsletter.state / 'outbox' / name / 'new')}.")


def _by_state(ledger: "Ledger", issue: str, path: Path) -> "dict[State, list[str]]":
    from briefing.subscribers import csv_file

    states = ledger.states(issue)
    found: dict[State, list[str]] = {}
    for reader in csv_file.read_all(path).subscribers:
        state = states.get(ledger.recipient(reader.identity))
        if state:
            found.setdefault(state, []).append(reader.address)
    return found
