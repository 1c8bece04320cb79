"""Email individual people: readers their links, and others the email with which they confirm that they join.

These emails go through [smtp] and come from [joining] from, like those of the server: not from the
sender of the issues, and not through the provider that mails them.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from briefing.errors import BriefingError, RefusedError, TransportError
from briefing.joining import emails
from briefing.joining.mailer import Connection, HandOver, SmtpConnection
from briefing.languages import Language, code_for_reader, load_language
from briefing.newsletter import Newsletter
from briefing.sending.transports.registry import smtp_password
from briefing.syncing.home import Home
from briefing.syncing.planning.plan import SyncPlan
from briefing.syncing.records.mailed import MailedState, MailedToday
from briefing.text.counts import counted

from . import link_mail


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """An email to one person."""

    token: str
    address: str
    data: bytes


def mail_people(
    plan: SyncPlan, home: Home, now: dt.datetime
) -> tuple[int, BriefingError | None]:
    """Send the emails of a plan. Return how many were accepted, and why others couldn't be handed over:
    a setting is missing, or the server doesn't take them at the moment.
    """
    newsletter = home.newsletter
    letters = [
        letter
        for letter in _letters(plan, newsletter, now)
        if letter.token not in home.mailed.states
    ]
    if not letters:
        return 0, None
    outcomes: Counter[HandOver] = Counter()
    try:
        with closing(connect(newsletter)) as connection:
            for letter in letters:
                outcomes[_deliver(letter, connection, home.mailed)] += 1
    except (RefusedError, TransportError) as error:
        return outcomes[HandOver.MAILED], error
    later = outcomes[HandOver.LATER]
    return outcomes[HandOver.MAILED], _not_taken(newsletter, later)


def _not_taken(newsletter: Newsletter, number: int) -> TransportError | None:
    if not number:
        return None
    return TransportError(
        f"{newsletter.settings.smtp.host} isn't accepting {counted(number, 'email')} to individual readers at the "
        "moment; run the command again later"
    )


def connect(newsletter: Newsletter) -> SmtpConnection:
    """Connect to the mail server. Raises RefusedError if a setting is missing, TransportError."""
    _require_settings(newsletter)
    return SmtpConnection(newsletter.settings, smtp_password(newsletter))


def _deliver(
    letter: Letter, connection: Connection, record: MailedToday
) -> HandOver:
    # If the program ends before the next line of the record, no one knows whether this email went out.
    record.record(letter.token, MailedState.BEGUN)
    outcome = connection.deliver(letter.address, letter.data)
    if outcome is HandOver.LATER:
        record.forget(letter.token)
    else:
        record.record(letter.token, MailedState.MAILED)
    return outcome


def _letters(
    plan: SyncPlan, newsletter: Newsletter, now: dt.datetime
) -> Iterator[Letter]:
    settings = newsletter.settings
    for token, reader in plan.links.items():
        data = link_mail.build(
            settings,
            language_of(newsletter, reader.lang),
            address=reader.address,
            token=token,
            now=now,
        )
        yield Letter(token, reader.address, data)
    for token, asked in plan.invited.items():
        data = emails.confirmation(
            settings,
            language_of(newsletter, asked.lang),
            address=asked.address,
            link=asked.link,
            now=now,
        )
        yield Letter(token, asked.address, data)


def language_of(newsletter: Newsletter, wanted: str) -> Language:
    """Return the language of an edition for a reader, as sends choose it."""
    codes = newsletter.settings.newsletter.languages
    code = code_for_reader(wanted, codes) or newsletter.first_language
    return load_language(code, newsletter.template_folders)


def _require_settings(newsletter: Newsletter) -> None:
    settings = newsletter.settings
    missing = [
        name
        for name, value in (
            ("'from' under [joining]", settings.joining.sender),
            ("'host' under [smtp]", settings.smtp.host),
        )
        if not value
    ]
    if missing:
        raise RefusedError(
            f"people are waiting for an email, but {' and '.join(missing)} in briefing.toml is empty; "
            "use the same value as on the server"
        )
