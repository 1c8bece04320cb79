"""Protect the preview from other users of this computer and from other pages in the browser."""

import hashlib
import hmac
import secrets

_PATH_LENGTH = 32
"""Hexadecimal digits: 128 bits."""


class Access:
    """The secrets that open the preview.

    The token is for the editor only. The browser gets a ticket instead, which works only once. Both
    stay out of arguments, which every user of the computer can read (`ps`). A browser that has used one
    of them gets a cookie, and learns the path below which everything is served; what a page posts
    also needs the page's own token, which no other site can read.
    """

    def __init__(self, port: int, key: str = "") -> None:
        """Make cookie, path and page token from a `key`: with the same key, open pages continue to work
        after a restart. `port` is the server's.
        """
        self.port = port
        self.token = secrets.token_urlsafe(24)
        self._key = (key or new_key()).encode()
        self._tickets: list[str] = []

    @property
    def cookie_name(self) -> str:
        """The name of that cookie: browsers share cookies between the ports of a host."""
        return f"briefing-{self.port}"

    @property
    def cookie(self) -> str:
        """The value of the cookie of the editor's browser."""
        return self._derived("cookie")

    @property
    def home(self) -> str:
        """The path of all addresses, with a slash at the end.

        Browsers send cookies to every port of a host, where another user of the computer may listen, but
        only to paths below the cookie's own (RFC 6265, 5.4 and 8.5). That user doesn't know this one.
        """
        return f"/{self._derived('path')[:_PATH_LENGTH]}/"

    @property
    def page_token(self) -> str:
        """What a page sends in a header with everything that it posts."""
        return self._derived("page")

    def ticket(self) -> str:
        """Issue a ticket, for one use."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.append(ticket)
        return ticket

    def is_cookie(self, secret: str) -> bool:
        return _equal(secret, self.cookie)

    def is_below_home(self, path: str) -> bool:
        return _equal(path[: len(self.home)], self.home)

    def is_page_token(self, secret: str) -> bool:
        return _equal(secret, self.page_token)

    def redeem(self, secret: str) -> bool:
        """Whether this is the token or an unused ticket, which is then used up."""
        for ticket in self._tickets:
            if _equal(secret, ticket):
                self._tickets.remove(ticket)
                return True
        return _equal(secret, self.token)

    def _derived(self, purpose: str) -> str:
        return hmac.digest(self._key, purpose.encode(), hashlib.sha256).hex()


def new_key() -> str:
    """Return a new key for `Access`."""
    return secrets.token_urlsafe(24)


def _equal(left: str, right: str) -> bool:
    """Compare in constant time, which doesn't reveal where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())
