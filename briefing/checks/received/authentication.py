"""Parse DKIM-Signature (RFC 6376), and tell whether a domain vouches for a sender's."""

from collections.abc import Iterable, Iterator

from briefing.collecting.text.hosts import site_of


def parse_signatures(fields: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield the tags of each DKIM signature: `d` is the domain, `h` lists the signed fields."""
    for field in fields:
        tags = {}
        for tag in "".join(field.split()).split(";"):
            name, _, value = tag.partition("=")
            tags[name] = value.lower()
        yield tags


def is_aligned(domain: str, sender: str) -> bool:
    """Whether a domain vouches for the sender's, by DMARC's relaxed alignment (RFC 7489 3.1).

    Without the public suffix list, the domain that an organisation registered is estimated. That is
    good enough for advice; the inbox's own DMARC verdict is what counts.
    """
    return bool(domain) and site_of(domain) == site_of(sender)
