"""The email that asks someone to confirm that they want the newsletter at an address.

Nothing that a stranger typed is in it: otherwise the form could send anyone's words to anyone. It
has no pictures, and a single link.
"""

import datetime as dt

from briefing.configuration.settings import Settings
from briefing.languages import Language

from . import plain_mail


def build(
    settings: Settings,
    language: Language,
    *,
    address: str,
    link: str,
    asked: dt.date,
    now: dt.datetime,
    is_change: bool = False,
) -> bytes:
    """Return the email, with all lines ending in CRLF.

    `asked` is the day on which the form was filled in; `is_change`: a reader wants the newsletter at
    this address instead of another. [joining] from must be set.
    """
    name = settings.newsletter.in_language(language.code).name
    _ = language.phrase
    values = {
        "newsletter": language.whole(name),
        "date": language.date(asked),
    }
    if is_change:
        subject = _(
            "Please confirm your new address: %(newsletter)s", newsletter=name
        )
        asks = _(
            "On %(date)s, a reader of %(newsletter)s asked for it to be sent to this address from now on.",
            **values,
        )
    else:
        subject = _("Please confirm: %(newsletter)s", newsletter=name)
        asks = _(
            "On %(date)s, someone asked for %(newsletter)s to be sent to this address.",
            **values,
        )
    paragraphs = [
        asks,
        _("If that was you, open this link and press the button there:"),
        link,
        _(
            "If it wasn’t you, ignore this email: you won’t get any more, and your address won’t be saved."
        ),
    ]
    return plain_mail.build_from_publisher(
        settings,
        language,
        address=address,
        subject=subject,
        paragraphs=paragraphs,
        now=now,
    )
