"""Decorators that turn a function into a command whose errors end in one line, and add shared arguments and
options.
"""

import datetime as dt
import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from briefing.bugs import describe_bug
from briefing.errors import BriefingError
from briefing.storage.files import reason
from briefing.text.days import parse_day

from .output import fail
from .prompts import is_interactive
from .signals import INTERRUPTED
from .usage_errors import gone_command, too_many


def command(
    name: str,
    *,
    examples: str,
) -> Callable[[Callable[..., None]], click.Command]:
    """Turn a function into a command whose errors are printed as one line, never as a traceback.

    `examples` appear below the help text, one per line.
    """
    make = click.command(name, cls=Command, epilog=epilog(examples))
    return lambda function: make(report_errors(function))


def report_errors(function: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command so that its errors end the program with one line and an exit code."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except BriefingError as error:
            fail(str(error), error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            if is_interactive():
                click.echo()  # ends the line of a question
            fail("stopped", INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # The program that read our output has closed it, as `| head` does.
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, sys.stdout.fileno())
            sys.exit(1)
        except OSError as error:
            fail(f"{error.filename or 'this computer'}: {reason(error)}")
        except Exception as error:
            if os.environ.get("BRIEFING_DEBUG"):
                raise
            fail(f"{describe_bug(error)}; set BRIEFING_DEBUG=1 for details")

    return guarded


def as_day(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> dt.date | None:
    """Parse an option that is a date: a callback of `click.option`."""
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


class Command(click.Command):
    """A command that words the error about words it has no use for itself."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            left = super().parse_args(ctx, args)
        except click.BadOptionUsage as error:
            error.ctx = ctx  # click leaves it out
            raise
        if left and not ctx.resilient_parsing:
            raise too_many(ctx, left)
        return left


class Group(click.Group):
    """A group of commands that words the error for an unknown one itself."""

    def unknown_command(self, ctx: click.Context, name: str) -> str:
        return f"there is no command '{name}'; '{ctx.command_path} --help' lists all commands"

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in self.list_commands(ctx):
            ctx.fail(gone_command(ctx, name) or self.unknown_command(ctx, name))
        return super().resolve_command(ctx, args)


def pass_newsletter(function: Callable[..., None]) -> Callable[..., None]:
    """Pass a command the newsletter that it was run for: the one in this folder, or the one that -C names."""

    @functools.wraps(function)
    def with_newsletter(directory: Path, *args: Any, **options: Any) -> None:
        from briefing.newsletter import Newsletter

        function(Newsletter.find(directory), *args, **options)

    return click.pass_obj(with_newsletter)


def epilog(examples: str) -> str:
    """Return the end of a help text, with examples, one per line."""
    lines = [f"  {line}" for line in examples.strip().split("\n")]
    return "\n".join(["\b", "Examples:", *lines])


def _complete_issue(
    ctx: click.Context, _param: click.Parameter, incomplete: str
) -> list[str]:
    from briefing.issue import store
    from briefing.newsletter import Newsletter

    directory = ctx.find_root().params.get("directory") or Path()
    try:
        ids = store.ids(Newsletter.find(directory))
    except BriefingError:
        return []
    return [name for name in ids if name.startswith(incomplete)]


json_option = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print the result as JSON, for scripts.",
)

list_option = click.option(
    "--list",
    "list_",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The subscriber list (default: subscribers.csv).",
)

issue_argument = click.argument(
    "issue",
    required=False,
    metavar="[ISSUE]",
    shell_complete=_complete_issue,
)
"""ISSUE: an id, a path, or nothing."""
