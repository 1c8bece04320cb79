"""What all commands share: their options, the way they speak, and the one place where errors end."""

import datetime as dt
import errno
import functools
import json
import os
import re
import signal
import sys
import textwrap
import threading
import traceback
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from briefing.errors import BriefingError, RefusedError

INTERRUPTED = 130  # 128 + SIGINT, as shells report it

Function = TypeVar("Function", bound=Callable[..., Any])


def command(name: str, *, examples: str) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function. An error of ours becomes one line and its exit code, never a traceback.

    `examples` are shown below the help, a line each.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        @functools.wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> None:
            try:
                function(*args, **kwargs)
            except BriefingError as error:
                fail(str(error), error.exit_code)
            except (KeyboardInterrupt, click.Abort):
                fail("stopped", INTERRUPTED)
            except (click.ClickException, click.exceptions.Exit):
                raise
            except BrokenPipeError:  # the reader of our output has gone, as `| head` does
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(1)
            except OSError as error:
                fail(f"{error.filename or 'this computer'}: {error.strerror or error}", 1)
            except Exception as error:
                if os.environ.get("BRIEFING_DEBUG"):
                    raise
                place = traceback.extract_tb(error.__traceback__)[-1]
                where = f"{type(error).__name__}, {Path(place.filename).name} line {place.lineno}"
                fail(f"a mistake of briefing itself ({where}); please report it. BRIEFING_DEBUG=1 shows more", 1)

        lines = "".join(f"\n  {line}" for line in examples.strip().split("\n"))
        return click.command(name, epilog=f"\b\nExamples:{lines}")(guarded)

    return decorate


def fail(message: str, exit_code: int) -> NoReturn:
    """One line on standard error, and the end."""
    _complain("briefing", "red", message)
    sys.exit(exit_code)


def warn(message: str) -> None:
    """One line on standard error; the command goes on."""
    _complain("note", "yellow", message)


def error(message: str) -> None:
    """One line of several on standard error, before the one that ends the command."""
    _complain("error", "red", message)


def _complain(label: str, colour: str, message: str) -> None:
    with _unless_closed():
        click.secho(f"{label}: ", fg=colour, nl=False, err=True)
        click.echo(printable(message), err=True)


def print_json(value: object) -> None:
    """The result for scripts; what could steer a terminal is written as JSON's own escape."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    click.echo(re.sub("[\x7f-\x9f\u202a-\u202e]", lambda one: f"\\u{ord(one[0]):04x}", text))


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C, a closed terminal and a request to end set `stop`, so that what is under way comes to its end.

    Given a second time, they end at once.
    """

    def heed(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {name: signal.signal(name, heed) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def say(message: str = "", **style: Any) -> None:
    """One line on standard output."""
    with _unless_closed():
        click.secho("\n".join(map(printable, message.split("\n"))), **style)


@contextmanager
def _unless_closed() -> Iterator[None]:
    """What is said to a terminal that was closed is lost, and nothing else."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):  # or what is still in their buffers would fail again at the end
            os.dup2(nowhere, stream)


def printable(text: str) -> str:
    """Text that can't steer a terminal: control characters and overrides of direction in it become spaces."""
    return "".join(" " if unicodedata.category(one) == "Cc" or one in "\u202d\u202e" else one for one in text)


def wrapped(text: str, indent: str) -> str:
    """Text in lines of at most 80 columns, all indented."""
    return textwrap.fill(
        printable(text),
        79,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def cut(text: str, columns: int) -> str:
    """Text on one line of at most so many characters."""
    return text if len(text) <= columns else f"{text[: columns - 1]}…"


def terminal() -> bool:
    """Whether a person can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A function that is told how many are done of how many: a bar in a terminal, quiet elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (label, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def confirm(question: str, *, option: str) -> None:
    """Go on only if the person says yes. Without a terminal nothing is asked: `option` is the one that answers it."""
    if not terminal():
        raise RefusedError(f"nobody is here to be asked '{question}'; {option} answers it")
    click.confirm(question, abort=True)


def confirm_number(question: str, number: int, *, option: str) -> None:
    """Go on only if the person types the number."""
    if not terminal():
        raise RefusedError(f"nobody is here to be asked '{question}' ({number:,}); {option} answers it")
    typed = click.prompt(question, default="", show_default=False)
    if typed.strip().replace(",", "").replace(".", "") != str(number):
        raise RefusedError(f"that is not {number:,}; nothing was sent")


def say_choice(number: int, date: dt.date | None, title: str) -> None:
    """One line of a list to choose from, at most 80 columns."""
    say(f"{number:>4}  {f'{date:%d %b}' if date else '':6}  {cut(title, 66)}")


def choose(question: str, most: int, *, default: str, option: str) -> list[int]:
    """The numbers from 1 to `most` that the person chooses, as `1,3-5`, `all` or `none`; asked again for another."""
    if not terminal():
        raise RefusedError(f"nobody is here to be asked '{question}'; {option} answers it")
    while True:
        try:
            return numbers(click.prompt(question, default=default), most)
        except ValueError as error:
            warn(str(error))


def numbers(text: str, most: int) -> list[int]:
    """The numbers that a person means by `1, 3-5`, `all` or `none`. Raises ValueError with the reason."""
    if text.strip().lower() in {"all", "none"}:
        return list(range(1, most + 1)) if text.strip().lower() == "all" else []
    chosen: list[int] = []
    for part in re.split(r"[\s,;]+", text.strip()):
        found = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part, re.ASCII)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last <= most:
            raise ValueError(f"'{part}' is none of 1 to {most}; write 1,3-5, or all, or none")
        chosen += [number for number in range(first, last + 1) if number not in chosen]
    return chosen


def json_option(function: Function) -> Function:
    """--json, for scripts."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for scripts.")(function)


def issue_argument(function: Function) -> Function:
    """ISSUE: an id, a path, or nothing."""
    return click.argument("issue", required=False, metavar="[ISSUE]", shell_complete=_complete_issue)(function)


def _complete_issue(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    from briefing.issue import store
    from briefing.newsletter import Newsletter

    directory = ctx.find_root().params.get("directory") or Path()
    try:
        return [name for name in store.ids(Newsletter.find(directory)) if name.startswith(incomplete)]
    except BriefingError:
        return []
