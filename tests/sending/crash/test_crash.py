"""Kill -9 at named points and at random: no email twice, none lost.

These are the points at which a send would break its promise first. All of them, many times over,
are `make crash-test`.
"""

import random
import subprocess
import sys

import pytest

from tests.forked import PROJECT
from tests.sending.crash import points, scenarios
from tests.sending.crash.harness import Children
from tests.sending.crash.scenarios import Row

SEED = 20201009
CRITICAL = (
    "receipt: in the middle",
    "intent, outcome: before its commit",
    "body: with the dot",
    "outcome is noted: before",
)


def chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311  # the same in every run


def assert_kept(row: Row) -> None:
    assert row.broken == []
    assert (row.twice, row.lost) == (0, 0)
    assert row.kills > 0


def test_every_named_point_is_a_place_in_the_program() -> None:
    """Installed in a process of its own, since it changes the program."""
    assert points.POINTS.keys() >= scenarios.NTH.keys()
    install = "for install in POINTS.values(): install(print)"
    code = f"from tests.sending.crash.points import POINTS\n{install}"
    subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True)


def test_smtp_at_critical_points(children: Children) -> None:
    places = points.EVERY | points.REAL | points.OF_SMTP
    assert_kept(
        scenarios.named_smtp(
            children, {name: places[name] for name in CRITICAL}
        )
    )


def test_sendgrid_before_and_after_a_request(children: Children) -> None:
    assert_kept(
        scenarios.named_sendgrid(
            children, scenarios.some(points.OF_SENDGRID, "half", "answer")
        )
    )


def test_the_server_kills_its_client_before_and_after_it_has_an_email(
    children: Children,
) -> None:
    assert_kept(scenarios.killed_by_smtp(children, stages=("dot",)))


def test_within_a_write_of_the_ledger(children: Children) -> None:
    row = scenarios.torn(children, 1, chance())
    if row is None:
        pytest.skip("strace isn't installed, or may not trace")
    assert_kept(row)


@pytest.mark.long
class TestManyPoints:
    def test_smtp_at_every_named_point(self, children: Children) -> None:
        assert_kept(
            scenarios.named_smtp(
                children, points.EVERY | points.REAL | points.OF_SMTP
            )
        )

    def test_smtp_without_pipelining(self, children: Children) -> None:
        assert_kept(
            scenarios.named_smtp(
                children,
                scenarios.some(points.OF_SMTP, "body", "answer"),
                pipelining=False,
            )
        )

    def test_sendgrid_at_its_named_points(self, children: Children) -> None:
        places = points.OF_SENDGRID | scenarios.some(
            points.EVERY, "outcome: after"
        )
        assert_kept(scenarios.named_sendgrid(children, places))

    def test_the_server_kills_its_client_in_a_body(
        self, children: Children
    ) -> None:
        assert_kept(scenarios.killed_by_smtp(children, stages=("body",)))

    def test_the_server_kills_its_client_before_and_after_it_has_a_request(
        self, children: Children
    ) -> None:
        assert_kept(scenarios.killed_by_sendgrid(children, requests=(1,)))


@pytest.mark.long
class TestRandomMoments:
    @pytest.mark.parametrize(
        ("connections", "pipelining"), [(1, True), (2, False), (8, True)]
    )
    def test_smtp(
        self, children: Children, connections: int, pipelining: bool
    ) -> None:
        assert_kept(
            scenarios.random_smtp(
                children, connections, 3, chance(), pipelining=pipelining
            )
        )

    def test_sendgrid(self, children: Children) -> None:
        assert_kept(scenarios.random_sendgrid(children, 2, chance()))
