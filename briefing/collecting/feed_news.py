"""Poll a newsletter's feeds for entries that are new to the editor, and remember those shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from briefing.collecting.feeds.feed import Entry
from briefing.collecting.feeds.polling import PollResult, poll
from briefing.collecting.feeds.seen_file import SeenFile
from briefing.collecting.intake import Progress, no_progress
from briefing.collecting.web.canonical import address_to_request
from briefing.errors import RefusedError
from briefing.fetch import Guard, fetch
from briefing.newsletter import Newsletter


@dataclass(frozen=True, slots=True)
class FeedNews:
    """The entries that the editor hasn't seen yet, feed by feed."""

    seen: SeenFile
    results: Sequence[PollResult]

    @property
    def warnings(self) -> list[str]:
        """What went wrong: the record of seen entries is damaged, or feeds failed."""
        errors = [result.error for result in self.results]
        lines = [self.seen.note, *map(str, filter(None, errors))]
        return list(filter(None, lines))

    @property
    def entries(self) -> list[Entry]:
        entries: list[Entry] = []
        for result in self.results:
            entries += result.entries
        return entries

    def require_an_answer(self) -> None:
        """Raise RefusedError if every feed failed."""
        if all(result.error for result in self.results):
            raise RefusedError("no feed answered; nothing was collected")

    def remember(self, failed: Collection[str] = ()) -> None:
        """Record that the editor saw these entries, so that they aren't shown again.

        Those with an address in `failed` will be shown again. Call this only after the chosen ones
        are in the inbox. Raises BriefingError.
        """
        for result in self.results:
            if not result.feed:
                continue
            collected = []
            for entry in result.entries:
                if address_to_request(entry.link) not in failed:
                    collected.append(entry)
            if len(collected) == len(result.entries):
                self.seen.remember(
                    result.url, collected, result.etag, result.modified
                )
            else:
                # Without ETag and Last-Modified the site sends the failed entries again.
                self.seen.remember(result.url, collected)
        self.seen.save()


def poll_feeds(
    newsletter: Newsletter,
    guard: Guard,
    progress: Progress = no_progress,
) -> FeedNews:
    """Fetch the newsletter's feeds. Raises RefusedError if its settings list none."""
    feeds = newsletter.settings.collect.feeds
    if not feeds:
        raise RefusedError(
            "there are no feeds; add their addresses to [collect] feeds in briefing.toml"
        )
    seen = SeenFile.of(newsletter)
    guarded = partial(fetch, guard=guard)
    results = poll(seen, guarded, feeds, progress=progress)
    return FeedNews(seen, results)
