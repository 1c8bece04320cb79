"""What the server's pages share: the settings, the store, the mailer and the limits."""

import datetime as dt
import threading
import time
from collections.abc import Callable

from briefing import clock
from briefing.languages import Language
from briefing.newsletter import Newsletter

from . import confirmation_links, confirmation_mail, server_key
from .confirmation_links import ChangeLink, ConfirmationLink
from .counters import Counter
from .languages import PageLanguages
from .limits import MailLimits, Memory
from .mailer import Connection, HandOver, Mailer, OutgoingMail
from .protocol import Mode, confirmation_link
from .seals import Seals
from .store import FILE, Store
from .wishes import Wish, encrypt, parse_public_keys
from .writer import UnavailableError, Writer

LINKS_VALID = dt.timedelta(days=7)
"""For how long a link can be used to confirm something."""
QUEUED_VALID = dt.timedelta(days=60)
"""The same for a link that an editor has to agree to first."""


class Service:
    """Everything behind the pages. Close it at the end."""

    def __init__(
        self,
        newsletter: Newsletter,
        *,
        connect: Callable[[], Connection],
        report: Callable[[str], None],
        sync_digest: str,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`connect` opens a connection to the mail server; `report` is called with lines for the log,
        which name no one; `sync_digest` is what `protocol.key_digest` makes of home's key; `now` returns seconds
        since 1970.

        Raises BriefingError if the folder can't be used, ValueError if a public key isn't valid.
        """
        self.settings = newsletter.settings
        self.report = report
        self.now = now
        self.sync_digest = sync_digest
        self.languages = PageLanguages(newsletter)
        self.seals = Seals(server_key.load(newsletter.state))
        joining = self.settings.joining
        self._keys = parse_public_keys(joining.keys)
        self.join_limits = MailLimits(joining.per_hour)
        self.change_limits = MailLimits(joining.per_hour)
        self.seen = Memory()
        """How often addresses, tokens and forms were used; a word before each says for what."""
        store = Store(newsletter.state / FILE)
        self._mode_override, self.is_closed_by_itself = store.mode()
        self._mode_lock = threading.Lock()
        self.writer = Writer(store)
        self.mailer = Mailer(connect, report, self._count_mail)

    def close(self) -> None:
        """Finish what was begun."""
        self.mailer.close()
        self.writer.close()

    @property
    def mode(self) -> Mode:
        """Who can join now: as home or a spike has set it, else as briefing.toml says."""
        own = Mode(self.settings.joining.mode)
        # After a spike, the editors may have asked for invitations: that is stricter.
        if self.is_closed_by_itself and own is Mode.INVITED:
            return own
        return self._mode_override or own

    def set_mode(
        self, store: Store, mode: Mode | None, *, by_itself: bool = False
    ) -> None:
        """Set the mode; None: as briefing.toml says. For jobs of the writer."""
        with self._mode_lock:
            store.set_mode(mode, by_itself=by_itself)
            self._mode_override, self.is_closed_by_itself = mode, by_itself

    def encrypt(self, wish: Wish) -> str:
        """Return the body of a request, which only the editors can open."""
        return encrypt(wish, self._keys)

    def count(self, counter: Counter) -> None:
        """Count something, durably."""
        self.writer.run(lambda store: store.count(counter))

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

    def seal(self, link: ConfirmationLink, valid: dt.timedelta) -> str:
        """Return what a link carries, in a form that only this server can open."""
        return confirmation_links.seal(self.seals, link, today() + valid)

    def confirmation_mail(self, link: ConfirmationLink) -> OutgoingMail:
        """Return the email with a link."""
        now = clock.utc_now()
        sealed = self.seal(link, LINKS_VALID)
        data = confirmation_mail.build(
            self.settings,
            self.languages.of(link),
            address=link.address,
            link=confirmation_link(self.settings.joining.url, sealed),
            asked=now.date(),
            now=now,
            is_change=isinstance(link, ChangeLink),
        )
        return OutgoingMail(link.address, data)

    def _count_mail(self, outcome: HandOver) -> None:
        mailed = outcome is HandOver.MAILED
        try:
            self.count(Counter.MAILED if mailed else Counter.NOT_MAILED)
        except UnavailableError:
            self.report("the disk is full or isn't responding")


def today() -> dt.date:
    """Return the day in UTC: a server's time zone says nothing about its readers."""
    return clock.utc_now().date()
