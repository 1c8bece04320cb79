"""How quickly an issue goes out: `briefing send` beside Postfix's load generator and Nodemailer's pool, in one run.

    python benchmarks/sending.py [--mails N] [--rounds R] [--recipients N] [--only smtp latency sendgrid freeze]

Everything is the public command in a process of its own, on a newsletter made for it, with the ledger in its full
durability; start-up, checks, the list and the freezing count. The ratios are what counts: the figures depend on the
machine. `tests/sending/install-postfix .venv/postfix` brings smtp-sink and smtp-source; Nodemailer is installed by npm
where there is one. The newsletter lies in /var/tmp, which is on a disk; --folder puts it elsewhere.
"""

import argparse
import filecmp
import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks import newsletter
from benchmarks.newsletter import Sample
from benchmarks.postfix import Sink, program
from benchmarks.proxy import measured_round_trip
from benchmarks.running import (
    ROOT,
    TARGETS,
    Runs,
    Spent,
    commit_time,
    commits,
    run,
    serving,
    syncs_a_commit,
    table,
    verdict,
)

SCRIPTS = ROOT / "benchmarks" / "nodemailer"
NODEMAILER = Path(sys.prefix) / "nodemailer"
ENCODINGS = {"nodemailer": "", "nodemailer, told QP": "quoted-printable"}
"""By itself it looks at each text for how to encode it; told, it is quicker."""
SOURCE_AT = (1, 4, 8, 16)
NODEMAILER_AT = (1, 2, 4, 8, 16)
BRIEFING_AT = (1, 2, 4, 8, 16)
ROUND_TRIP = 20
SYNCED = 5000
"""Mails of the runs in which syncs are counted."""
FEW = 10
"""Mails of the runs that tell how long the start takes."""


@dataclass
class Bench:
    """Where everything happens, and how much of it."""

    folder: Path
    mails: int
    rounds: int
    recipients: int
    sample: Sample
    nodemailer: bool
    _number: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def newsletter(self, readers: int, port: int, connections: int) -> Iterator[Path]:
        """A newsletter that nothing was sent from."""
        folder = self.folder / f"newsletter{next(self._number)}"
        yield newsletter.make(folder, readers=readers, port=port, connections=connections)
        shutil.rmtree(folder)

    def briefing(self, port: int, connections: int, mails: int) -> Spent:
        with self.newsletter(mails, port, connections) as folder:
            return run([*newsletter.BRIEFING, *_send("smtp", mails)], folder)

    def source(self, port: int, connections: int, mails: int) -> Spent:
        size = str(self.sample.size)
        options = ("-d", "-s", str(connections), "-m", str(mails), "-l", size)
        return run([program("smtp-source") or "", *options, f"127.0.0.1:{port}"])

    def pool(self, port: int, connections: int, mails: int, encoding: str) -> Spent:
        """Nodemailer; its seconds are without the start of Node."""
        arguments = (self.folder / "mail.json", str(port), str(connections), str(mails), encoding)
        spent = run(["node", SCRIPTS / "pool.mjs", NODEMAILER, *arguments])
        return replace(spent, seconds=float(spent.said))


def _send(via: str, mails: int, *options: str) -> list[str]:
    return ["send", "--via", via, "--untested", "--yes", "--expect", str(mails), *options]


# SMTP: who is how quick


@dataclass
class Senders:
    """The runs of every sender, by its connections."""

    source: Mapping[int, Runs]
    nodemailer: Mapping[str, Mapping[int, Runs]]
    briefing: Mapping[int, Runs]
    start: Runs
    """Of briefing, hardly any mails."""

    def best(self, encoding: str) -> float:
        """Nodemailer at its best number of connections."""
        return max((runs.rate for runs in self.nodemailer[encoding].values()), default=0)

    def without_start(self, connections: int) -> float:
        return _without_start(self.briefing[connections], self.start)


def _without_start(runs: Runs, start: Runs) -> float:
    """Mails a second."""
    return (runs.mails - start.mails) / (runs.seconds - start.seconds)


