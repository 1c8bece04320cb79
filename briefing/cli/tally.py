"""How a send goes, while it goes."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from briefing.cli import words
from briefing.sending.delivery import Tally

REFRESH = 0.1
"""Seconds between two drawings of the bar."""


@contextmanager
def telling(label: str) -> Iterator[Callable[[Tally], None]]:
    """A function that is told how a send goes: a bar in a terminal, a line now and then elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield _Lines(label).tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (label, BarColumn(20), MofNCompleteColumn(), TextColumn("{task.fields[more]}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    task, began = bar.add_task("", total=None, more=""), time.monotonic()
    shown = 0.0

    def tell(tally: Tally) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= REFRESH or tally.done == tally.total:
            shown = now
            bar.update(task, completed=tally.done, total=tally.total, more=_more(tally, now - began), refresh=True)

    bar.start()
    try:
        yield tell
    finally:
        with contextlib.suppress(OSError):  # the terminal was closed
            bar.stop()


class _Lines:
    """How a send goes where there is no terminal: quiet when it is quick, a line each half minute otherwise."""

    every = 30.0

    def __init__(self, label: str) -> None:
        self._label = label
        self._began = self._told = time.monotonic()

    def tell(self, tally: Tally) -> None:
        now = time.monotonic()
        if now - self._told >= self.every:
            self._told = now
            more = _more(tally, now - self._began)
            click.echo(f"{self._label}: {tally.done:,} of {tally.total:,}{', ' if more else ''}{more}", err=True)


def _more(tally: Tally, seconds: float) -> str:
    """What isn't as it should be, the speed, and how long it still takes."""
    usual = {"accepted", "queued"}
    told = [f"{count:,} {state}" for state, count in tally.outcomes.items() if count and state not in usual]
    if tally.done and seconds > 1:
        told.append(f"{tally.done / seconds:,.0f} a second")
        told.append(f"about {words.duration((tally.total - tally.done) * seconds / tally.done)} left")
    return ", ".join(told)
