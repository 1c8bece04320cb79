"""briefing subscribers undo: undo the last change that a command made."""

import click

from briefing.cli import decorators, output, prompts
from briefing.newsletter import Newsletter

EXAMPLES = """\
briefing subscribers undo
briefing subscribers undo --yes
"""


@decorators.command("undo", examples=EXAMPLES)
@click.option("--yes", is_flag=True, help="Don't ask.")
@decorators.pass_newsletter
def undo(newsletter: Newsletter, yes: bool) -> None:
    """Undo the last 'add', 'remove', 'restore' or 'move'.

    The list, the record of readers who left or moved, and what is known about
    emails to them are exactly as before. This is refused once emails were sent, a
    sync has run, or the list was edited. Copies of the files as they were before
    a change are kept in .briefing/ for a week.
    """
    from briefing.keys import Key
    from briefing.sending import list_update

    key = Key.of(newsletter)
    change = list_update.require_last(newsletter, key)
    output.echo(
        f"The last change, on {change.time:%d %b at %H:%M}: {change.what}."
    )
    if not yes:
        prompts.confirm("Undo it?", option="--yes")
    list_update.undo(newsletter, key, change)
    output.echo("Everything is as it was before.")
