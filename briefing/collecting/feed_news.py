"""Poll a newsletter's feeds, offer their entries, and remember those that weren't chosen."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from briefing.collecting.feeds.feed import Entry
from briefing.collecting.feeds.polling import PollResult, poll
from briefing.collecting.feeds.seen import FeedRecord
from briefing.collecting.feeds.seen_file import SeenFile
from briefing.collecting.web.canonical import address_to_request
from briefing.errors import RefusedError
from briefing.network.fetch import fetch
from briefing.network.fetch_guard import Guard
from briefing.network.parallel import ShowSteps
from briefing.newsletter import Newsletter


@dataclass(frozen=True, slots=True)
class FeedOffer:
    """The entries of one feed for the editor to choose from, the newest first."""

    url: str
    name: str
    """The feed's title, or else its address."""
    new: tuple[Entry, ...]
    shown_before: tuple[Entry, ...]
    """Those that were in an earlier list and weren't chosen."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.new + self.shown_before


@dataclass(frozen=True, slots=True)
class FeedNews:
    """What the feeds offer: their new entries; with `since`, all from that day on that weren't
    collected.
    """

    seen: SeenFile
    results: Sequence[PollResult]
    since: dt.date | None = None

    @property
    def warnings(self) -> list[str]:
        """What went wrong: the record of the feeds is damaged, or feeds failed."""
        errors = [result.error for result in self.results]
        lines = [self.seen.note, *map(str, filter(None, errors))]
        return list(filter(None, lines))

    @property
    def offers(self) -> list[FeedOffer]:
        """What each feed offers, without feeds that offer nothing."""
        offers = []
        for result in self.results:
            record = self.seen.record(result.url)
            name = record.title or result.url
            new = self._waiting(record, was_shown=False)
            before = self._waiting(record, was_shown=True) if self.since else ()
            if new or before:
                offers.append(FeedOffer(result.url, name, new, before))
        return offers

    @property
    def entries(self) -> list[Entry]:
        """All that is offered, feed by feed."""
        return [entry for offer in self.offers for entry in offer.entries]

    def require_an_answer(self) -> None:
        """Raise RefusedError if every feed failed."""
        if all(result.error for result in self.results):
            raise RefusedError(
                "none of the feeds could be read; nothing was collected"
            )

    def keep(self) -> None:
        """Record the new entries, so that none is lost when its feed drops it. Raises BriefingError."""
        self.seen.save()

    def remember(
        self, chosen: Collection[str], failed: Collection[str] = ()
    ) -> None:
        """Record that the editor saw this list and chose the entries with these links.

        Those with an address in `failed` stay as they were. Call this only after the others are in
        the inbox. Raises BriefingError.
        """
        addresses = set(map(address_to_request, chosen))
        for offer in self.offers:
            collected = []
            passed_over = []
            for entry in offer.entries:
                address = address_to_request(entry.link)
                if address not in addresses:
                    passed_over.append(entry)
                elif address not in failed:
                    collected.append(entry)
            self.seen.settle(offer.url, collected, passed_over)
        self.seen.save()

    def count_shown_before(self, since: dt.date) -> int:
        """Return how many entries from a day on were in an earlier list and weren't chosen."""
        return sum(
            waiting.was_shown and waiting.day >= since
            for result in self.results
            for waiting in self.seen.record(result.url).waiting
        )

    def _waiting(
        self, record: FeedRecord, *, was_shown: bool
    ) -> tuple[Entry, ...]:
        first = self.since or dt.date.min
        return tuple(
            waiting.entry
            for waiting in record.waiting
            if waiting.was_shown == was_shown and waiting.day >= first
        )


def poll_feeds(
    newsletter: Newsletter,
    guard: Guard,
    progress: ShowSteps,
    *,
    today: dt.date,
    since: dt.date | None,
) -> FeedNews:
    """Fetch the newsletter's feeds; offer what is new, or everything from the day `since` on that
    wasn't collected. Nothing is written. Raises RefusedError if the settings list no feeds.
    """
    feeds = newsletter.settings.collect.feeds
    if not feeds:
        raise RefusedError(
            "there are no feeds; add their addresses to 'feeds' under [collect] in briefing.toml"
        )
    seen = SeenFile.of(newsletter)
    guarded = partial(fetch, guard=guard)
    results = poll(seen, guarded, feeds, progress=progress)
    for result in results:
        if result.feed:
            seen.add(result.feed, result.etag, result.modified, today)
    return FeedNews(seen, results, since)
