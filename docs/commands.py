"""Write docs/commands.md from the commands themselves: `python -m docs.commands`, or `make docs`. A
test compares.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from briefing.cli import COMMANDS, cli

FILE = Path(__file__).with_name("commands.md")

INTRODUCTION = """\
# The commands

<!-- Written by `make docs` from the commands themselves. -->

This is what `briefing COMMAND --help` shows. ISSUE is an issue's id (`2020-10-09`), a path to its folder or file, or
nothing: then it is the newest.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused or failed; one line on standard error says why and what to do |
| 2 | the command line itself is wrong |
| 75 | somebody else is sending from this folder |
| 130 | stopped by the person |

Colour is used only in a terminal, and never where `NO_COLOR` is set. Without a terminal nothing is asked: what would
need an answer is refused, and the line names the option that gives it. Your shell completes commands, options and ids
after `eval "$(_BRIEFING_COMPLETE=bash_source briefing)"` (or `zsh_source`; for fish,
`_BRIEFING_COMPLETE=fish_source briefing | source`).
"""


def document() -> str:
    """The whole page."""
    root = click.Context(
        cli, info_name="briefing", **cli.context_settings, terminal_width=80
    )
    parts = [INTRODUCTION, _help(root)]
    for step, names in COMMANDS.items():
        parts.append(f"\n## {step}\n")
        for name in names:
            command = cli.get_command(root, name)
            assert command
            parts.extend(_sections(click.Context(command, info_name=name, parent=root)))
    return "".join(parts)


def _sections(context: click.Context) -> Iterator[str]:
    """A command, and those below it if it is a group."""
    yield f"\n### {context.command_path}\n{_help(context)}"
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            yield from _sections(click.Context(command, info_name=name, parent=context))


def _help(context: click.Context) -> str:
    return f"\n```text\n{context.get_help()}\n```\n"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
