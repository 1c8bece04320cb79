"""Example addresses, which belong to nobody (RFC 2606): those on the list that `briefing init` writes, and
those on the list of the sample newsletter.
"""

from functools import cache

from briefing.newsletter import SAMPLE_LIST, blank_newsletter, package_templates

from .subscriber_list import open_list, usable_rows


@cache
def example_identities() -> frozenset[str]:
    """Return the identities of the readers on both lists; only a checkout has the second one."""
    files = [
        blank_newsletter() / "subscribers.csv",
        package_templates().parent / SAMPLE_LIST,
    ]
    lists = [open_list(file) for file in files if file.exists()]
    return frozenset(
        reader.identity for example in lists for reader in usable_rows(example)
    )
