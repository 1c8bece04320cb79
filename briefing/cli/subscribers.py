"""briefing subscribers: the list, and readers who leave, join or change their address."""

import click

from . import decorators
from .subscribers_add import add
from .subscribers_count import count
from .subscribers_explain import explain
from .subscribers_export import export
from .subscribers_find import find
from .subscribers_invite import invite
from .subscribers_keys import command as keys
from .subscribers_move import move
from .subscribers_remove import remove
from .subscribers_restore import restore
from .subscribers_serve import serve
from .subscribers_set import set_
from .subscribers_sync import sync
from .subscribers_undo import undo

EXAMPLES = """\
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
        return f"There is no such command; did you mean '{path} remove'? '{path} --help' lists all commands."


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
    help="Manage who gets the newsletter: readers who join, leave or change their address.",
    epilog=decorators.epilog(EXAMPLES),
)
