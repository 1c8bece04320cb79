"""The command line. Each command is a file of its own, imported only when it is needed, so start-up
stays quick.

To add one, write `briefing/cli/NAME.py` with an object named `command` (see decorators.py), and put
its name in COMMANDS.
"""

import atexit
import datetime as dt
import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from briefing import clock

from . import decorators, output, usage_errors

COMMANDS = {
    "Start": ["init", "setup"],
    "Collect": ["collect"],
    "Compose": ["compose"],
    "Preview": ["preview", "render"],
    "Check": ["check"],
    "Send": ["send", "status"],
    "Readers": ["subscribers"],
    "Help": ["docs"],
}
"""The commands in the order of an editor's week."""


class CommandGroup(decorators.Group):
    """A group whose help follows the week, and whose commands are modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it
        names: list[str] = []
        for step in COMMANDS.values():
            names += step
        return names

    def get_command(
        self, ctx: click.Context, cmd_name: str
    ) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(
            f"briefing.cli.{cmd_name}"
        ).command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        output.remember_addresses(ctx, args)
        with usage_errors.reported_as_one_line():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with usage_errors.reported_as_one_line():
            return super().invoke(ctx)

    def unknown_command(self, ctx: click.Context, name: str) -> str:
        """Word the error, but without an address: someone forgot the command before it, and output
        may be logged.
        """
        if "@" in name:
            return (
                "the command is missing; 'briefing --help' lists all commands"
            )
        intended = load_intended_commands().get(name) or self._similar_command(
            ctx, name
        )
        hint = (
            f"did you mean 'briefing {intended}'?"
            if intended
            else "'briefing --help' lists all commands"
        )
        return f"there is no command '{name}'; {hint}"

    def _similar_command(self, ctx: click.Context, name: str) -> str:
        import difflib  # only needed after a typing error

        known = self.list_commands(ctx)
        similar = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        return similar[0] if similar else ""

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        for step, names in COMMANDS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command:
                    rows.append((name, command.get_short_help_str(90)))
            with formatter.section(step):
                formatter.write_dl(rows)


def load_intended_commands() -> dict[str, str]:
    """Return the commands that people mean, by names that no command has."""
    from briefing.data_files import load_table

    return load_table(Path(__file__).with_name("intended_commands.toml"))


def _version(
    ctx: click.Context, _param: click.Parameter, requested: bool
) -> None:
    if requested and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"briefing {version('briefing')}")
        ctx.exit()


@click.group(
    cls=CommandGroup,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": 80,
    },
    epilog="Run 'briefing COMMAND --help' for a command's options and examples.",
)
@click.option(
    "-C",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The newsletter's folder (default: this folder, or the nearest one above it).",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version.",
)
@click.pass_context
def cli(ctx: click.Context, directory: Path) -> None:
    """Compose a newsletter, preview it, and email it to subscribers.

    A newsletter is a folder. 'briefing init DIR' creates one that is ready to use.
    """
    ctx.obj = directory
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    _hide_secrets(ctx)
    _delete_old_files(directory, clock.local_now())


def _hide_secrets(ctx: click.Context) -> None:
    """No browser, git or child process needs the passwords and keys in our environment."""
    from briefing.sending.secrets import credentials, editor_secrets
    from briefing.sending.transports import registry

    secrets = [*registry.SECRETS, *editor_secrets.SECRETS]
    ctx.with_resource(credentials.hidden_from_programs(secrets))


def _delete_old_files(directory: Path, now: dt.datetime) -> None:
    """Whatever the command is, don't keep readers' names and addresses for longer than needed."""
    from briefing.errors import BriefingError, NotFoundError
    from briefing.newsletter import Newsletter

    try:
        newsletter = Newsletter.find(directory)
    except NotFoundError:  # as with 'init'
        return
    from briefing.sending import rehearsals
    from briefing.subscribers import last_change

    last_change.forget_old(newsletter, now)
    try:
        issues = rehearsals.clear_old(newsletter, now)
    except BriefingError as error:
        output.warn(str(error))
        return
    if issues:
        output.warn(
            f"deleted rehearsals that were more than a week old: {', '.join(issues)}"
        )


def main(arguments: list[str] | None = None) -> Any:
    """Run the program `briefing`; it ends the process with one of the exit codes in
    docs/commands.md.
    """
    _collect_garbage_rarely()
    if sys.platform == "win32":
        sys.exit(
            "briefing runs on Linux and macOS. On Windows, use it in WSL: learn.microsoft.com/windows/wsl"
        )
    return cli.main(arguments, prog_name="briefing")


def _collect_garbage_rarely() -> None:
    """By default, Python looks for reference cycles after every 700 new objects, and among all objects
    when the process ends: a check takes a fifth longer, and a send to many readers a twentieth.
    """
    gc.set_threshold(500_000)
    atexit.register(gc.freeze)
