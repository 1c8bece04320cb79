"""Show the progress of a send while it runs."""

import contextlib
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from briefing.sending.progress import Progress, ShowProgress

from . import output, words

BAR_INTERVAL = 0.1
"""Seconds between two updates of the bar."""
LINE_INTERVAL = 30.0
"""Seconds between two lines where there is no terminal."""
EXPECTED = {"accepted", "queued"}
"""States that aren't worth mentioning during a send."""

_Clock = Callable[[], float]


@contextmanager
def show_progress(
    label: str, clock: _Clock = time.monotonic
) -> Iterator[ShowProgress]:
    """Yield a function that shows how far a send has come: a bar in a terminal, otherwise a line
    now and then.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield ProgressLines(label, clock).show
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        label,
        BarColumn(20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[details]}"),
    )
    bar = Bar(
        *columns,
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    task = bar.add_task("", total=None, details="")
    began = clock()
    shown = 0.0
    announced = ""

    def show(progress: Progress) -> None:
        nonlocal shown, announced
        now = clock()
        if progress.waiting and progress.waiting != announced:
            bar.console.print(progress.waiting, markup=False, highlight=False)
        announced = progress.waiting
        if now - shown >= BAR_INTERVAL or progress.done == progress.total:
            shown = now
            details = describe(progress, now - began)
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                details=details,
                refresh=True,
            )

    bar.start()
    try:
        yield show
    finally:
        with contextlib.suppress(OSError):  # the terminal was closed
            bar.stop()


@contextmanager
def show_countdown(at: str) -> Iterator[Callable[[dt.timedelta], None]]:
    """Say until when a send waits; yield a function that shows the time left, in a terminal."""
    output.echo(
        f"Waiting until {at}. Press Ctrl-C before then, and nothing is sent."
    )
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:

        def show(left: dt.timedelta) -> None:
            seconds = dt.timedelta(seconds=round(left.total_seconds()))
            status.update(f"{seconds} left")

        yield show


class ProgressLines:
    """Progress without a terminal: nothing in a quick send, a line every half minute in a long one."""

    interval = LINE_INTERVAL

    def __init__(self, label: str, clock: _Clock) -> None:
        self._label = label
        self._clock = clock
        self._began = self._shown = clock()
        self._announced = ""

    def show(self, progress: Progress) -> None:
        if progress.waiting and progress.waiting != self._announced:
            click.echo(progress.waiting, err=True)
        self._announced = progress.waiting
        now = self._clock()
        if now - self._shown < self.interval:
            return
        self._shown = now
        parts = [f"{progress.done:,} of {progress.total:,}"]
        details = describe(progress, now - self._began)
        if details:
            parts.append(details)
        click.echo(f"{self._label}: {', '.join(parts)}", err=True)


def describe(progress: Progress, seconds: float) -> str:
    """Return problems, speed and remaining time of a send that has run for some seconds."""
    parts: list[str] = []
    for state, count in progress.outcomes.items():
        if count and state not in EXPECTED:
            parts.append(f"{count:,} {state}")
    if progress.done and seconds > 1:
        remaining = (progress.total - progress.done) * seconds / progress.done
        parts.append(f"{progress.done / seconds:,.0f} a second")
        parts.append(f"about {words.duration(remaining)} left")
    return ", ".join(parts)
