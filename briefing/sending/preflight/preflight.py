"""Decide on a send: what it would do, and everything that prevents it. No I/O here.

    gathering.py ──▶ Facts ───┐
                              ├──▶ decide() ──▶ Preflight: amounts, obstacles
    options or a form ▶ SendRequest ┘

Commands only show the result. `delivery` decides again once it holds the lock, and sends nothing if
anything blocks.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from briefing.errors import RefusedError

from . import gates
from .amounts import Amounts
from .facts import Facts, SendRequest
from .gates import Case
from .obstacle import Obstacle


@dataclass(frozen=True, kw_only=True)
class Preflight:
    """What a send would do, and what prevents it."""

    request: SendRequest
    facts: Facts
    at: dt.datetime | None
    """When the emails go out; None: now."""
    amounts: Amounts | None
    """None if they can't be known: for a test, or if the ledger can't be trusted."""
    obstacles: Sequence[Obstacle]

    @property
    def blocking(self) -> list[Obstacle]:
        """The obstacles that prevent the send."""
        return [obstacle for obstacle in self.obstacles if obstacle.blocks]

    def has(self, code: str) -> bool:
        """Whether there is an obstacle with this code."""
        return any(obstacle.code == code for obstacle in self.obstacles)

    @property
    def count(self) -> int:
        """Emails that this send hands over."""
        return self.amounts.count if self.amounts else 0

    @property
    def claimed(self) -> int:
        """Emails of the issue that were ever claimed (`IssueRecord.claimed`)."""
        audience = self.facts.audience
        return audience.record.claimed if audience else 0

    def refuse_if_blocked(self) -> None:
        """Raise RefusedError with every message if anything prevents the send."""
        messages = [obstacle.message for obstacle in self.blocking]
        if messages:
            raise RefusedError("; ".join(messages))


def decide(request: SendRequest, facts: Facts) -> Preflight:
    """Return what would happen, and all obstacles together."""
    case = Case(request, facts)
    at = case.time if isinstance(case.time, dt.datetime) else None
    return Preflight(
        request=request,
        facts=facts,
        at=at,
        amounts=case.amounts,
        obstacles=gates.find_obstacles(case),
    )
