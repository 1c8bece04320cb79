"""What the server's pages share: the settings, the store, the mailer and the limits."""

import datetime as dt
import time
from collections.abc import Callable

from briefing import clock
from briefing.languages import Language, load_language
from briefing.newsletter import Newsletter

from . import emails, seals
from .limits import MailLimits, Memory
from .mailer import Mailer, SmtpConnection
from .store import FILE, Store, Writer
from .wishes import Join, Wish, encrypt, parse_public_keys

LINKS_VALID = dt.timedelta(days=7)
"""For how long a link can be used to confirm something."""
JOIN = "join"
"""The kind of such a link. Earlier versions had others, too."""


class Service:
    """Everything behind the pages. Close it at the end."""

    def __init__(
        self,
        newsletter: Newsletter,
        *,
        connect: Callable[[], SmtpConnection],
        report: Callable[[str], None],
        sync_digest: str,
        has_form: bool = True,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`connect` opens a connection to the mail server; `report` is called with lines for the log,
        which name no one; `sync_digest` is what `protocol.key_digest` makes of home's key; `has_form`: whether
        people can join; `now` returns seconds since 1970.

        Raises BriefingError if the folder or a language can't be used, ValueError if a public key isn't
        valid.
        """
        self.settings = newsletter.settings
        self.report = report
        self.now = now
        self.sync_digest = sync_digest
        self.has_form = has_form
        self.languages = [
            load_language(code, newsletter.template_folders)
            for code in self.settings.newsletter.languages
        ]
        self.seals = seals.Seals(seals.load_key(newsletter.state))
        self._keys = parse_public_keys(self.settings.joining.keys)
        self.limits = MailLimits(self.settings.joining.per_hour)
        self.changes = Memory()
        """How often each token changed the language."""
        self.writer = Writer(Store(newsletter.state / FILE))
        self.mailer = Mailer(connect, report)

    def close(self) -> None:
        """Finish what was begun."""
        self.mailer.close()
        self.writer.close()

    def language(self, code: str) -> Language | None:
        """Return the language with a code; None if there are no pages in it."""
        for each in self.languages:
            if each.code.lower() == code.lower():
                return each
        return None

    def encrypt(self, wish: Wish) -> str:
        """Return the body of a request, which only the editors can open."""
        return encrypt(wish, self._keys)

    def wording(self, language: Language) -> str:
        """Return what people agree to when they join."""
        joining = self.settings.joining
        own = joining.by_language.get(language.code)
        if own is not None and own.consent:
            return own.consent
        name = self.settings.newsletter.in_language(language.code).name
        _ = language.phrase
        return joining.consent or _(
            "I want to get %(newsletter)s by email. I can unsubscribe at any time.",
            newsletter=name,
        )

    def confirmation_mail(self, join: Join, language: Language) -> bytes:
        """Return the email with the link that confirms a join."""
        now = clock.utc_now()
        typed = [JOIN, join.address, join.lang, join.name, join.form]
        sealed = self.seals.seal([*typed, join.asked], now.date() + LINKS_VALID)
        return emails.confirmation(
            self.settings,
            language,
            address=join.address,
            link=f"{self.settings.joining.url}/confirm/{sealed}",
            now=now,
        )


def today() -> dt.date:
    """Return the day in UTC: a server's time zone says nothing about its readers."""
    return clock.utc_now().date()
