"""The email with a reader's own links, for someone who typed an address on the server's page.

That may not have been the reader. So the email says who gets it and why, and contains no name.
"""

import datetime as dt

from briefing.configuration.settings import Settings
from briefing.joining import emails
from briefing.languages import Language


def build(
    settings: Settings,
    language: Language,
    *,
    address: str,
    token: str,
    now: dt.datetime,
) -> bytes:
    """Return the email, with all lines ending in CRLF. [joining] from must be set."""
    url = settings.joining.url
    name = settings.newsletter.in_language(language.code).name
    _ = language.phrase
    paragraphs = [
        _(
            "Someone asked for your personal links for %(newsletter)s. If that was you, here they are.",
            newsletter=language.whole(name),
        ),
        _("To unsubscribe:") + f"\n{url}/leave/{token}",
        _("To change your language, name or address:")
        + f"\n{url}/change/{token}",
        _(
            "If it wasn’t you, do nothing: nothing has changed. Don’t pass these links on."
        ),
    ]
    return emails.build_from_publisher(
        settings,
        language,
        address=address,
        subject=_("Your links: %(newsletter)s", newsletter=name),
        paragraphs=paragraphs,
        now=now,
    )
