"""briefing subscribers: the list, and readers who leave, join or change their address."""

import click

from briefing.cli import decorators

from .add import add
from .count import count
from .explain import explain
from .export import export
from .find import find
from .invite import invite
from .keys import command as keys
from .move import move
from .remove import remove
from .restore import restore
from .serve import serve
from .set import set_
from .sync import sync
from .undo import undo

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
        return f"there is no such command; did you mean '{path} remove'? '{path} --help' lists all commands"


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
