"""The long version, and its table: python -m tests.sending.crash [--kills N] [--seed S]

Every named point, at several times and on resuming, then N kills at random. Exits 1 if any reader has
an email twice, or none that the ledger says they have, or any other promise was broken.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from tests.sending.crash import points
from tests.sending.crash.harness import Children
from tests.sending.crash.scenarios import (
    COLUMNS,
    Row,
    killed_by_sendgrid,
    killed_by_smtp,
    named_sendgrid,
    named_smtp,
    random_sendgrid,
    random_smtp,
    torn,
    unflushed,
)

MOST_SHOWN = 10


def plan(
    children: Children, kills: int, chance: random.Random
) -> Iterator[Callable[[], Row | None]]:
    """The scenarios in their order; random kills are shared out in eighteenths."""
    smtp = points.EVERY | points.OF_SMTP
    sendgrid = points.EVERY | points.OF_SENDGRID
    share = max(kills // 18, 1)
    for pipelining in (True, False):
        yield partial(
            named_smtp,
            children,
            smtp | points.REAL,
            pipelining=pipelining,
            thorough=True,
        )
    yield partial(
        named_sendgrid, children, sendgrid | points.REAL, thorough=True
    )
    yield partial(killed_by_smtp, children)
    yield partial(killed_by_sendgrid, children)
    for connections in (1, 2, 8):
        yield partial(
            random_smtp,
            children,
            connections,
            3 * share,
            chance,
            pipelining=True,
        )
        yield partial(
            random_smtp,
            children,
            connections,
            2 * share,
            chance,
            pipelining=False,
        )
    yield partial(random_sendgrid, children, 2 * share, chance)
    yield partial(torn, children, share, chance)
    yield partial(unflushed, children, 18)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--kills",
        type=int,
        default=400,
        help="at random, besides those at named points",
    )
    parser.add_argument("--seed", type=int, default=20201009)
    options = parser.parse_args()
    began, rows = time.monotonic(), []
    _say(f"{'scenario':38}" + "".join(f"{column:>11}" for column in COLUMNS))
    with Children() as children:
        chance = random.Random(options.seed)  # noqa: S311  # the same in every run
        for scenario in plan(children, options.kills, chance):
            row = scenario()
            if row is None:
                _say("without strace: no kill within a call of the system")
                continue
            rows.append(row)
            _tell(row)
    total = Row.together("together", rows)
    _tell(replace(total, broken=[]))
    _say(f"seed {options.seed}, {time.monotonic() - began:.0f} s")
    sys.exit(1 if total.twice or total.lost or total.broken else 0)


def _tell(row: Row) -> None:
    _say(
        f"{row.name:38}"
        + "".join(f"{getattr(row, column):>11,}" for column in COLUMNS)
    )
    for line in dict.fromkeys(row.broken[:MOST_SHOWN]):
        _say(f"    {line}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
