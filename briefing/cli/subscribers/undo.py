"""briefing subscribers undo: undo the last change that a command made to the list."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing import clock
from briefing.cli import decorators, output, prompts
from briefing.newsletter import Newsletter

if TYPE_CHECKING:
    from briefing.subscribers.comparing import Difference
    from briefing.subscribers.previous_list import ListChange

EXAMPLES = """\
briefing subscribers undo
briefing subscribers undo --dry-run
"""


@decorators.command("undo", examples=EXAMPLES)
@click.option(
    "--dry-run", is_flag=True, help="Show what would change; change nothing."
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@decorators.json_option
@decorators.pass_newsletter
def undo(
    newsletter: Newsletter, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Undo the last change that a command made to the list.

    It shows what would change, and you are asked. The commands that change the
    list are add, move, set, sync, and undo itself: run it again to redo the
    change. If you have edited the list since, it isn't touched. The version
    before the last change is kept in .briefing/ for a week.

    If you undo a sync in which readers joined or changed their data, the next
    sync makes those changes again. After it, the undo can't be undone.

    Who has unsubscribed isn't recorded on the list: to undo a removal, use
    'subscribers restore'.
    """
    from briefing.errors import RefusedError
    from briefing.keys import Key
    from briefing.sending import list_update
    from briefing.subscribers import comparing
    from briefing.subscribers.previous_list import PreviousList
    from briefing.syncing.undo import undo_change

    last = PreviousList.of(newsletter).read()
    if last is None:
        raise RefusedError(list_update.NOTHING_TO_UNDO)
    now = clock.local_now()
    path = Path(last.path)
    with list_update.editing(
        newsletter, Key.of(newsletter), now, path
    ) as editing:
        change, before = editing.require_undoable()
        difference = comparing.compare(editing.subscribers, before)
        if not as_json:
            _show(change, difference)
        if not dry_run:
            if not yes:
                prompts.confirm("Restore that version?", option="--yes")
            undo_change(editing)
    if as_json:
        output.print_json(
            {
                "what": change.what,
                "at": change.at,
                "list": change.path,
                "rows_removed": difference.removed,
                "rows_added": difference.added,
                "rows_changed": difference.changed,
                "undone": not dry_run,
            }
        )
    elif not dry_run:
        output.echo(f"{editing.subscribers.name} is as it was before.")


def _show(change: "ListChange", difference: "Difference") -> None:
    from briefing.subscribers import comparing

    output.echo(
        f"The last change, on {change.time:%d %b at %H:%M}: {change.what}."
    )
    for sentence in comparing.describe(difference):
        output.say(sentence)
    if change.server and change.server.requests:
        output.echo(
            "Readers asked for this on your server: the next sync will do it again."
        )
