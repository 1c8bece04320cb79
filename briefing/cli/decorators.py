"""Decorators that turn a function into a command, and add shared arguments and options."""

from collections.abc import Callable
from pathlib import Path

import click

from briefing.errors import BriefingError

from .error_boundary import report_errors


def command(
    name: str,
    *,
    examples: str,
) -> Callable[[Callable[..., None]], click.Command]:
    """Turn a function into a command whose errors are printed as one line, never as a traceback.

    `examples` appear below the help text, one per line.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        return click.command(name, epilog=epilog(examples))(
            report_errors(function)
        )

    return decorate


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
    help="The list of subscribers (default: subscribers.csv).",
)

issue_argument = click.argument(
    "issue",
    required=False,
    metavar="[ISSUE]",
    shell_complete=_complete_issue,
)
"""ISSUE: an id, a path, or nothing."""
