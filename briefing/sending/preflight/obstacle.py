"""A reason that prevents a send: the one form in which all gates report."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A reason that prevents a send, or that the editor should know first."""

    code: str
    """Stable, for programs."""
    message: str
    """What is wrong, and what to do."""
    blocks: bool = True
    """Whether it prevents the send; otherwise it is a warning."""
    details: Sequence[str] = ()
    """Single findings or rows, one line each."""
