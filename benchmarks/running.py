"""Run programs, measure them, and print tables of the results."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTING = (sys.executable, "-m", "benchmarks.counting")
PAGE = b"\0" * 4096
COMMITS = 200
SYNC_CALLS = ("fsync", "fdatasync")


@dataclass(frozen=True)
class Result:
    """What one run of a program used and printed."""

    seconds: float
    cpu: float
    """User and system time of all its threads, in seconds."""
    megabytes: float
    """Peak memory."""
    output: str


def argument_parser(docstring: str | None) -> ArgumentParser:
    """Return a parser for the options of a program with this docstring."""
    first_line, _, _ = (docstring or "").partition("\n")
    return ArgumentParser(description=first_line)


def _environment() -> dict[str, str]:
    """Return the environment of this process, but let Python keep compiled modules: those of an
    installed program are compiled already, by pip.
    """
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def run(
    command: Sequence[str | Path],
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Result:
    """Run a program to its end. Raises RuntimeError with its output if it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # programs of our choice
            command,
            cwd=folder,
            env={**_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        file.seek(0)
        output = file.read()
    if process.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))}: exit {process.returncode}\n{output}"
        )
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Result(
        seconds,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / unit,
        output,
    )


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[int]:
    """Run one of our servers, a module that prints its port; yield the port."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(  # noqa: S603  # ours
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


def spread(values: Sequence[float]) -> str:
    """Return the median of measurements, with the smallest and the largest."""
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def commit_time(folder: Path) -> float:
    """Return how many milliseconds it takes to write a page durably to this folder's disk (median)."""
    sync = getattr(os, "fdatasync", os.fsync)
    path = folder / "commit-time"
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(COMMITS):
            start = time.perf_counter()
            file.write(PAGE)
            sync(file.fileno())
            times.append(time.perf_counter() - start)
    path.unlink()
    return statistics.median(times) * 1000


def count_commits(arguments: Sequence[str], folder: Path) -> int:
    """Run `briefing` and return how often it commits to its ledger."""
    return _commits_in(run([*COUNTING, *arguments], folder))


def _commits_in(result: Result) -> int:
    return int(result.output.split()[-1])


def syncs_per_commit(arguments: Sequence[str], folder: Path) -> float | None:
    """Return how often `briefing` syncs to the disk for each of its commits, or None if strace
    can't count that.

    It is a ratio because strace slows some threads down more than others, and so changes the number
    of commits.
    """
    if not shutil.which("strace"):
        return None
    counts = folder / "syncs"
    trace = (
        "strace",
        "-f",
        "--seccomp-bpf",
        "-c",
        "-o",
        str(counts),
        "-e",
        f"trace={','.join(SYNC_CALLS)}",
    )
    try:
        commits = _commits_in(run([*trace, *COUNTING, *arguments], folder))
    except RuntimeError:  # tracing isn't allowed here
        return None
    syncs = 0
    for line in counts.read_text().splitlines():
        columns = line.split()
        if columns and columns[-1] in SYNC_CALLS:
            syncs += int(columns[3])
    return syncs / commits


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, its first column aligned to the left and the others to the right."""
    columns = zip(headings, *rows, strict=True)
    widths = [max(map(len, column)) for column in columns]
    rule = ["-" * width for width in widths]
    for row in [headings, rule, *rows]:
        print(_aligned(row, widths))
    print(flush=True)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    line = row[0].ljust(widths[0])
    for cell, width in zip(row[1:], widths[1:], strict=True):
        line += f"  {cell.rjust(width)}"
    return line.rstrip()


def print_targets(verdicts: Sequence[Sequence[str]]) -> None:
    """Print a table of targets, with the figures without start-up only if there are any."""
    rows = [
        ("target", "required", "measured", "", "without start-up"),
        *verdicts,
    ]
    has_extra = any(row[4] for row in verdicts)
    headings, *shown = [row if has_extra else row[:4] for row in rows]
    print_table(headings, shown)


def verdict(
    target: str,
    measured: float,
    limit: float,
    *,
    at_most: bool = False,
    unit: str = "",
    without_start: float | None = None,
) -> list[str]:
    """Return a row of a table of targets, where `limit` is a minimum or, with `at_most`, a maximum."""
    met = measured <= limit if at_most else measured >= limit
    sign = "≤" if at_most else "≥"
    digits = ".2f" if limit < 10 else ",.0f"
    extra = "" if without_start is None else f"{without_start:{digits}}{unit}"
    return [
        target,
        f"{sign} {limit:g}{unit}",
        f"{measured:{digits}}{unit}",
        "met" if met else "not met",
        extra,
    ]
