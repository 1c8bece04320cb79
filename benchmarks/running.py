"""Programs started and measured, and the tables of what came out."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COUNTING = (sys.executable, "-m", "benchmarks.counting")


@dataclass(frozen=True)
class Spent:
    """What a program took from its start to its end, and what it said."""

    seconds: float
    cpu: float
    """Seconds of all its threads, user and system."""
    megabytes: float
    """At its peak."""
    said: str


@dataclass
class Runs:
    """The same thing measured again and again; the quickest counts, as other programs only ever make it slower."""

    mails: int
    all: list[Spent] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return min(run.seconds for run in self.all)

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.mails / self.seconds

    @property
    def worst(self) -> float:
        return self.mails / max(run.seconds for run in self.all)

    @property
    def cpu(self) -> float:
        """Seconds for 1,000 mails."""
        return min(run.cpu for run in self.all) * 1000 / self.mails


def run(command: Sequence[str | Path], folder: Path = ROOT, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a program to its end. Raises RuntimeError with its words if it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as words:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # programs of our choice
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        said = words.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {process.returncode}\n{said}")
    peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return Spent(seconds, used.ru_utime + used.ru_stime, peak, said)


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[int]:
    """A server of ours, in a process of its own that prints its port; the port."""
    process = subprocess.Popen(  # noqa: S603  # ourselves
        [sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


def commit_time(folder: Path) -> float:
    """Milliseconds until a page that was written is on the disk of this folder: the median of 200."""
    durable = getattr(os, "fdatasync", os.fsync)
    times = []
    with (folder / "commit-time").open("wb", buffering=0) as file:
        for _ in range(200):
            began = time.perf_counter()
            file.write(b"\0" * 4096)
            durable(file.fileno())
            times.append(time.perf_counter() - began)
    (folder / "commit-time").unlink()
    return statistics.median(times) * 1000


def commits(arguments: Sequence[str], folder: Path) -> int:
    """How often a `briefing` commits to its ledger while it sends."""
    return int(run([*COUNTING, *arguments], folder).said.split()[-1])


def syncs_a_commit(arguments: Sequence[str], folder: Path) -> float | None:
    """How often a `briefing` makes something durable for each of its commits; None where nothing can tell.

    Told by strace, which slows some threads more than others, so that other commits come about than without it.
    """
    if not shutil.which("strace"):
        return None
    counts = folder / "syncs"
    trace = ("strace", "-f", "--seccomp-bpf", "-c", "-o", str(counts), "-e", "trace=fsync,fdatasync")
    try:
        count = int(run([*trace, *COUNTING, *arguments], folder).said.split()[-1])
    except RuntimeError:  # tracing is forbidden here
        return None
    rows = [line.split() for line in counts.read_text().splitlines()]
    return sum(int(row[3]) for row in rows if row and row[-1] in {"fsync", "fdatasync"}) / count


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: its first column to the left, the others to the right."""
    widths = [max(len(row[number]) for row in [heads, *rows]) for number in range(len(heads))]
    for row in [heads, ["-" * width for width in widths], *rows]:
        first, *others = (
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
    print(flush=True)


def verdict(
    what: str, measured: float, bound: float, *, most: bool = False, unit: str = "", more: float | None = None
) -> list[str]:
    """A row of a table of targets: at least `bound`, or at most. `more`: the same without start-up."""
    met = measured <= bound if most else measured >= bound
    digits = ".2f" if bound < 10 else ",.0f"
    beside = "" if more is None else f"{more:{digits}}{unit}"
    sign = "≤" if most else "≥"
    return [what, f"{sign} {bound:g}{unit}", f"{measured:{digits}}{unit}", beside, "met" if met else "not met"]


TARGETS = ("target", "wanted", "measured", "without start-up", "")
