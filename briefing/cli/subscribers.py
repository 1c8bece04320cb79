"""briefing subscribers: the list, and readers who leave, join or move."""

import click

from briefing.cli import decorators
from briefing.cli.subscribers_add import add
from briefing.cli.subscribers_count import count
from briefing.cli.subscribers_explain import explain
from briefing.cli.subscribers_export import export
from briefing.cli.subscribers_find import find
from briefing.cli.subscribers_invite import invite
from briefing.cli.subscribers_keys import command as keys
from briefing.cli.subscribers_move import move
from briefing.cli.subscribers_remove import remove
from briefing.cli.subscribers_restore import restore
from briefing.cli.subscribers_serve import serve
from briefing.cli.subscribers_set import set_
from briefing.cli.subscribers_sync import sync
from briefing.cli.subscribers_undo import undo

EXAMPLES = """\
briefing subscribers sync
briefing subscribers add --file - --lang de
briefing subscribers find --file -
briefing subscribers remove --file -
"""


class PrivateGroup(click.Group):
    """A group that doesn't repeat an unknown command: it may be an address, with `remove`
    forgotten.
    """

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        names = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in names:
            path = ctx.command_path
            ctx.fail(
                f"There is no such command; did you mean '{path} remove'? '{path} --help' lists all commands."
            )
        return super().resolve_command(ctx, args)


command = PrivateGroup(
    "subscribers",
    commands=[
        add,
        remove,
        restore,
        move,
        set_,
        undo,
        find,
        count,
        export,
        sync,
        invite,
        serve,
        keys,
        explain,
    ],
    help="Who gets the newsletter: readers who join, leave or move.",
    epilog=decorators.epilog(EXAMPLES),
)
