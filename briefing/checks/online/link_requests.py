"""Request links to see whether they work: several hosts in parallel, one link at a time on each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Event

from briefing.collecting.web import evidence
from briefing.collecting.web.evidence import EvidenceFile
from briefing.errors import FetchError
from briefing.network.fetch import fetch
from briefing.network.fetch_guard import Guard
from briefing.network.parallel import ShowSteps, ask_in_parallel

from .answers import LinkAnswer

PARALLEL_HOSTS = 8
PAUSE = 1.0
"""Seconds between two requests to one host."""

Wait = Callable[[Event, float], bool]
"""Waits for an event, at most this many seconds, and returns whether it was set."""


@dataclass(frozen=True, slots=True)
class LinkRequests:
    """Requests links, and compares their pages with the copies kept when they were collected."""

    guard: Guard
    kept: Mapping[str, EvidenceFile | None]
    """By address."""
    wait: Wait = Event.wait

    def ask_all(self, progress: ShowSteps) -> dict[str, LinkAnswer]:
        """Return the answers by address. `progress` gets the numbers of finished links and of all
        links.
        """
        answers: dict[str, LinkAnswer] = {}
        stopped = Event()

        def ask_host(addresses: Sequence[str]) -> None:
            for number, address in enumerate(addresses):
                if number and self.wait(stopped, PAUSE):
                    return
                answers[address] = self.ask(address)

        def show(_hosts: int, _all_hosts: int) -> None:
            progress(len(answers), len(self.kept))

        try:
            ask_in_parallel(ask_host, _by_host(self.kept), PARALLEL_HOSTS, show)
        finally:  # the editor may have pressed Ctrl-C
            stopped.set()
        return answers

    def ask(self, address: str) -> LinkAnswer:
        kept = self.kept[address]
        try:
            if kept is None:
                return LinkAnswer(self._status(address))
            page = fetch(address, guard=self.guard)
        except FetchError as error:
            return LinkAnswer(error=error, kept=kept)
        headline = (
            _changed_headline(kept, page.body, address)
            if page.status == 200
            else ""
        )
        return LinkAnswer(page.status, kept=kept, new_headline=headline)

    def _status(self, address: str) -> int:
        """Return the status of a page, by a HEAD request if the site supports it. Raises
        FetchError.
        """
        status = 0
        try:
            status = fetch(address, guard=self.guard, method="HEAD").status
        except FetchError as error:
            if error.no_host:
                raise
        return (
            status
            if 200 <= status < 400
            else fetch(address, guard=self.guard).status
        )


def _by_host(addresses: Mapping[str, object]) -> list[list[str]]:
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        hosts[address.split("/")[2].lower()].append(address)
    return list(hosts.values())


def _changed_headline(kept: EvidenceFile, page: bytes, address: str) -> str:
    """Return a page's headline if it no longer says what the kept one does; otherwise empty."""
    headline = evidence.read_headline(page, address)
    if (
        headline
        and kept.headline
        and evidence.headline_changed(kept.headline, headline)
    ):
        return headline
    return ""
