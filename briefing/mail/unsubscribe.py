"""How readers unsubscribe: by a visible link or the mail app's button, each with their own token.

The headers for the button are those of RFC 2369 and RFC 8058.
"""

from dataclasses import dataclass

from briefing.configuration.settings import UnsubscribeSettings

from . import headers

AT_SENDGRID = "<%asm_group_unsubscribe_raw_url%>"
"""In place of it, SendGrid writes the address of its own page (substitution tags for unsubscribing).
"""


@dataclass(frozen=True, slots=True)
class UnsubscribeLinks:
    """One reader's unsubscribe addresses; those that [unsubscribe] doesn't set are empty."""

    url: str
    mailto: str
    provider_page: str = ""
    """What the provider replaces with the address of its own page."""

    @property
    def address(self) -> str:
        """Where the visible link leads: to a web page, or else to an email."""
        return self.provider_page or self.url or self.mailto

    @property
    def in_brackets(self) -> list[str]:
        """The addresses as List-Unsubscribe has them (RFC 2369)."""
        return [
            f"<{address}>" for address in (self.url, self.mailto) if address
        ]

    def header(self) -> bytes:
        """Return List-Unsubscribe and, if there is a web page, the header that allows one click.

        Each address is unchanged, on a separate line: mail apps ignore an encoded or folded one.
        """
        if not self.in_brackets:
            return b""
        fields = headers.folded("List-Unsubscribe", self.in_brackets)
        if self.url:
            fields += b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        return fields


def make_unsubscribe_links(
    settings: UnsubscribeSettings, token: str
) -> UnsubscribeLinks:
    """Return the addresses of the reader whose token this is."""
    return UnsubscribeLinks(
        url=settings.url.replace("{token}", token),
        mailto=f"mailto:{settings.mailto}?subject={token}"
        if settings.mailto
        else "",
        provider_page=AT_SENDGRID if settings.is_at_sendgrid else "",
    )
