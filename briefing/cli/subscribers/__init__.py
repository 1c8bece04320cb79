"""briefing subscribers: how many readers there are, and those who leave, join or change their address."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefing.cli import decorators, output, words
from briefing.text.counts import counted

from .adding import add
from .explain import explain
from .keys import keys
from .leaving import remove, restore
from .lookup import export, find
from .moving import move
from .serve import serve
from .sync import sync
from .undo import undo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from briefing.subscribers.counting import Counts

EXAMPLES = """\
briefing subscribers
briefing subscribers sync
briefing subscribers add --file - --lang de
briefing subscribers find --file -
briefing subscribers remove --file -
"""


class PrivateGroup(decorators.Group):
    """A group that doesn't repeat an unknown command: it may be an address, with `remove`
    forgotten.
    """

    def unknown_command(self, ctx: click.Context, _name: str) -> str:
        path = ctx.command_path
        return f"there is no such command; did you mean '{path} remove'? '{path} --help' lists all commands"


@click.group(
    "subscribers",
    cls=PrivateGroup,
    commands=[
        add,
        remove,
        restore,
        move,
        undo,
        find,
        export,
        sync,
        serve,
        keys,
        explain,
    ],
    invoke_without_command=True,
    epilog=decorators.epilog(EXAMPLES),
)
@decorators.json_option
@click.pass_context
@decorators.report_errors
def command(context: click.Context, as_json: bool) -> None:
    """Manage who gets the newsletter: readers who join, leave or change their
    address. Without a command, this counts the readers who get emails, by
    language and tag.
    """
    if context.invoked_subcommand is None:
        _count(context.obj, as_json=as_json)
    elif as_json:
        raise click.UsageError("write --json after the command")


def _count(directory: Path, *, as_json: bool) -> None:
    from dataclasses import asdict

    from briefing.keys import Key
    from briefing.newsletter import Newsletter
    from briefing.subscribers import counting
    from briefing.subscribers.subscriber_list import open_list
    from briefing.subscribers.suppression import Suppression

    newsletter = Newsletter.find(directory)
    subscribers = open_list(newsletter.subscribers)
    suppression = Suppression.of(newsletter)
    counts = counting.count(subscribers, Key.of(newsletter), suppression)
    if as_json:
        output.print_json(asdict(counts))
    else:
        _show(counts, subscribers.name, newsletter.first_language)


def _show(counts: "Counts", list_name: str, first_language: str) -> None:
    output.echo(f"{list_name}: {words.readers(counts.readers)}")
    if counts.suppressed:
        output.echo(f"and {counts.suppressed:,} more who unsubscribed")
    languages = dict(counts.languages)
    if "" in languages:
        languages[f"none, so they get '{first_language}'"] = languages.pop("")
    _show_table("Languages", languages)
    _show_table("Tags", counts.tags)
    if counts.duplicates:
        rows = counted(counts.duplicates, "row")
        are = "is a duplicate" if counts.duplicates == 1 else "are duplicates"
        output.echo(f"\n{rows} {are}; each reader gets only one email.")
    if counts.bad_rows:
        rows = counted(counts.bad_rows, "row")
        output.echo(
            f"\n{rows} can't be used; 'briefing send' says which and why."
        )


def _show_table(title: str, counts: "Mapping[str, int]") -> None:
    if not counts:
        return
    output.echo(f"\n{title}")
    for name, number in counts.items():
        output.echo(f"  {output.fit(name, 40)}  {number:>9,}")
