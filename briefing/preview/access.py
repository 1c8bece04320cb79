"""Protect the preview from other users of this computer and from other pages in the browser."""

import hmac
import secrets


class Access:
    """The secrets that open the preview.

    The token is for the editor only. The browser gets a ticket instead, which works only once. Both
    stay out of arguments, which every user of the computer can read (`ps`).
    """

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._tickets: list[str] = []

    def ticket(self) -> str:
        """Issue a ticket, for one use."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.append(ticket)
        return ticket

    def is_token(self, secret: str) -> bool:
        return _equal(secret, self.token)

    def redeem(self, secret: str) -> bool:
        """Whether this is the token or an unused ticket, which is then used up."""
        for ticket in self._tickets:
            if _equal(secret, ticket):
                self._tickets.remove(ticket)
                return True
        return self.is_token(secret)


def _equal(left: str, right: str) -> bool:
    """Compare in constant time, which doesn't reveal where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
