"""The lists that a SendGrid account keeps of readers: who bounced, complained, unsubscribed.

SendGrid itself no longer emails most of them, so they are unsubscribed here, too. Nothing is deleted
there: an editor who restores a reader here must also remove them there.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Set
from typing import Any

from briefing import clock
from briefing.bounces.kinds import FAILURES
from briefing.bounces.reasons import kind_of_words
from briefing.errors import TransportError
from briefing.keys import Key
from briefing.network.http_client import Answer
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials
from briefing.sending.transports import sendgrid_api
from briefing.sending.transports.registry import SENDGRID_KEY
from briefing.storage import json_file

from .reports import Left, Person, Report, Returned

FILE = "sendgrid-sync.json"
DAMAGED = "can't be read; delete it, and the next sync reads SendGrid's lists from the beginning"
PAGE = 500
"""The most entries of a request (SendGrid, suppression)."""
MOST_PAGES = 2000
"""Of one list: a million entries. More can only be a server that repeats itself."""
_REASONS = {
    "bounces": "bounced",
    "invalid_emails": "bounced",
    "spam_reports": "complaint",
    "unsubscribes": "left",
}
"""Why readers on these lists are unsubscribed: SendGrid drops later mail to all of them."""
LISTS = (*_REASONS, "blocks")
OVERLAP = 2 * 24 * 60 * 60
"""Seconds before the newest entry of the last sync that are read again: entries may appear late."""

_Entry = dict[str, Any]


class SendGridLists:
    """The account's lists (`reports.Source`)."""

    name = "sendgrid"
    title = "SendGrid"

    def __init__(
        self,
        newsletter: Newsletter,
        key: Key,
        *,
        timeout: float = 60,
        page: int = PAGE,
    ) -> None:
        """Raises RefusedError without a key for SendGrid, FileError if its position can't be read."""
        settings = newsletter.settings
        secret = credentials.require(newsletter, SENDGRID_KEY)
        self._api = sendgrid_api.Api(
            sendgrid_api.host(settings), secret, timeout
        )
        self._key = key
        self._page = page
        self._group = settings.sendgrid.unsubscribe_group
        self._path = newsletter.state / FILE
        kept = json_file.read(self._path, _position, DAMAGED)
        self._since, self._seen = kept or (0, set())
        self._newest = self._since

    def read(self, show: ShowSteps) -> Iterator[Report]:
        """Yield what is new in each list. Raises TransportError."""
        steps = len(LISTS) + bool(self._group)
        for step, name in enumerate(LISTS):
            show(step, steps)
            for entry in self._entries(name):
                created = _seconds(entry)
                self._newest = max(self._newest, created)
                if report := _report(name, entry, _day(created)):
                    yield report
        if self._group:
            show(len(LISTS), steps)
            yield from self._group_entries()
        show(steps, steps)

    def finish(self, _waiting: Set[Report]) -> None:
        """Remember what was read. Raises BriefingError."""
        position = {"since": self._newest, "seen": sorted(self._seen)}
        json_file.write_private(self._path, position)

    def _entries(self, name: str) -> Iterator[_Entry]:
        """Yield the entries of a list, page by page."""
        query = {
            "limit": self._page,
            "start_time": max(0, self._since - OVERLAP),
        }
        for number in range(MOST_PAGES):
            offset = {"offset": number * self._page}
            page = self._get(
                lambda client: client.suppression._(name).get(
                    query_params=query | offset  # noqa: B023  # called at once
                )
            )
            yield from (entry for entry in page if isinstance(entry, dict))
            if len(page) < self._page:
                return
        raise TransportError(
            f"SendGrid's list {name} never ends; look at it on SendGrid's site"
        )

    def _group_entries(self) -> Iterator[Report]:
        path = f"groups/{self._group}/suppressions"
        addresses = self._get(lambda client: client.asm._(path).get())
        today = clock.today()
        for address in map(str, addresses):
            # Entries of a group have no date. A keyed digest, so that the file has no addresses.
            digest = self._key.name(
                "sendgrid", "group", "0", address.casefold()
            )
            if digest not in self._seen:
                self._seen.add(digest)
                yield Left(Person(address=address), today)

    def _get(self, call: Callable[[Any], Any]) -> list[Any]:
        answer: Answer = self._api.ask(call)
        if answer.status != 200:
            raise TransportError(_describe_refusal(answer))
        content = answer.json()
        if not isinstance(content, list):
            raise TransportError(
                "the server isn't SendGrid; check 'host' under [sendgrid] in briefing.toml"
            )
        return content


def _describe_refusal(answer: Answer) -> str:
    if answer.status == 403:
        return (
            "SendGrid doesn't allow this API key to read who bounced or unsubscribed; give it read access to "
            f"Suppressions (at SendGrid: Settings, API Keys) ({sendgrid_api.describe(answer)})"
        )
    return sendgrid_api.describe_refusal(answer)


def _report(name: str, entry: _Entry, day: dt.date) -> Report | None:
    """Return what an entry of a list means; None for nothing."""
    person = Person(address=str(entry.get("email") or ""))
    if name != "blocks":
        return Left(person, day, _REASONS[name])
    kind = kind_of_words(f"{entry.get('reason')} {entry.get('status')}")
    return Returned(person, kind, day) if kind in FAILURES else None


def _seconds(entry: _Entry) -> int:
    """Return when an entry was made, in seconds since 1970; 0 if it doesn't say."""
    created = entry.get("created")
    if isinstance(created, int) and 0 <= created < 1 << 33:
        return created
    return 0


def _day(created: int) -> dt.date:
    """Return the day on which an entry was made; today without one, or instead of one in the future."""
    when = dt.datetime.fromtimestamp(created, dt.UTC)
    return min(when.date(), clock.today()) if created else clock.today()


def _position(kept: Any) -> tuple[int, set[str]]:
    """Return the time of the newest entry of the last sync, and the digests of a group's entries."""
    return int(kept["since"]), {str(digest) for digest in kept["seen"]}
