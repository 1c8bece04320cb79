"""Compare the speed of senders to a server that is far away."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from benchmarks.postfix import smtp_sink
from benchmarks.proxy import measure_round_trip
from benchmarks.running import print_table, print_targets, serving, verdict
from benchmarks.senders import FEW_MAILS, Bench, Runs

CONNECTIONS = 8
ROUND_TRIP = 20
"""Milliseconds."""


def compare_with_latency(bench: Bench) -> None:
    briefing = Runs(bench.briefing, CONNECTIONS, bench.mails)
    start = Runs(bench.briefing, CONNECTIONS, FEW_MAILS)
    # It takes four round trips for each email.
    source = Runs(bench.smtp_source, CONNECTIONS, bench.mails // 20)
    nodemailer = {
        name: Runs(send, CONNECTIONS, bench.mails // 10)
        for name, send in bench.nodemailers().items()
    }
    without_delay = Runs(bench.smtp_source, CONNECTIONS, bench.mails)
    with smtp_sink() as sink_port:
        with _proxy(sink_port, 0) as port:
            without_delay.run_once(port)
        with _proxy(sink_port, ROUND_TRIP) as port:
            round_trip = measure_round_trip(port)
            source.run_once(port)
            for _ in range(bench.rounds):
                for runs in (briefing, start, *nodemailer.values()):
                    runs.run_once(port)
    most = CONNECTIONS * 1000 / round_trip
    print(
        f"The same with a round trip of {ROUND_TRIP} ms (measured: {round_trip:.1f}) and {CONNECTIONS} "
        f"connections.\nWith one round trip an email, {most:,.0f} emails a second would be the maximum.\n"
        f"briefing sends {briefing.mails:,} emails, with its start-up ({start.seconds:.2f} s) and without.\n"
        f"Without the delay, the proxy passes on {without_delay.rate:,.0f} emails a second.\n"
    )
    _print_rates(
        {"smtp-source": source, **nodemailer, "briefing": briefing}, nodemailer
    )
    if nodemailer:
        _print_targets(briefing, start, nodemailer)


def _proxy(port: int, round_trip: int) -> AbstractContextManager[int]:
    return serving(
        "benchmarks.proxy",
        "--to",
        str(port),
        "--round-trip",
        str(round_trip),
    )


def _print_rates(
    senders: Mapping[str, Runs], nodemailer: Mapping[str, Runs]
) -> None:
    ratios = [f"× {name}" for name in nodemailer]
    rows = [
        [
            name,
            runs.rates,
            f"{runs.cpu:.2f}",
            *(f"{runs.rate / other.rate:.2f}" for other in nodemailer.values()),
        ]
        for name, runs in senders.items()
    ]
    print_table(["sender", "emails/s", "CPU s/1,000", *ratios], rows)


def _print_targets(
    briefing: Runs, start: Runs, nodemailer: Mapping[str, Runs]
) -> None:
    targets = [
        verdict(
            f"× {name} with {CONNECTIONS} connections",
            briefing.rate / runs.rate,
            2.2,
            without_start=briefing.rate_without(start) / runs.rate,
        )
        for name, runs in nodemailer.items()
    ]
    print_targets(targets)
