"""Run the programs to compare: `briefing send`, Postfix's smtp-source and Nodemailer's pool."""

import filecmp
import itertools
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks import newsletter
from benchmarks.newsletter import Sample
from benchmarks.postfix import program
from benchmarks.running import ROOT, Result, run

SCRIPTS = ROOT / "benchmarks" / "nodemailer"
NODEMAILER = Path(sys.prefix) / "nodemailer"
ENCODINGS = {"nodemailer": "", "nodemailer with QP": "quoted-printable"}
"""By default Nodemailer examines each text to choose an encoding; setting one is faster."""


FEW_MAILS = 10
"""Emails in the runs that show how long the start takes."""

Send = Callable[[int, int, int], Result]
"""Sends emails to a port of this computer; its arguments are port, connections and number of emails."""


@dataclass
class Runs:
    """Repeated runs of one sender. The median counts."""

    send: Send
    connections: int
    mails: int
    results: list[Result] = field(default_factory=list)

    def run_once(self, port: int) -> None:
        self.results.append(self.send(port, self.connections, self.mails))

    @property
    def seconds(self) -> float:
        return median(result.seconds for result in self.results)

    @property
    def rate(self) -> float:
        """Emails a second."""
        return self.mails / self.seconds

    @property
    def rates(self) -> str:
        """The same, with the lowest and the highest rate of a run."""
        rates = [self.mails / result.seconds for result in self.results]
        return f"{self.rate:,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"

    @property
    def cpu(self) -> float:
        """Seconds for 1,000 emails."""
        cpu = median(result.cpu for result in self.results)
        return cpu * 1000 / self.mails

    def rate_without(self, start: "Runs") -> float:
        """Return emails a second, without what few emails take."""
        return (self.mails - start.mails) / (self.seconds - start.seconds)


@dataclass
class Bench:
    """The folder and the size of the runs."""

    folder: Path
    mails: int
    rounds: int
    recipients: int
    sample: Sample
    encodings: Mapping[str, str]
    """Nodemailer's encodings to compare with; none if it isn't available."""
    _number: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def newsletter(
        self, readers: int, port: int, connections: int
    ) -> Iterator[Path]:
        """Create a newsletter from which nothing has been sent."""
        folder = self.folder / f"newsletter{next(self._number)}"
        yield newsletter.create(
            folder, readers=readers, port=port, connections=connections
        )
        shutil.rmtree(folder)

    def briefing(self, port: int, connections: int, mails: int) -> Result:
        with self.newsletter(mails, port, connections) as folder:
            return run(
                [*newsletter.BRIEFING, *send_arguments("smtp", mails)], folder
            )

    def smtp_source(self, port: int, connections: int, mails: int) -> Result:
        size = str(self.sample.size)
        options = ("-d", "-s", str(connections), "-m", str(mails), "-l", size)
        return run(
            [program("smtp-source") or "", *options, f"127.0.0.1:{port}"]
        )

    def nodemailers(self) -> dict[str, Send]:
        """Return a sender for each encoding."""
        return {
            name: partial(self.nodemailer, encoding)
            for name, encoding in self.encodings.items()
        }

    def nodemailer(
        self,
        encoding: str,
        port: int,
        connections: int,
        mails: int,
    ) -> Result:
        """Run Nodemailer; the time doesn't include starting Node."""
        arguments = (
            self.folder / "mail.json",
            str(port),
            str(connections),
            str(mails),
            encoding,
        )
        result = run(["node", SCRIPTS / "pool.mjs", NODEMAILER, *arguments])
        return replace(result, seconds=float(result.output))


def send_arguments(via: str, mails: int, *options: str) -> list[str]:
    return [
        "send",
        "--via",
        via,
        "--untested",
        "--yes",
        "--expect",
        str(mails),
        *options,
    ]


def install_nodemailer() -> bool:
    """Install Nodemailer with npm unless it is installed. Return whether it can be used."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        print("npm isn't available: nothing is compared with Nodemailer.\n")
        return False
    required, installed = SCRIPTS / "package.json", NODEMAILER / "package.json"
    if (NODEMAILER / "node_modules" / "nodemailer").is_dir() and filecmp.cmp(
        required, installed, shallow=False
    ):
        return True
    NODEMAILER.mkdir(exist_ok=True)
    shutil.copyfile(required, installed)
    options = (
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--loglevel=error",
    )
    command = [npm, "install", *options]
    if subprocess.run(command, cwd=NODEMAILER, check=False).returncode:  # noqa: S603  # npm
        print("npm can't install Nodemailer: nothing is compared with it.\n")
        return False
    return True
