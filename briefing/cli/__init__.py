"""The command line. One file a command; each is imported when it is wanted, so that the others cost nothing."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

COMMANDS = {
    "Begin": ["init"],
    "Collect": ["collect"],
    "Compose": ["compose"],
    "Look": ["preview", "render"],
    "Check": ["check"],
    "Send": ["send", "status", "recall"],
    "Readers": ["subscribers"],
}
"""The commands in the order of a week."""


class Week(click.Group):
    """A group whose help follows the week, and whose commands are files of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"briefing.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.list_commands(ctx):
            import difflib  # only for a mistake

            near = difflib.get_close_matches(name, self.list_commands(ctx), n=1, cutoff=0.5)
            meant = f"did you mean '{near[0]}'?" if near else "'briefing --help' shows all"
            shown = f" '{name}'" if "@" not in name else ""  # an address, with its command forgotten
            ctx.fail(f"there is no command{shown}; {meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for step, names in COMMANDS.items():
            with formatter.section(step):
                commands = [self.get_command(ctx, name) for name in names]
                formatter.write_dl([(one.name or "", one.get_short_help_str(90)) for one in commands if one])


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"briefing {version('briefing')}")
        ctx.exit()


@click.group(
    cls=Week,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog="'briefing COMMAND --help' shows a command with examples.",
)
@click.option(
    "-C",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The newsletter's folder; otherwise the one you are in, or one above it.",
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
@click.pass_context
def cli(ctx: click.Context, directory: Path) -> None:
    """Compose a weekly brief, look at it, and mail it to its subscribers.

    A newsletter is a folder. 'briefing init DIR' makes one that works at once.
    """
    ctx.obj = directory
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(arguments: list[str] | None = None) -> Any:
    """The program `briefing`. Ends the process with the exit code of docs/commands.md."""
    if sys.platform == "win32":
        sys.exit("briefing runs on Linux and macOS. On Windows, use it in WSL: learn.microsoft.com/windows/wsl")
    return cli.main(arguments, prog_name="briefing")
