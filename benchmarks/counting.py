"""Run `briefing`, then print how often it committed to its ledger."""

import sys
from collections.abc import Set as AbstractSet
from typing import Any

from briefing.cli import main
from briefing.sending.ledger.ledger import Ledger


def run_and_count() -> None:
    count = 0
    commit = Ledger.commit

    def counting(*arguments: Any, **named: Any) -> AbstractSet[bytes]:
        nonlocal count
        count += 1
        return commit(*arguments, **named)

    Ledger.commit = counting  # type: ignore[method-assign,assignment]
    try:
        main()
    finally:
        sys.stdout.flush()
        print(count)


if __name__ == "__main__":
    run_and_count()
