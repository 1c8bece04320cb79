"""Print lines, lists, tables, warnings, errors, JSON and progress bars. Nothing that is printed can steer the
terminal, and no message repeats an address that was typed on the command line.

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
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NoReturn

import click

from briefing.network.parallel import ShowSteps, no_progress
from briefing.rendering import plain_text
from briefing.text.controls import CONTROLS, printable
from briefing.text.isolation import ISOLATE, POP
from briefing.text.width import beginning, width

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

COLUMNS = 79
"""The width of what is printed: some terminals of 80 columns break a line that fills them all."""

_COMMAND = re.compile(r"'briefing [^']*'")
_KEPT = "\N{NO-BREAK SPACE}"
"""Stands for a space at which a line must not break."""
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
_AS_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in CONTROLS if code > 0x20}

_ADDRESS_PART = r"""[^\s<>"'=,;:/()]"""
# From the start of a word, so that a long one without an @ is looked through only once.
_ADDRESS = re.compile(f"(?<!{_ADDRESS_PART}){_ADDRESS_PART}+@{_ADDRESS_PART}+")
_TYPED_ADDRESSES = "briefing.typed_addresses"
SHOWN_OPTION = "--test-to"
"""Its addresses are the editor's own, and which of them failed must be seen."""

_bars: "list[Bar]" = []
"""The progress bars on the terminal."""


# --- Lines


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


def wrap(text: str, indent: str, *, rest: str | None = None) -> str:
    """Wrap text to COLUMNS, every line indented; all but the first by `rest`, if given.

    A quoted command stays on one line, so that it can be copied.
    """
    whole = _COMMAND.sub(lambda command: command[0].replace(" ", _KEPT), text)
    filled = plain_text.wrap(
        printable(whole),
        first=indent,
        rest=indent if rest is None else rest,
        columns=COLUMNS,
    )
    return filled.replace(_KEPT, " ")


def copy(text: str) -> None:
    """Print a text to be copied from standard output: its isolates, which keep right-to-left lines in
    order, belong to it.
    """
    pieces = re.split(f"([\n{ISOLATE}{POP}])", text)
    for place in range(0, len(pieces), 2):
        pieces[place] = printable(pieces[place])
    with _ignoring_closed_terminal():
        click.echo("".join(pieces))


# --- Lists and tables


def show_list(
    rows: Iterable[tuple[str | int, str]], indent: str = "", **style: Any
) -> None:
    """Print texts below each other, wrapped, each beside its label; `style` as for `echo`."""
    rows = list(rows)
    columns = max((width(_cell(label)) for label, _ in rows), default=0)
    for label, text in rows:
        beside = f"{indent}{fit(label, columns)}  "
        echo(wrap(text, beside, rest=" " * width(beside)), **style)


def table(
    rows: Sequence[Sequence[str | int]], elastic: int, indent: str = ""
) -> list[str]:
    """Return rows as lines of at most COLUMNS. Each column is as wide as its widest cell, but what the
    others leave is all that the `elastic` one gets.
    """
    columns = [
        max(width(_cell(cell)) for cell in column)
        for column in zip(*rows, strict=True)
    ]
    gaps = 2 * len(columns) - 2 + len(indent)
    excess = sum(columns) + gaps - COLUMNS
    columns[elastic] -= max(excess, 0)
    lines = ["  ".join(map(fit, row, columns)) for row in rows]
    return [f"{indent}{line.rstrip()}" for line in lines]


def _cell(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def fit(cell: str | int, columns: int) -> str:
    """Return a cell of exactly this width: filled with spaces, or cut, which an ellipsis shows.

    Numbers are at its end. A text that is read from right to left stands between marks, because a
    terminal that knows about directions would otherwise let it change places with the next column.
    """
    fitted = cut(_cell(cell), columns)
    spaces = " " * (columns - width(fitted))
    if not isinstance(cell, str):
        return spaces + fitted
    if any(map(_is_right_to_left, fitted)):
        fitted = f"{_LEFT_TO_RIGHT}{fitted}{_LEFT_TO_RIGHT}"
    return fitted + spaces


def cut(text: str, columns: int) -> str:
    """Return a text of at most this width; between words, if that loses little."""
    if width(text) <= columns:
        return text
    fitting = beginning(text, columns - 1)
    words = text[: len(fitting) + 1].rpartition(" ")[0]
    kept = words if width(words) > columns * 2 // 3 else fitting
    return f"{kept.rstrip()}…"


def _is_right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"R", "AL"}


# --- Messages


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
    text = printable(hide_addresses(message))
    if sys.stderr is not None and sys.stderr.isatty():
        beside_label = " " * len(f"{label}: ")
        text = wrap(text, beside_label, rest="  ").lstrip()
    with _ignoring_closed_terminal():
        click.secho(f"{label}: ", fg=colour, nl=False, err=True)
        click.echo(text, err=True)


def remember_addresses(
    context: click.Context, arguments: Sequence[str]
) -> None:
    """Note the addresses among the arguments of the program, perhaps typed in the wrong place: messages may
    be logged.
    """
    found: list[str] = []
    for previous, argument in pairwise(["", *arguments]):
        is_shown = previous == SHOWN_OPTION or argument.startswith(
            f"{SHOWN_OPTION}="
        )
        if not is_shown:
            found += _ADDRESS.findall(argument)
    context.find_root().meta[_TYPED_ADDRESSES] = found


def hide_addresses(message: str) -> str:
    """Return a message with an ellipsis in place of each address that was typed."""
    context = click.get_current_context(silent=True)
    found = (
        context.find_root().meta.get(_TYPED_ADDRESSES, ()) if context else ()
    )
    for address in found:
        message = re.sub(re.escape(address), "…", message, flags=re.IGNORECASE)
    return message


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


# --- Progress


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
