"""What a transport is. To add one: write its class beside this file, name it in `briefing.sending.delivery.TRANSPORTS`
and in `[send] via`, and run the contract of tests/sending/test_transports.py on it."""

from collections.abc import Sequence
from typing import Protocol

from briefing.mail.message import Envelope, Message


class Transport(Protocol):
    """Takes mails and says what became of them; opened and closed by the one loop in `delivery`."""

    batch: int
    """How many mails one hand-over takes: so many stand in the ledger as `sending` at a time."""

    def open(self) -> None:
        """Get ready. Raises BriefingError if nothing can be handed over now."""

    def hand_over(self, message: Message, envelopes: Sequence[Envelope]) -> None:
        """Take the mail of one edition for some readers: when this returns, all of them were accepted.

        Raises BriefingError if it isn't known of all of them that they were.
        """

    def close(self) -> None:
        """Give back what `open` took; also called after an error."""
