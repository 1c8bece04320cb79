"""Ask the person at the terminal. Without a terminal, raise an error that names the option to use
instead.
"""

import datetime as dt
import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from briefing.errors import RefusedError
from briefing.text.counts import either

from .output import cut, echo, warn
from .words import short_date

_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")


def is_interactive() -> bool:
    """Whether someone at a terminal can answer questions."""
    streams = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


def ask(question: str, **options: Any) -> str:
    """Return what is typed; `options` are those of click.prompt. Raises Abort for Ctrl-C and Ctrl-D."""
    try:
        answer: str = click.prompt(question, **options)
    except click.Abort:
        if not options.get("hide_input"):  # click has ended that line
            echo()
        raise
    return answer


def ask_yes_no(question: str, *, default: bool = False) -> bool:
    """Ask until the answer is yes or no, or nothing for the default."""
    answer = _ask_until_known(
        f"{question} [{'Y/n' if default else 'y/N'}]",
        ("yes", "no"),
        "type y for yes, or n for no",
        default="yes" if default else "no",
        show_default=False,
    )
    return answer == "yes"


def ask_word(question: str, words: Sequence[str], *, default: str) -> str:
    """Ask until the answer is one of the words, or the beginning of only one."""
    hint = f"type {either(words)}"
    return _ask_until_known(question, words, hint, default=default)


def _ask_until_known(
    question: str, words: Sequence[str], hint: str, **options: Any
) -> str:
    while True:
        typed = ask(question, **options).strip().lower()
        meant = [word for word in words if typed and word.startswith(typed)]
        if len(meant) == 1:
            return meant[0]
        warn(hint)


def confirm(question: str, *, option: str) -> None:
    """Continue only after a yes. `option` replaces the answer without a terminal."""
    _require_terminal(question, option)
    if not ask_yes_no(question):
        raise click.Abort


def confirm_number(question: str, number: int, *, option: str) -> None:
    """Continue only once the person has typed the number; anything else asks again."""
    _require_terminal(question, option)
    while _digits(ask(question, default="", show_default=False)) != str(number):
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
        answer = ask(question, default=default)
        if other and answer.strip().lower() == other:
            return None
        try:
            return parse_numbers(answer, highest)
        except ValueError as error:
            warn(str(error))


def choose_one(question: str, highest: int) -> int:
    """Ask for a number from 0, which is the default, to `highest` until there is one."""
    while True:
        typed = ask(question, default="0").strip()
        if re.fullmatch("[0-9]{1,6}", typed) and int(typed) <= highest:
            return int(typed)
        warn(f"type a number from 0 to {highest}")


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
