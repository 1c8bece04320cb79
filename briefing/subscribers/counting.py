"""Count the readers of a list by language and tag. No I/O."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from briefing.keys import Key

from .subscriber_list import BadRow, SubscriberList
from .suppression import Suppression, token_of


@dataclass(frozen=True, slots=True)
class Counts:
    """How many readers a list has, each counted once."""

    readers: int
    """Those who get emails."""
    suppressed: int
    """Those on the list who unsubscribed."""
    languages: Mapping[str, int]
    """Readers who get emails by their language, the most frequent first; "" if the list has none."""
    tags: Mapping[str, int]
    bad_rows: int
    duplicates: int
    """Rows that repeat a reader."""


def count(
    subscribers: SubscriberList, key: Key, suppression: Suppression
) -> Counts:
    """Count the readers of a list, which is read once."""
    seen: set[str] = set()
    suppressed = bad_rows = duplicates = 0
    languages: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for row in subscribers.rows():
        if isinstance(row, BadRow):
            bad_rows += 1
        elif row.identity in seen:
            duplicates += 1
        else:
            seen.add(row.identity)
            if token_of(key, row.identity) in suppression:
                suppressed += 1
                continue
            languages[row.lang] += 1
            tags.update(row.tags)
    return Counts(
        readers=sum(languages.values()),
        suppressed=suppressed,
        languages=dict(languages.most_common()),
        tags=dict(tags.most_common()),
        bad_rows=bad_rows,
        duplicates=duplicates,
    )
