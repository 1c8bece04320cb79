"""How a reader leaves: a token of their own, and the headers with which mail programs offer it (RFC 2369, RFC 8058)."""

from dataclasses import dataclass

from briefing.keys import Key
from briefing.mail import headers
from briefing.settings import UnsubscribeSettings
from briefing.subscribers.suppression import token_of


@dataclass(frozen=True, slots=True)
class WayOut:
    """The addresses at which one reader leaves; both are empty where the newsletter has no [unsubscribe]."""

    url: str
    mailto: str

    @property
    def address(self) -> str:
        """What the visible link leads to: the web page, else a mail."""
        return self.url or self.mailto

    def header(self) -> bytes:
        """List-Unsubscribe, and where there is a web address its one-click partner.

        Each address stands on a line of its own as it is: an encoded or broken one would do nothing.
        """
        ways = [f"<{way}>" for way in (self.url, self.mailto) if way]
        field = headers.folded("List-Unsubscribe", ways) if ways else b""
        return field + b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if self.url else field


def way_out(settings: UnsubscribeSettings, key: Key, identity: str) -> WayOut:
    """The way out of one reader. The token is the same in every issue, tells nobody whose it is, and is URL-safe."""
    token = token_of(key, identity)
    return WayOut(
        url=settings.url.replace("{token}", token),
        mailto=f"mailto:{settings.mailto}?subject={token}" if settings.mailto else "",
    )
