"""Measure how fast an issue is sent: `briefing send` compared with Postfix's load generator and
Nodemailer's pool.

    python benchmarks/sending.py [--mails N] [--rounds R] [--recipients N] [--only smtp latency sendgrid freeze]

Each run is the public command in a process of its own, for a newsletter created for it, with the
ledger's full durability; start-up, checks, the list and the freezing count. What matters are the
ratios: absolute figures depend on the machine. `tests/sending/install-postfix .venv/postfix`
installs smtp-sink and smtp-source; Nodemailer is installed with npm if that is available. The
newsletters are in /var/tmp, which is on a disk; --folder moves them elsewhere.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import newsletter
from benchmarks.postfix import Sink, program
from benchmarks.proxy import measure_round_trip
from benchmarks.running import (
    TARGET_HEADINGS,
    Result,
    Runs,
    commit_time,
    count_commits,
    print_table,
    run,
    serving,
    spread,
    syncs_per_commit,
    verdict,
)
from benchmarks.senders import (
    ENCODINGS,
    Bench,
    install_nodemailer,
    send_arguments,
)

STAGES = (sys.executable, "-m", "benchmarks.stages")
MARK = "CPU seconds:"
"""Before the lines of `benchmarks.stages` in its output."""

SOURCE_CONNECTIONS = (1, 4, 8, 16)
CONNECTIONS = (1, 2, 4, 8, 16)
MOST_CONNECTIONS = 16
DISTANT_CONNECTIONS = 8
ROUND_TRIP = 20
"""Milliseconds."""
SYNCED_MAILS = 5000
"""Emails in the runs whose syncs are counted."""
FEW_MAILS = 10
"""Emails in the runs that show how long the start takes."""


def _rate_without_start(runs: Runs, start: Runs) -> float:
    """Return emails a second."""
    return (runs.mails - start.mails) / (runs.seconds - start.seconds)


# Speed through SMTP


@dataclass
class Comparison:
    """The runs of each sender, by number of connections."""

    smtp_source: Mapping[int, Runs]
    nodemailer: Mapping[str, Mapping[int, Runs]]
    briefing: Mapping[int, Runs]
    start: Runs
    """Runs of briefing with hardly any emails."""

    def best_rate(self, encoding: str) -> float:
        """Return Nodemailer's rate with its best number of connections."""
        return max(runs.rate for runs in self.nodemailer[encoding].values())

    def rate_without_start(self, connections: int) -> float:
        return _rate_without_start(self.briefing[connections], self.start)


