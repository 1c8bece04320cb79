"""The network's answers about an issue's links and its sender's domain, for the rules in
`online.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from briefing.checks.rule import Location
from briefing.collecting.web.evidence import EvidenceFile
from briefing.errors import FetchError


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What the site of a link answered."""

    status: int = 0
    """Of HTTP; 0 where there was no answer."""
    error: FetchError | None = None
    """Why there was none."""
    kept: EvidenceFile | None = None
    """The page as it was when the item was collected, if it was kept."""
    new_headline: str = ""
    """The page's headline, where it says something else than the kept one."""

    def redirect_target(self, address: str) -> str:
        """Where a redirect of the link led, if that is where it failed; else empty."""
        if self.error is None or _is_same(self.error.url, address):
            return ""
        return self.error.url

    def is_host_reachable(self, address: str) -> bool:
        """Whether the link's own host answered."""
        return self.error is None or bool(self.redirect_target(address))


@dataclass(frozen=True, slots=True)
class SenderRecords:
    """What DNS says about the domain that mails are sent from; None where it couldn't be looked up."""

    domain: str
    reply_domain: str
    """Where readers' replies go."""
    spf: Sequence[str] | None
    spf_lookups: int | None
    """What evaluating the record costs in further look-ups, counted only as far as it matters."""
    dmarc: Sequence[str] | None
    """Of the domain, or of the nearest one above it that has any."""
    accepts_mail: bool | None
    """Whether `reply_domain` does."""
    any_name_exists: bool
    """Without a network, some name servers say of every name that it doesn't exist."""


@dataclass(frozen=True, slots=True)
class Answers:
    """All that was asked."""

    links: Mapping[str, LinkAnswer]
    """By address."""
    locations: Mapping[str, Sequence[Location]]
    """Where each address is in the issue."""
    records: SenderRecords
    settings_file: Path

    @property
    def is_offline(self) -> bool:
        """Whether nothing at all could be reached."""
        if self.records.any_name_exists:
            return False
        return not any(
            answer.is_host_reachable(address) for address, answer in self.links.items()
        )


def _is_same(address: str, other: str) -> bool:
    return address.rstrip("/").lower() == other.rstrip("/").lower()
