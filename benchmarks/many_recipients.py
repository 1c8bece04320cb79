"""Measure what a million recipients take: through SendGrid, and in the ledger."""

import sys
from collections.abc import Sequence
from statistics import median

from benchmarks import newsletter
from benchmarks.postfix import smtp_sink
from benchmarks.running import (
    Result,
    print_table,
    print_targets,
    run,
    serving,
    spread,
    verdict,
)
from benchmarks.senders import Bench, send_arguments
from benchmarks.stages import MARK

STAGES = (sys.executable, "-m", "benchmarks.stages")
KEY = "SG.key"


def send_through_sendgrid(bench: Bench) -> None:
    results = [
        _send_through_sendgrid(bench, newsletter.BRIEFING)
        for _ in range(bench.rounds)
    ]
    by_stage = _send_through_sendgrid(bench, STAGES)
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
    middle = median(result.cpu for result in results)
    memory = max(result.megabytes for result in results)
    print_targets([verdict("CPU s", middle, 30, at_most=True), _memory(memory)])


def _send_through_sendgrid(bench: Bench, program: Sequence[str]) -> Result:
    arguments = [*program, *send_arguments("sendgrid", bench.recipients)]
    with (
        serving(
            "tests.sending.servers.sendgrid", "--lean", "--key", KEY
        ) as port,
        bench.newsletter(bench.recipients, port, 1) as folder,
    ):
        return run(arguments, folder, {"SENDGRID_API_KEY": KEY})


def _stages_in(output: str) -> list[list[str]]:
    lines = output.splitlines()
    return [
        line.removeprefix(MARK).split("\t") for line in lines if MARK in line
    ]


def freeze(bench: Bench) -> None:
    count = bench.recipients
    arguments = send_arguments("smtp", 1, "--limit", "1")
    with smtp_sink() as port, bench.newsletter(count, port, 1) as folder:
        result = run([*newsletter.BRIEFING, *arguments], folder)
        ledger = folder / ".briefing" / "ledger.sqlite"
        size = ledger.stat().st_size / (1 << 20)
    print(
        f"{count:,} recipients frozen in the ledger ({size:.0f} MB) and one email sent: {result.cpu:.1f} s of CPU.\n"
    )
    wall = verdict("wall s", result.seconds, 60, at_most=True)
    print_targets([wall, _memory(result.megabytes)])


def _memory(megabytes: float) -> list[str]:
    return verdict("peak memory", megabytes, 300, at_most=True, unit=" MB")
