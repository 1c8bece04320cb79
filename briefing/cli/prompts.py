"""Ask the person at the terminal. Without a terminal, raise an error that names the option to use
instead.
"""

import datetime as dt
import re
import sys

import click

from briefing.errors import RefusedError

from .output import cut, echo, warn
from .words import short_date

_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")


def is_interactive() -> bool:
    """Whether someone at a terminal can answer questions."""
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


def confirm(question: str, *, option: str) -> None:
    """Continue only after a yes. `option` replaces the answer without a terminal."""
    _require_terminal(question, option)
    click.confirm(question, abort=True)


def confirm_number(question: str, number: int, *, option: str) -> None:
    """Continue only once the person has typed the number; anything else asks again."""
    _require_terminal(question, option)
    while _digits(
        click.prompt(question, default="", show_default=False)
    ) != str(number):
        warn(
            f"that isn't {number:,}, so nothing was sent; type {number:,}, or press Ctrl-C to stop"
        )


def _digits(typed: str) -> str:
    """Return a number as typed, `12,500` or `12.500`, without what separates thousands."""
    return typed.strip().replace(",", "").replace(".", "")


def read_input(hint: str, option: str, most: int = -1) -> bytes:
    """Return at most this many bytes of what is typed, pasted or piped in. `hint` says at a terminal what
    to type, and `option` can name a file instead.
    """
    if sys.stdin is None:
        raise RefusedError(
            f"standard input is closed; give a file with {option}"
        )
    if sys.stdin.isatty():
        click.echo(hint, err=True)
    return sys.stdin.buffer.read(most)


def print_choice(
    number: int, date: dt.date | None, title: str, today: dt.date
) -> None:
    """Print one line of a list to choose from, at most 80 columns."""
    day = short_date(date, today) if date else ""
    echo(f"{number:>4}  {day:11}  {cut(title, 61)}")


def choose(
    question: str, highest: int, *, default: str, option: str, other: str = ""
) -> list[int] | None:
    """Ask for numbers from 1 to `highest`, as `1,3-5`, `all` or `none`, until the answer is usable.

    The word `other`, if there is one, is an answer too, for which None is returned.
    """
    _require_terminal(question, option)
    while True:
        answer = click.prompt(question, default=default)
        if other and answer.strip().lower() == other:
            return None
        try:
            return parse_numbers(answer, highest)
        except ValueError as error:
            warn(str(error))


def _require_terminal(question: str, option: str) -> None:
    if not is_interactive():
        raise RefusedError(
            f"'{question}' can't be asked without a terminal; answer with {option}"
        )


def parse_numbers(text: str, highest: int) -> list[int]:
    """Parse `1, 3-5`, `all` or `none` into numbers, each once, in the order given.

    Raises ValueError, worded for the person, if part of it isn't from 1 to `highest`.
    """
    answer = text.strip().lower()
    if answer == "all":
        return list(range(1, highest + 1))
    if answer == "none":
        return []
    chosen: dict[int, None] = {}
    parts = answer.replace(",", " ").replace(";", " ").split()
    for part in parts or [""]:
        chosen.update(dict.fromkeys(_parse_range(part, highest)))
    return list(chosen)


def _parse_range(part: str, highest: int) -> range:
    match = _RANGE.fullmatch(part)
    if match:
        first = int(match[1])
        last = int(match[2] or match[1])
        if 1 <= first <= last <= highest:
            return range(first, last + 1)
    raise ValueError(
        f"'{part}' isn't from 1 to {highest}. Type numbers such as 1,3-5, or 'all', or 'none'"
    )
