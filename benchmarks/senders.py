"""Run the programs to compare: `briefing send`, Postfix's smtp-source and Nodemailer's pool."""

import filecmp
import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import newsletter
from benchmarks.newsletter import Sample
from benchmarks.postfix import program
from benchmarks.running import ROOT, Result, run

SCRIPTS = ROOT / "benchmarks" / "nodemailer"
NODEMAILER = Path(sys.prefix) / "nodemailer"
ENCODINGS = {"nodemailer": "", "nodemailer with QP": "quoted-printable"}
"""By default Nodemailer examines each text to choose an encoding; setting one is faster."""


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

    def nodemailer(
        self,
        port: int,
        connections: int,
        mails: int,
        encoding: str,
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
