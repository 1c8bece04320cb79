"""The program as a child process to be interrupted.

It reads orders and forks a child for each; it was forked itself from a process that has imported all
of briefing (tests.forked): hundreds of sends then take no longer than their work. As a program, with
one order as its argument, it is that child itself.
"""

import datetime as dt
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from briefing.cli import main as program
from tests.sending.crash.points import POINTS, Turn, module

RUNS = 1000
"""Given instead of an exit code while a child is still running."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """A command, and what happens to it."""

    arguments: list[str]
    output: str
    """Where its standard output goes; with `.err` behind it, its standard error."""
    environment: dict[str, str] = field(default_factory=dict)
    point: str = ""
    """Of `points.POINTS`; empty: nothing happens."""
    nth: int = 1
    action: str = "kill"
    """`kill` (-9), `stop` (SIGSTOP), or `fill PATH`: a file there takes all that is left of its
    disk.
    """
    clock_error: int = 0
    """Seconds by which the clock is wrong."""
    stderr_is_full: bool = False
    shows_each_step: bool = False
    """Whether it shows the progress, and writes the receipt, after each step."""

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def main() -> None:
    """Fork a child for each order."""
    if order := _forked():
        _carry_out(order)


def _forked() -> Order | None:
    """Serve until the orders end; in a child that was forked, its order."""
    for line in sys.stdin:
        order = json.loads(line)
        if isinstance(order, int):
            ended, status = os.waitpid(order, os.WNOHANG)
            _tell(os.waitstatus_to_exitcode(status) if ended else RUNS)
        elif child := os.fork():
            _tell(child)
        else:
            return Order(**order)
    return None


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _carry_out(order: Order) -> None:
    # What is private must be so whatever the mask.
    os.umask(0)
    errors = "/dev/full" if order.stderr_is_full else f"{order.output}.err"
    for number, path in enumerate((os.devnull, order.output, errors)):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.update(order.environment)
    if order.shows_each_step:
        module("briefing.cli.send_progress").ProgressLines.interval = 0.0
        module("briefing.sending.receipts").INTERVAL = 0.0
    if order.clock_error:
        _set_clock(order.clock_error)
    if order.point:
        POINTS[order.point](Turn(order.nth, _action(order.action)))
    program(order.arguments)


def _action(action: str) -> Callable[[], object]:
    kind, _, path = action.partition(" ")
    return {"kill": _die, "stop": _stop, "fill": lambda: fill(Path(path))}[kind]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def fill(path: Path) -> None:
    path.touch(0o600)
    with path.open("wb", buffering=0) as ballast:
        piece = bytes(4096)
        while piece:
            try:
                ballast.write(piece)
            except OSError:
                piece = piece[: len(piece) // 2]


def _set_clock(seconds: int) -> None:
    right, right_time, off = (
        dt.datetime,
        time.time,
        dt.timedelta(seconds=seconds),
    )

    class Wrong(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Wrong":
            now = right.now(tz) + off
            return cls.combine(now.date(), now.timetz())

    dt.datetime = Wrong  # type: ignore[misc]  # this is what makes the clock wrong
    time.time = lambda: right_time() + seconds


if __name__ == "__main__":
    _carry_out(Order(**json.loads(sys.argv[1])))