def compare_smtp(bench: Bench) -> None:
    comparison = Comparison(
        _runs_for(SOURCE_CONNECTIONS, bench.mails),
        {
            name: _runs_for(CONNECTIONS, bench.mails // 10)
            for name in bench.encodings
        },
        _runs_for(CONNECTIONS, bench.mails),
        Runs(FEW_MAILS),
    )
    for _ in range(bench.rounds):
        with Sink() as sink:
            _run_round(bench, comparison, sink.port)
    syncs, method = _count_syncs(bench)
    start = comparison.start.seconds
    print(
        f"Through SMTP to smtp-sink, the median of {bench.rounds} rounds (and their spread)."
    )
    print(
        f"Nodemailer's figures don't include its start-up. briefing's are for {bench.mails:,} emails, with its start-up"
    )
    print(f"({start:.2f} s) and without.")
    print(
        f"A commit takes {commit_time(bench.folder):.2f} ms on this disk; {method}.\n"
    )
    _print_comparison(comparison, syncs)
    _print_smtp_targets(comparison, syncs)


def _runs_for(connections: Sequence[int], mails: int) -> dict[int, Runs]:
    return {count: Runs(mails) for count in connections}


def _run_round(bench: Bench, comparison: Comparison, port: int) -> None:
    for connections, runs in comparison.smtp_source.items():
        runs.results.append(bench.smtp_source(port, connections, runs.mails))
    for name, encoding in bench.encodings.items():
        for connections, runs in comparison.nodemailer[name].items():
            runs.results.append(
                bench.nodemailer(port, connections, runs.mails, encoding)
            )
    for connections, runs in comparison.briefing.items():
        runs.results.append(bench.briefing(port, connections, runs.mails))
    start = comparison.start
    start.results.append(bench.briefing(port, MOST_CONNECTIONS, start.mails))


def _count_syncs(bench: Bench) -> tuple[dict[int, float], str]:
    """Return the syncs for 1,000 emails, by the number of connections, and how they were counted."""
    arguments = send_arguments("smtp", SYNCED_MAILS)
    syncs = {}
    with Sink() as sink:
        with bench.newsletter(
            SYNCED_MAILS, sink.port, MOST_CONNECTIONS
        ) as folder:
            ratio = syncs_per_commit(arguments, folder)
        for connections in CONNECTIONS:
            with bench.newsletter(
                SYNCED_MAILS, sink.port, connections
            ) as folder:
                syncs[connections] = (
                    count_commits(arguments, folder)
                    * (ratio or 1)
                    * 1000
                    / SYNCED_MAILS
                )
    if ratio is None:
        return (
            syncs,
            "commits of the ledger are counted as syncs, because strace isn't available",
        )
    return (
        syncs,
        f"strace counts {ratio:.2f} fsync and fdatasync for each commit of the ledger",
    )


def _print_comparison(
    comparison: Comparison, syncs: Mapping[int, float]
) -> None:
    rows = [
        *_comparison_rows("smtp-source", comparison.smtp_source, comparison)
    ]
    for name, runs in comparison.nodemailer.items():
        rows += _comparison_rows(name, runs, comparison)
    for connections, row in zip(
        CONNECTIONS,
        _comparison_rows("briefing", comparison.briefing, comparison),
        strict=True,
    ):
        row[3] = f"{comparison.rate_without_start(connections):,.0f}"
        row[5] = f"{syncs[connections]:.0f}"
        rows.append(row)
    headings = [
        "sender",
        "connections",
        "emails/s",
        "without start-up",
        "CPU s/1,000",
        "syncs/1,000",
    ]
    headings += [f"× {name}" for name in comparison.nodemailer]
    headings.append(f"of smtp-source -s {MOST_CONNECTIONS}")
    print_table(headings, rows)


def _comparison_rows(
    name: str,
    by_connections: Mapping[int, Runs],
    comparison: Comparison,
) -> Iterator[list[str]]:
    """Yield a sender's rows; the columns that only briefing has are empty."""
    source_rate = comparison.smtp_source[MOST_CONNECTIONS].rate
    for connections, runs in by_connections.items():
        row = [name, str(connections), _rates(runs), "", f"{runs.cpu:.2f}", ""]
        for encoding in comparison.nodemailer:
            row.append(f"{runs.rate / comparison.best_rate(encoding):.2f}")
        row.append(f"{runs.rate / source_rate:.2f}")
        yield row


def _rates(runs: Runs) -> str:
    return (
        f"{runs.rate:,.0f} ({min(runs.rates):,.0f} to {max(runs.rates):,.0f})"
    )


def _print_smtp_targets(
    comparison: Comparison, syncs: Mapping[int, float]
) -> None:
    rate = comparison.briefing[MOST_CONNECTIONS].rate
    without_start = comparison.rate_without_start(MOST_CONNECTIONS)
    rows = []
    for name in comparison.nodemailer:
        best = comparison.best_rate(name)
        target = f"{MOST_CONNECTIONS} connections, × {name} at its best"
        rows.append(
            verdict(target, rate / best, 5, without_start=without_start / best)
        )
    for connections in (8, 16):
        source = comparison.smtp_source[connections].rate
        rows.append(
            verdict(
                f"{connections} connections, of smtp-source -s {connections}",
                comparison.briefing[connections].rate / source,
                0.75,
                without_start=comparison.rate_without_start(connections)
                / source,
            )
        )
    for connections in (8, 16):
        rows.append(
            verdict(
                f"syncs for 1,000 emails, {connections} connections",
                syncs[connections],
                150,
                at_most=True,
            )
        )
    print_table(TARGET_HEADINGS, rows)


# Speed to a distant server


def compare_with_latency(bench: Bench) -> None:
    briefing, start = Runs(bench.mails), Runs(FEW_MAILS)
    # It takes four round trips for each email.
    source = Runs(bench.mails // 20)
    nodemailer = {name: Runs(bench.mails // 10) for name in bench.encodings}
    with Sink() as sink:
        with _proxy(sink.port, 0) as port:
            proxy_rate = (
                bench.mails
                / bench.smtp_source(
                    port, DISTANT_CONNECTIONS, bench.mails
                ).seconds
            )
        with _proxy(sink.port, ROUND_TRIP) as port:
            round_trip = measure_round_trip(port)
            source.results.append(
                bench.smtp_source(port, DISTANT_CONNECTIONS, source.mails)
            )
            for _ in range(bench.rounds):
                for runs in (briefing, start):
                    runs.results.append(
                        bench.briefing(port, DISTANT_CONNECTIONS, runs.mails)
                    )
                for name, runs in nodemailer.items():
                    runs.results.append(
                        bench.nodemailer(
                            port,
                            DISTANT_CONNECTIONS,
                            runs.mails,
                            bench.encodings[name],
                        )
                    )
    most = DISTANT_CONNECTIONS * 1000 / round_trip
    print(
        f"The same with a round trip of {ROUND_TRIP} ms (measured: {round_trip:.1f}) and {DISTANT_CONNECTIONS} "
        f"connections.\nWith one round trip an email, {most:,.0f} emails a second would be the maximum.\n"
        f"briefing sends {briefing.mails:,} emails, with its start-up ({start.seconds:.2f} s) and without.\n"
        f"Without the delay, the proxy passes on {proxy_rate:,.0f} emails a second.\n"
    )
    _print_distant(
        {"smtp-source": source, **nodemailer, "briefing": briefing}, nodemailer
    )
    _print_distant_targets(
        briefing, _rate_without_start(briefing, start), nodemailer
    )


def _proxy(port: int, round_trip: int) -> AbstractContextManager[int]:
    return serving(
        "benchmarks.proxy",
        "--to",
        str(port),
        "--round-trip",
        str(round_trip),
    )


def _print_distant(
    senders: Mapping[str, Runs], nodemailer: Mapping[str, Runs]
) -> None:
    rows = []
    for name, runs in senders.items():
        row = [name, _rates(runs), f"{runs.cpu:.2f}"]
        for reference in nodemailer.values():
            row.append(f"{runs.rate / reference.rate:.2f}")
        rows.append(row)
    ratios = [f"× {name}" for name in nodemailer]
    print_table(["sender", "emails/s", "CPU s/1,000", *ratios], rows)


def _print_distant_targets(
    briefing: Runs,
    without_start: float,
    nodemailer: Mapping[str, Runs],
) -> None:
    rows = []
    for name, runs in nodemailer.items():
        target = f"× {name} with {DISTANT_CONNECTIONS} connections"
        rows.append(
            verdict(
                target,
                briefing.rate / runs.rate,
                2.2,
                without_start=without_start / runs.rate,
            )
        )
    if rows:
        print_table(TARGET_HEADINGS, rows)


# A million recipients


def send_through_sendgrid(bench: Bench) -> None:
    results = [
        _sendgrid_run(bench, newsletter.BRIEFING) for _ in range(bench.rounds)
    ]
    by_stage = _sendgrid_run(bench, STAGES)
    seconds = spread([result.seconds for result in results])
    cpu = spread([result.cpu for result in results])
    print(
        f"Through a local SendGrid, the median of {bench.rounds} rounds (and their spread):"
    )
    print(
        f"{bench.recipients:,} recipients in {seconds} s, with {cpu} s of CPU."
    )
    print("By stage, in one more round:\n")
    print_table(["stage", "CPU s"], _stages_in(by_stage.output))
    cpu_limit = verdict(
        "CPU s", median(result.cpu for result in results), 30, at_most=True
    )
    memory = max(result.megabytes for result in results)
    memory_limit = verdict("peak memory", memory, 300, at_most=True, unit=" MB")
    print_table(TARGET_HEADINGS, [cpu_limit, memory_limit])


def _sendgrid_run(bench: Bench, program: Sequence[str]) -> Result:
    arguments = [*program, *send_arguments("sendgrid", bench.recipients)]
    key = {"SENDGRID_API_KEY": "SG.key"}
    with (
        serving(
            "tests.sending.servers.sendgrid", "--lean", "--key", "SG.key"
        ) as port,
        bench.newsletter(bench.recipients, port, 1) as folder,
    ):
        return run(arguments, folder, key)


def _stages_in(output: str) -> list[list[str]]:
    lines = output.splitlines()
    return [
        line.removeprefix(MARK).split("\t") for line in lines if MARK in line
    ]


def freeze(bench: Bench) -> None:
    count = bench.recipients
    with Sink() as sink, bench.newsletter(count, sink.port, 1) as folder:
        result = run(
            [*newsletter.BRIEFING, *send_arguments("smtp", 1, "--limit", "1")],
            folder,
        )
        size = (folder / ".briefing" / "ledger.sqlite").stat().st_size / (
            1 << 20
        )
    print(
        f"{count:,} recipients frozen in the ledger ({size:.0f} MB) and one email sent: {result.cpu:.1f} s of CPU.\n"
    )
    _print_limits(result, "wall s", result.seconds)


def _print_limits(result: Result, name: str, seconds: float) -> None:
    rows = [
        verdict(name, seconds, 60, at_most=True),
        verdict("peak memory", result.megabytes, 300, at_most=True, unit=" MB"),
    ]
    print_table(TARGET_HEADINGS, rows)


PARTS = {
    "smtp": compare_smtp,
    "latency": compare_with_latency,
    "sendgrid": send_through_sendgrid,
    "freeze": freeze,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument(
        "--mails", type=int, default=20_000, help="emails in each run"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--recipients",
        type=int,
        default=1_000_000,
        help="recipients for sendgrid and freeze",
    )
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("/var/tmp"),  # noqa: S108  # in a new folder
        help="where to create the newsletters",
    )
    return parser.parse_args()


def main() -> None:
    arguments = _arguments()
    parts = arguments.only
    if not (program("smtp-sink") and program("smtp-source")):
        print(
            "smtp-sink or smtp-source is missing: 'tests/sending/install-postfix .venv/postfix' installs them.\n"
        )
        parts = [part for part in parts if part == "sendgrid"]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        sample = newsletter.sample(
            newsletter.create(folder / "sample", readers=1, port=25)
        )
        sample.write(folder / "mail.json")
        print(f"Each email is {sample.size:,} bytes.\n")
        compared = {"smtp", "latency"} & set(parts)
        encodings = ENCODINGS if compared and install_nodemailer() else {}
        bench = Bench(
            folder,
            arguments.mails,
            arguments.rounds,
            arguments.recipients,
            sample,
            encodings,
        )
        for part in parts:
            PARTS[part](bench)


if __name__ == "__main__":
    main()
