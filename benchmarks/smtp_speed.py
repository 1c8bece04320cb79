"""Compare the speed of senders through SMTP, to a server on this computer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.postfix import smtp_sink
from benchmarks.running import (
    commit_time,
    count_commits,
    print_table,
    print_targets,
    syncs_per_commit,
    verdict,
)
from benchmarks.senders import FEW_MAILS, Bench, Runs, Send, send_arguments

SOURCE_CONNECTIONS = (1, 4, 8, 16)
CONNECTIONS = (1, 2, 4, 8, 16)
MOST_CONNECTIONS = 16
SYNCED_MAILS = 5000
"""Emails in the runs whose syncs are counted."""

_ByConnections = Mapping[int, Runs]


@dataclass
class Comparison:
    """The runs of each sender, by number of connections."""

    smtp_source: _ByConnections
    nodemailer: Mapping[str, _ByConnections]
    briefing: _ByConnections
    start: Runs
    """Runs of briefing with hardly any emails."""

    def all(self) -> Iterator[Runs]:
        for sender in (
            self.smtp_source,
            *self.nodemailer.values(),
            self.briefing,
        ):
            yield from sender.values()
        yield self.start

    def best_rates(self) -> dict[str, float]:
        """Return Nodemailer's rates with its best number of connections, by encoding."""
        return {
            name: max(runs.rate for runs in by_connections.values())
            for name, by_connections in self.nodemailer.items()
        }

    def rate_without_start(self, connections: int) -> float:
        return self.briefing[connections].rate_without(self.start)


def compare_smtp(bench: Bench) -> None:
    comparison = Comparison(
        _runs_for(bench.smtp_source, SOURCE_CONNECTIONS, bench.mails),
        {
            name: _runs_for(send, CONNECTIONS, bench.mails // 10)
            for name, send in bench.nodemailers().items()
        },
        _runs_for(bench.briefing, CONNECTIONS, bench.mails),
        Runs(bench.briefing, MOST_CONNECTIONS, FEW_MAILS),
    )
    for _ in range(bench.rounds):
        with smtp_sink() as port:
            for runs in comparison.all():
                runs.run_once(port)
    ratio, syncs = _count_syncs(bench)
    start = comparison.start.seconds
    print(
        f"Through SMTP to smtp-sink, the median of {bench.rounds} rounds (and their spread)."
    )
    print(
        f"Nodemailer's figures don't include its start-up. briefing's are for {bench.mails:,} emails, with its start-up"
    )
    print(f"({start:.2f} s) and without.")
    print(
        f"A commit takes {commit_time(bench.folder):.2f} ms on this disk; {_method(ratio)}.\n"
    )
    _print_comparison(comparison, syncs)
    _print_targets(comparison, syncs)


def _runs_for(
    send: Send, connections: Sequence[int], mails: int
) -> dict[int, Runs]:
    return {count: Runs(send, count, mails) for count in connections}


def _count_syncs(bench: Bench) -> tuple[float | None, dict[int, float]]:
    """Return the syncs for each commit, None if they can't be counted, and the syncs for 1,000 emails by
    the number of connections.
    """
    arguments = send_arguments("smtp", SYNCED_MAILS)
    commits = {}
    with smtp_sink() as port:
        with bench.newsletter(SYNCED_MAILS, port, MOST_CONNECTIONS) as folder:
            ratio = syncs_per_commit(arguments, folder)
        for connections in CONNECTIONS:
            with bench.newsletter(SYNCED_MAILS, port, connections) as folder:
                commits[connections] = count_commits(arguments, folder)
    for_1000 = (ratio or 1) * 1000 / SYNCED_MAILS
    return ratio, {
        connections: count * for_1000 for connections, count in commits.items()
    }


def _method(ratio: float | None) -> str:
    """Say how syncs were counted."""
    if ratio is None:
        return "commits of the ledger are counted as syncs, because strace isn't available"
    return f"strace counts {ratio:.2f} fsync and fdatasync for each commit of the ledger"


def _print_comparison(
    comparison: Comparison, syncs: Mapping[int, float]
) -> None:
    headings = [
        "sender",
        "connections",
        "emails/s",
        "without start-up",
        "CPU s/1,000",
        "syncs/1,000",
        *(f"× {name}" for name in comparison.nodemailer),
        f"of smtp-source -s {MOST_CONNECTIONS}",
    ]
    others = {"smtp-source": comparison.smtp_source, **comparison.nodemailer}
    rows = [
        _row(comparison, name, runs)
        for name, by_connections in others.items()
        for runs in by_connections.values()
    ]
    for connections, runs in comparison.briefing.items():
        without_start = f"{comparison.rate_without_start(connections):,.0f}"
        synced = f"{syncs[connections]:.0f}"
        rows.append(_row(comparison, "briefing", runs, without_start, synced))
    print_table(headings, rows)


def _row(
    comparison: Comparison,
    name: str,
    runs: Runs,
    without_start: str = "",
    syncs: str = "",
) -> list[str]:
    source = comparison.smtp_source[MOST_CONNECTIONS].rate
    references = [*comparison.best_rates().values(), source]
    return [
        name,
        str(runs.connections),
        runs.rates,
        without_start,
        f"{runs.cpu:.2f}",
        syncs,
        *(f"{runs.rate / reference:.2f}" for reference in references),
    ]


def _print_targets(comparison: Comparison, syncs: Mapping[int, float]) -> None:
    rate = comparison.briefing[MOST_CONNECTIONS].rate
    without_start = comparison.rate_without_start(MOST_CONNECTIONS)
    targets = [
        verdict(
            f"{MOST_CONNECTIONS} connections, × {name} at its best",
            rate / best,
            5,
            without_start=without_start / best,
        )
        for name, best in comparison.best_rates().items()
    ]
    for connections in (8, 16):
        source = comparison.smtp_source[connections].rate
        targets.append(
            verdict(
                f"{connections} connections, of smtp-source -s {connections}",
                comparison.briefing[connections].rate / source,
                0.75,
                without_start=comparison.rate_without_start(connections)
                / source,
            )
        )
    for connections in (8, 16):
        targets.append(
            verdict(
                f"syncs for 1,000 emails, {connections} connections",
                syncs[connections],
                150,
                at_most=True,
            )
        )
    print_targets(targets)
