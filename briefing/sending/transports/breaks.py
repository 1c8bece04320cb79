"""How often a connection has broken in a row: how long to wait before the next attempt, and when the
send ends.
"""

from dataclasses import dataclass

from briefing.errors import TransportError

from .session import BrokenError

MOST_BREAKS = 5
"""Breaks and failed attempts to connect in a row, without an email in between, that end the send."""
MOST_UNANSWERED = 2
"""Emails in a row on one connection, written completely and not answered, that end the send: each is
uncertain.
"""
LONGEST_PAUSE = 64.0
"""As a multiple of the first pause."""
DOUBLED, FOURFOLD = 2.0, 4.0
"""How the pause grows with each attempt: faster after a 421, by which some servers limit emails."""


@dataclass
class Breaks:
    """What has gone wrong with a connection since the last email that was answered."""

    count: int = 0
    """Breaks and failed attempts to connect."""
    unanswered: int = 0
    """Emails that were written completely and not answered."""
    words: str = ""
    """Why it broke last."""
    by_server: bool = False
    """Whether the server had announced that."""

    @property
    def pause(self) -> float:
        """How long to wait before the next attempt to connect, as a multiple of the first pause."""
        growth = FOURFOLD if self.by_server else DOUBLED
        multiple: float = growth ** (self.count - 1)
        return min(multiple, LONGEST_PAUSE)

    @property
    def is_too_many(self) -> bool:
        return self.count >= MOST_BREAKS

    def note(self, error: BrokenError) -> None:
        """Count a break. Raises TransportError if too many emails in a row are uncertain."""
        self.count += 1
        self.by_server, self.words = error.by_server, str(error)
        if self.unanswered >= MOST_UNANSWERED:
            raise TransportError(
                f"{self.unanswered} complete emails in a row got no answer, so they may or may not have arrived: "
                f"{error}"
            )