def smtp(bench: Bench) -> None:
    mails = bench.mails
    encodings = ENCODINGS if bench.nodemailer else {}
    senders = Senders(
        {at: Runs(mails) for at in SOURCE_AT},
        {name: {at: Runs(mails // 10) for at in NODEMAILER_AT} for name in encodings},
        {at: Runs(mails) for at in BRIEFING_AT},
        Runs(FEW),
    )
    for _ in range(bench.rounds):
        with Sink() as sink:
            for at, runs in senders.source.items():
                runs.all.append(bench.source(sink.port, at, runs.mails))
            for name, encoding in encodings.items():
                for at, runs in senders.nodemailer[name].items():
                    runs.all.append(bench.pool(sink.port, at, runs.mails, encoding))
            for at, runs in [*senders.briefing.items(), (16, senders.start)]:
                runs.all.append(bench.briefing(sink.port, at, runs.mails))
    durable, each = _syncs(bench)
    print(
        f"Through SMTP to smtp-sink, the best (and worst) of {bench.rounds} rounds. Nodemailer is measured without its "
        f"start-up,\nbriefing with it ({senders.start.seconds:.2f} s) and {mails:,} mails, and without it.\n"
        f"A commit takes {commit_time(bench.folder):.2f} ms on this disk; {each}.\n"
    )
    _smtp_table(senders, durable)
    _smtp_targets(senders, durable)


def _syncs(bench: Bench) -> tuple[dict[int, float], str]:
    """For 1,000 mails, by connections; and how they were counted."""
    arguments, found = _send("smtp", SYNCED), {}
    with Sink() as sink:
        with bench.newsletter(SYNCED, sink.port, 16) as folder:
            each = syncs_a_commit(arguments, folder)
        for at in BRIEFING_AT:
            with bench.newsletter(SYNCED, sink.port, at) as folder:
                found[at] = commits(arguments, folder) * (each or 1) * 1000 / SYNCED
    if each is None:
        return found, "its syncs are taken for the ledger's commits, as there is no strace here"
    return found, f"strace counts {each:.2f} fsync and fdatasync for each commit of the ledger"


def _smtp_table(senders: Senders, durable: Mapping[int, float]) -> None:
    wire = senders.source[16].rate
    bests = [senders.best(name) for name in senders.nodemailer]
    rows = []
    for name, all_runs in {"smtp-source": senders.source, **senders.nodemailer, "briefing": senders.briefing}.items():
        for at, runs in all_runs.items():
            ours = all_runs is senders.briefing
            rows.append(
                [
                    name,
                    str(at),
                    f"{runs.rate:,.0f} ({runs.worst:,.0f})",
                    f"{senders.without_start(at):,.0f}" if ours else "",
                    f"{runs.cpu:.2f}",
                    f"{durable[at]:.0f}" if ours else "",
                    *(f"{runs.rate / best:.2f}" for best in bests),
                    f"{runs.rate / wire:.2f}",
                ]
            )
    heads = ("mails/s", "without start-up", "CPU s/1,000", "syncs/1,000")
    table(
        ["sender", "connections", *heads, *(f"× {name}" for name in senders.nodemailer), "of smtp-source -s 16"], rows
    )


def _smtp_targets(senders: Senders, durable: Mapping[int, float]) -> None:
    rate, more, wire = senders.briefing[16].rate, senders.without_start(16), senders.source[16].rate
    rows = [
        verdict(f"16 connections, × {name} at its best", rate / best, 5, more=more / best)
        for name, best in ((name, senders.best(name)) for name in senders.nodemailer)
    ]
    rows.append(verdict("16 connections, of smtp-source -s 16", rate / wire, 0.5, more=more / wire))
    rows.append(verdict("the same, what we aim for", rate / wire, 0.9, more=more / wire))
    rows += [verdict(f"syncs for 1,000 mails, {at} connections", durable[at], 150, most=True) for at in (8, 16)]
    table(TARGETS, rows)


# The same a long way off


def latency(bench: Bench) -> None:
    encodings = ENCODINGS if bench.nodemailer else {}
    ours, start = Runs(bench.mails // 4), Runs(FEW)
    theirs = {name: Runs(bench.mails // 20) for name in encodings}
    with Sink() as sink:
        with serving("benchmarks.proxy", "--to", str(sink.port), "--round-trip", "0") as port:
            through = bench.mails / bench.source(port, 8, bench.mails).seconds
        with serving("benchmarks.proxy", "--to", str(sink.port), "--round-trip", str(ROUND_TRIP)) as port:
            trip = measured_round_trip(port)
            source = Runs(ours.mails, [bench.source(port, 8, ours.mails)])
            for _ in range(bench.rounds):
                for runs in (ours, start):
                    runs.all.append(bench.briefing(port, 8, runs.mails))
                for name, runs in theirs.items():
                    runs.all.append(bench.pool(port, 8, runs.mails, encodings[name]))
    print(
        f"The same with {ROUND_TRIP} ms a round trip (measured: {trip:.1f}), 8 connections. One round trip a mail is "
        f"{8000 / trip:,.0f} a second at most;\nthe way itself takes {through:,.0f} mails a second without the delay.\n"
    )
    everybody = {"smtp-source": source, **theirs, "briefing": ours}
    heads = ("sender", "mails/s", "CPU s/1,000", *(f"× {name}" for name in theirs))
    table(
        heads,
        [
            [name, f"{runs.rate:,.0f} ({runs.worst:,.0f})", f"{runs.cpu:.2f}"]
            + [f"{runs.rate / other.rate:.2f}" for other in theirs.values()]
            for name, runs in everybody.items()
        ],
    )
    more = _without_start(ours, start)
    rows = [(f"× {name} at 8 connections", runs.rate) for name, runs in theirs.items()]
    if rows:
        table(TARGETS, [verdict(what, ours.rate / rate, 2, more=more / rate) for what, rate in rows])


# A million


def sendgrid(bench: Bench) -> None:
    count = bench.recipients
    with (
        serving("tests.sending.servers.sendgrid", "--lean", "--key", "SG.key") as port,
        bench.newsletter(count, port, 1) as folder,
    ):
        spent = run([*newsletter.BRIEFING, *_send("sendgrid", count)], folder, {"SENDGRID_API_KEY": "SG.key"})
    print(f"Through SendGrid, a local one: {count:,} recipients in {spent.seconds:.1f} s.\n")
    _limits(spent, ("CPU s", spent.cpu))


def freeze(bench: Bench) -> None:
    count = bench.recipients
    with Sink() as sink, bench.newsletter(count, sink.port, 1) as folder:
        spent = run([*newsletter.BRIEFING, *_send("smtp", 1, "--limit", "1")], folder)
        size = (folder / ".briefing" / "ledger.sqlite").stat().st_size / (1 << 20)
    print(f"A list of {count:,} frozen into the ledger ({size:.0f} MB), and one mail sent: {spent.cpu:.1f} s of CPU.\n")
    _limits(spent, ("wall s", spent.seconds))


def _limits(spent: Spent, time: tuple[str, float]) -> None:
    table(TARGETS, [verdict(*time, 60, most=True), verdict("peak memory", spent.megabytes, 300, most=True, unit=" MB")])


PARTS = {"smtp": smtp, "latency": latency, "sendgrid": sendgrid, "freeze": freeze}


def nodemailer_is_here() -> bool:
    """Whether Nodemailer can be measured; npm installs it where it can."""
    wanted, installed = SCRIPTS / "package.json", NODEMAILER / "package.json"
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        print("There is no npm here: nothing is compared with Nodemailer.\n")
        return False
    if not (NODEMAILER / "node_modules" / "nodemailer").is_dir() or not filecmp.cmp(wanted, installed, shallow=False):
        NODEMAILER.mkdir(exist_ok=True)
        shutil.copyfile(wanted, installed)
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
        if subprocess.run([npm, "install", *options], cwd=NODEMAILER, check=False).returncode:  # noqa: S603  # as told
            print("npm can't install Nodemailer: nothing is compared with it.\n")
            return False
    return True


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--mails", type=int, default=20_000, help="of a run")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--recipients", type=int, default=1_000_000, help="of SendGrid's list and the frozen one")
    arguments.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    arguments.add_argument("--folder", type=Path, default=Path("/var/tmp"))  # noqa: S108  # new folders in it
    given = arguments.parse_args()
    postfix = program("smtp-sink") and program("smtp-source")
    wanted = [part for part in given.only if part == "sendgrid" or postfix]
    if wanted != given.only:
        print("There is no smtp-sink or smtp-source here: 'tests/sending/install-postfix .venv/postfix' brings them.\n")
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        folder = Path(name)
        sample = newsletter.sample(newsletter.make(folder / "sample", readers=1, port=25))
        sample.write(folder / "mail.json")
        print(f"A mail has {sample.size:,} bytes.\n")
        compare = bool({"smtp", "latency"} & set(wanted)) and nodemailer_is_here()
        bench = Bench(folder, given.mails, given.rounds, given.recipients, sample, compare)
        for part in wanted:
            PARTS[part](bench)


if __name__ == "__main__":
    main()
