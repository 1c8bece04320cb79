"""Print lines, warnings, errors, JSON and progress bars, without letting them control the terminal.

Messages after a label ("briefing:", "error:", "note:", a finding's rule) say what is wrong, then
after a semicolon what to do, in lower case and without a full stop. All other output is sentences
with a capital and a full stop; both quote commands, as in 'briefing check', and settings, as in
'via' under [send].
"""

import errno
import json
import os
import re
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from briefing.network.parallel import ShowSteps, no_progress
from briefing.text.controls import CONTROLS, printable

from .typed_addresses import hide

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_COMMAND = re.compile(r"'briefing [^']*'")
_KEPT = "\N{WORD JOINER}"
"""Stands for a space at which a line must not break."""

_bars: "list[Bar]" = []
"""The progress bars on the terminal."""

_AS_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in CONTROLS if code > 0x20}


def echo(message: str = "", **style: Any) -> None:
    """Print lines to standard output; `style` is click's, such as fg="green" or bold=True."""
    lines = [printable(line) for line in message.split("\n")]
    with _ignoring_closed_terminal():
        click.secho("\n".join(lines), **style)


def say(
    sentences: str, indent: str = "", *, rest: str | None = None, **style: Any
) -> None:
    """Print sentences to standard output, wrapped and indented as by `wrap`; `style` as for `echo`."""
    echo(wrap(sentences, indent, rest=rest), **style)


def copy(text: str) -> None:
    """Print a text to be copied from standard output: its isolates, which keep right-to-left lines in
    order, belong to it.
    """
    from briefing.text.isolation import ISOLATE, POP

    pieces = re.split(f"([\n{ISOLATE}{POP}])", text)
    for place in range(0, len(pieces), 2):
        pieces[place] = printable(pieces[place])
    with _ignoring_closed_terminal():
        click.echo("".join(pieces))


def warn(message: str) -> None:
    """Print one line to standard error; the command continues."""
    _print_labelled("note", "yellow", message)


def error(message: str) -> None:
    """Print one of several errors; the last goes to `fail`."""
    _print_labelled("error", "red", message)


def fail(message: str, exit_code: int = 1) -> NoReturn:
    """Print one line to standard error and exit."""
    _print_labelled("briefing", "red", message)
    sys.exit(exit_code)


def _print_labelled(label: str, colour: str, message: str) -> None:
    text = printable(hide(message))
    if sys.stderr is not None and sys.stderr.isatty():
        beside_label = " " * len(f"{label}: ")
        text = wrap(text, beside_label, rest="  ").lstrip()
    with _ignoring_closed_terminal():
        click.secho(f"{label}: ", fg=colour, nl=False, err=True)
        click.echo(text, err=True)


def print_json(value: object, *, on_one_line: bool = False) -> None:
    """Print a result for scripts, with JSON escapes for characters that could steer a terminal."""
    indent = None if on_one_line else 1
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    click.echo(text.translate(_AS_JSON_ESCAPES))


@contextmanager
def _ignoring_closed_terminal() -> Iterator[None]:
    """Drop output to a terminal that was closed, so that the work itself can continue."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        devnull = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            # Otherwise flushing their buffers would fail again at exit.
            os.dup2(devnull, stream)


def wrap(text: str, indent: str, *, rest: str | None = None) -> str:
    """Wrap text to 80 columns, every line indented; all but the first by `rest`, if given.

    A quoted command stays on one line, so that it can be copied.
    """
    whole = _COMMAND.sub(lambda command: command[0].replace(" ", _KEPT), text)
    filled = textwrap.fill(
        printable(whole),
        79,
        initial_indent=indent,
        subsequent_indent=indent if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(_KEPT, " ")


@contextmanager
def progress(label: str) -> Iterator[ShowSteps]:
    """Yield a function that shows progress, given the numbers of finished and of all steps: a bar
    in a terminal, otherwise nothing.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns = (label, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        _bars.append(bar)

        def update(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            if done >= total:
                bar.stop()  # a question may follow

        try:
            yield update
        finally:
            _bars.remove(bar)


@contextmanager
def without_progress() -> Iterator[None]:
    """Take progress bars off the terminal for as long as a question is asked: they would be drawn
    over it.
    """
    shown = list(_bars)
    for bar in shown:
        bar.stop()
    try:
        yield
    finally:
        for bar in shown:
            bar.start()
