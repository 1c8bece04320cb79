"""Who may look: another user of this machine, or another page in the browser, must not see a draft."""

import hmac
import secrets


class Access:
    """The secrets that open the preview.

    The token is for the editor alone. What a browser is started with can be read by every user of the machine (`ps`),
    so that it gets a ticket instead, which is worth nothing once it was used.
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._tickets: list[str] = []

    def ticket(self) -> str:
        """One more way in, for one time."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.append(ticket)
        return ticket

    def admits(self, given: str) -> bool:
        """Whether this is the token."""
        return _same(given, self.token)

    def opens(self, given: str) -> bool:
        """Whether this is the token or a ticket; a ticket is spent by asking."""
        for ticket in self._tickets:
            if _same(given, ticket):
                self._tickets.remove(ticket)
                return True
        return self.admits(given)


def _same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
