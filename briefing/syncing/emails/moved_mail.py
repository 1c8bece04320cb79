"""The emails to an address at which a reader no longer gets the newsletter.

Neither names the other address: someone else may be reading this mailbox.
"""

import datetime as dt
from collections.abc import Mapping

from briefing.configuration.settings import Settings
from briefing.joining import emails
from briefing.languages import Language
from briefing.syncing.server.undo_links import VALID


def build(
    settings: Settings,
    language: Language,
    *,
    address: str,
    link: str,
    day: dt.date,
    now: dt.datetime,
    is_undo: bool,
) -> bytes:
    """Return the email, with all lines ending in CRLF. [joining] from must be set.

    `day`: of the wish; `link`: where it can be undone, or, for `is_undo`, the form to join.
    """
    name = settings.newsletter.in_language(language.code).name
    _ = language.phrase
    values = {
        "newsletter": language.whole(name),
        "date": language.date(day),
    }
    if is_undo:
        paragraphs = [*_undone(language, values), link]
    else:
        paragraphs = [
            *_moved(language, values, day + VALID),
            link,
            *_once_undone(language, values),
        ]
    return emails.build_from_publisher(
        settings,
        language,
        address=address,
        subject=_("Your address was changed: %(newsletter)s", newsletter=name),
        paragraphs=paragraphs,
        now=now,
    )


def _moved(
    language: Language, values: Mapping[str, str], until: dt.date
) -> list[str]:
    _ = language.phrase
    return [
        _(
            "On %(date)s, someone used a link from one of your emails to change your address for %(newsletter)s. "
            "It now goes to the new address, and no longer to this one.",
            **values,
        ),
        _("If that was you, there is nothing to do."),
        _(
            "If it wasn’t you, open this link by %(date)s and press the button there:",
            date=language.date(until),
        ),
    ]


def _once_undone(language: Language, values: Mapping[str, str]) -> list[str]:
    _ = language.phrase
    return [
        _(
            "You will then get %(newsletter)s at this address again, and the links in your emails can no longer "
            "change anything.",
            newsletter=values["newsletter"],
        ),
        _(
            "The links in an email work for anyone who has it. Before you forward an email, delete the lines at "
            "its end."
        ),
    ]


def _undone(language: Language, values: Mapping[str, str]) -> list[str]:
    _ = language.phrase
    return [
        _(
            "The change to this address was undone. %(newsletter)s goes to the earlier address again, and no longer "
            "to this one.",
            newsletter=values["newsletter"],
        ),
        _("You can subscribe again with this address:"),
    ]
