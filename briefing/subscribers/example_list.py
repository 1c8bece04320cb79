"""The example addresses on the list that `briefing init` writes: nobody gets mail there (RFC 2606)."""

from functools import cache

from briefing.newsletter import blank_newsletter
from briefing.subscribers.formats import open_list
from briefing.subscribers.subscriber_list import usable_rows


@cache
def example_identities() -> frozenset[str]:
    """Return the identities of the readers on the list of a new newsletter."""
    example = open_list(blank_newsletter() / "subscribers.csv")
    readers = usable_rows(example)
    return frozenset(reader.identity for reader in readers)
