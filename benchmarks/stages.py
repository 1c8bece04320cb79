"""Run `briefing` and print the CPU seconds of each stage of a send through SendGrid.

    python -m benchmarks.stages send …

A stage doesn't include the stages within it. The threads of a send are counted separately, so the
figures add up to those of the whole process.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from briefing.cli import main
from briefing.sending.dispatch import Dispatch
from briefing.sending.ledger.ledger import Ledger
from briefing.sending.preflight import gathering
from briefing.sending.transports.sendgrid import SendGrid, _Courier

MARK = "CPU seconds:"
"""Before each stage in the output."""
STAGES: Mapping[str, Sequence[tuple[Any, str]]] = {
    "reading the list": [(gathering, "examine")],
    "freezing it": [(Ledger, "freeze")],
    "readers, envelopes": [(Dispatch, "_fill")],
    "claims, outcomes": [(Ledger, "commit")],
    "requests": [(_Courier, "_parts"), (_Courier, "_send")],
    "HTTP": [(SendGrid, "post")],
    "the rest of the connection": [(_Courier, "run")],
}
"""The functions of each stage; what is called within them counts as well."""

_seconds: Counter[str] = Counter()
_running = threading.local()


def _counted(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def count(*arguments: Any, **options: Any) -> Any:
        outer = getattr(_running, "inner", 0.0)
        _running.inner = 0.0
        start = time.thread_time()
        try:
            return function(*arguments, **options)
        finally:
            whole = time.thread_time() - start
            _seconds[stage] += whole - _running.inner
            _running.inner = outer + whole

    return count


def _count_stages() -> None:
    for stage, functions in STAGES.items():
        for owner, name in functions:
            setattr(owner, name, _counted(stage, getattr(owner, name)))


if __name__ == "__main__":
    _count_stages()
    try:
        main()
    finally:
        others = time.process_time() - sum(_seconds.values())
        for stage in STAGES:
            print(f"{MARK}{stage}\t{_seconds[stage]:.2f}")
        print(f"{MARK}start, checks, the rest\t{others:.2f}")
