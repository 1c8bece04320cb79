"""Generate docs/commands.md from the commands: `python -m docs.commands`, or `make docs`. A test
checks that it is up to date.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from briefing.cli import COMMANDS, cli

FILE = Path(__file__).with_name("commands.md")

INTRODUCTION = """\
# The commands

<!-- Written by `make docs` from the commands themselves. -->

This is what `briefing COMMAND --help` shows, in the order of an editor's week. ISSUE is an issue's id (`2020-10-09`),
or a path to its folder or file. Without it, the newest issue is meant.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | refused or failed; one line on standard error says why and what to do |
| 2 | the command line itself is wrong |
| 75 | another briefing command is sending from this folder, or changing the list |
| 130 | interrupted (Ctrl-C) |

Colour is used only in a terminal, and never if `NO_COLOR` is set. Without a terminal, a command that would need to
ask fails and names the option to use instead. To have commands, options and ids completed by bash (for zsh, write
`zsh_source`), add this line to `~/.bashrc`:

```sh
eval "$(_BRIEFING_COMPLETE=bash_source briefing)"
```

For fish, it is `_BRIEFING_COMPLETE=fish_source briefing | source`.
"""


def document() -> str:
    """Return the page."""
    root = click.Context(
        cli, info_name="briefing", **cli.context_settings, terminal_width=80
    )
    parts = [INTRODUCTION, _help(root)]
    for step, names in COMMANDS.items():
        parts.append(f"\n## {step}\n")
        for name in names:
            command = cli.get_command(root, name)
            assert command
            parts.extend(
                _sections(click.Context(command, info_name=name, parent=root))
            )
    return "".join(parts)


def _sections(context: click.Context) -> Iterator[str]:
    """Yield the section of a command, and those of its subcommands."""
    yield f"\n### {context.command_path}\n{_help(context)}"
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            yield from _sections(
                click.Context(command, info_name=name, parent=context)
            )


def _help(context: click.Context) -> str:
    return f"\n```text\n{context.get_help()}\n```\n"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")
