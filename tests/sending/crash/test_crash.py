"""Kill -9 at named points and at random: nobody twice, nobody lost. The long version is `make crash-test`."""

import random

import pytest

from tests.sending.crash import points, scenarios
from tests.sending.crash.harness import Children
from tests.sending.crash.scenarios import Row

SEED = 20201009


def chance() -> random.Random:
    return random.Random(SEED)  # noqa: S311  # the same in every run


def assert_kept(row: Row) -> None:
    assert row.broken == []
    assert (row.twice, row.lost) == (0, 0)
    assert row.kills > 0


def test_smtp_at_every_named_point(children: Children) -> None:
    assert_kept(scenarios.named_smtp(children, points.EVERY | points.REAL | points.OF_SMTP))


def test_smtp_without_pipelining(children: Children) -> None:
    assert_kept(scenarios.named_smtp(children, scenarios.some(points.OF_SMTP, "body", "answer"), pipelining=False))


def test_sendgrid_at_its_named_points(children: Children) -> None:
    assert_kept(scenarios.named_sendgrid(children, points.OF_SENDGRID | scenarios.some(points.EVERY, "outcome: after")))


def test_a_rehearsal_has_everybody_once_and_nobody_is_uncertain(children: Children) -> None:
    row = scenarios.named_outbox(children, points.OF_OUTBOX | scenarios.some(points.EVERY, "outcome: in the middle"))
    assert_kept(row)
    assert row.uncertain == 0


def test_the_server_kills_its_client_before_and_after_it_has_a_mail(children: Children) -> None:
    assert_kept(scenarios.killed_by_smtp(children, stages=("body", "dot")))


def test_the_server_kills_its_client_before_and_after_it_has_a_request(children: Children) -> None:
    assert_kept(scenarios.killed_by_sendgrid(children, requests=(1,)))


@pytest.mark.parametrize(("connections", "pipelining"), [(1, True), (2, False), (8, True)])
def test_smtp_at_random(children: Children, connections: int, pipelining: bool) -> None:
    assert_kept(scenarios.random_smtp(children, connections, 3, chance(), pipelining=pipelining))


def test_sendgrid_at_random(children: Children) -> None:
    assert_kept(scenarios.random_sendgrid(children, 2, chance()))


def test_a_rehearsal_at_random(children: Children) -> None:
    assert_kept(scenarios.random_outbox(children, 2, chance()))


def test_within_a_write_of_the_ledger(children: Children) -> None:
    row = scenarios.torn(children, 1, chance())
    if row is None:
        pytest.skip("strace isn't here, or may not trace")
    assert_kept(row)
