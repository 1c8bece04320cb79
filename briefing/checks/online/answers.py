"""What the network answered about an issue's links and its sender's domain, for `rules.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from briefing.checks.rule import Location
from briefing.collecting.web.evidence import EvidenceFile
from briefing.errors import FetchError


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What the site behind a link answered."""

    status: int = 0
    """The HTTP status; 0 if there was no answer."""
    error: FetchError | None = None
    """Why there was no answer."""
    kept: EvidenceFile | None = None
    """The copy of the page from when the item was collected, if one was kept."""
    new_headline: str = ""
    """The page's headline now, if it no longer says what the kept one does."""

    def redirect_target(self, address: str) -> str:
        """The address that the link redirects to, if the failure was there; otherwise empty."""
        if self.error is None or _is_same(self.error.url, address):
            return ""
        return self.error.url

    def is_host_reachable(self, address: str) -> bool:
        """Whether the link's own host answered, if only with a redirect."""
        return self.error is None or bool(self.redirect_target(address))


@dataclass(frozen=True, slots=True)
class SenderRecords:
    """The DNS records of the sender's domain. A field is None if the look-up failed."""

    domain: str
    reply_domain: str
    """The domain that readers' replies go to."""
    spf: Sequence[str] | None
    spf_lookups: int | None
    """The further look-ups that evaluating the record takes; counting stops above the limit."""
    dmarc: Sequence[str] | None
    """The records of the domain, or of its nearest parent domain that has any."""
    accepts_mail: bool | None
    """Whether `reply_domain` accepts mail."""
    any_name_exists: bool
    """Whether any name was found: offline, some name servers deny that any name exists."""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What a page for unsubscribing answered to one request."""

    status: int = 0
    """The HTTP status; 0 if there was no answer."""
    body: bytes = field(default=b"", repr=False)
    is_redirected: bool = False
    sets_cookie: bool = False
    error: str = ""
    """Why there was no answer."""


@dataclass(frozen=True, slots=True)
class UnsubscribeAnswers:
    """What the page where readers unsubscribe answered to tokens that no reader has."""

    url: str
    """With {token}, as the settings have it."""
    page: PageAnswer
    """To the request that following the link makes."""
    button: PageAnswer
    """To the request that the button makes."""
    button_again: PageAnswer
    button_with_other_token: PageAnswer


@dataclass(frozen=True, slots=True)
class NetworkAnswers:
    """All the answers about one issue."""

    links: Mapping[str, LinkAnswer]
    """By address."""
    locations: Mapping[str, Sequence[Location]]
    """Where in the issue each address is."""
    records: SenderRecords
    settings_file: Path
    unsubscribing: UnsubscribeAnswers | None = None
    """None if readers unsubscribe elsewhere than at a server of [joining]."""

    @property
    def is_offline(self) -> bool:
        """Whether neither the links nor DNS could be reached."""
        if self.records.any_name_exists:
            return False
        return not any(
            answer.is_host_reachable(address)
            for address, answer in self.links.items()
        )


def _is_same(address: str, other: str) -> bool:
    return address.rstrip("/").lower() == other.rstrip("/").lower()
