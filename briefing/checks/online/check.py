"""Run `check --online`: query the network first, then apply the rules in `rules.py` to the
answers.
"""

from collections.abc import Iterable
from pathlib import Path
from threading import Event
from urllib.parse import unquote

import dns.resolver

from briefing.checks.rule import (
    Finding,
    Location,
    apply_rules,
    rules_of,
    sort_findings,
)
from briefing.collecting.web import evidence
from briefing.collecting.web.evidence import EvidenceFile
from briefing.errors import BriefingError
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.network.fetch_guard import Guard
from briefing.network.parallel import ShowSteps, no_progress
from briefing.newsletter import SETTINGS_FILE, Newsletter
from briefing.rendering.edition import render
from briefing.storage import files
from briefing.text.decoding import decode
from briefing.text.markup import parse_html

from . import rules, unsubscribe_page
from .answers import NetworkAnswers
from .dns_records import look_up
from .link_requests import LinkRequests, Wait

Locations = dict[str, list[Location]]


def check_online(
    newsletter: Newsletter,
    folder: Path,
    *,
    guard: Guard | None = None,
    resolver: dns.resolver.Resolver | None = None,
    wait: Wait = Event.wait,
    progress: ShowSteps = no_progress,
) -> list[Finding]:
    """Return findings about an issue's links and its sender's domain. `progress` gets the numbers
    of finished links and of all links.

    Links are requested through the proxy in the settings, if any. DNS isn't: it learns only the
    sender's domain. Raises IssueError if the file of an edition can't be read; one that can't be
    rendered is left to the offline rules.
    """
    locations = _locations_of_links(
        newsletter, store.editions(newsletter, folder)
    )
    kept = {
        address: _latest_evidence(newsletter, address) for address in locations
    }
    guard = guard or Guard(proxy=newsletter.settings.collect.proxy)
    requests = LinkRequests(guard, kept, wait)
    links = requests.ask_all(progress)
    records = look_up(newsletter.settings.newsletter, resolver)
    answers = NetworkAnswers(
        links,
        locations,
        records,
        newsletter.root / SETTINGS_FILE,
        unsubscribe_page.ask(newsletter.settings, guard),
    )
    # Offline, a single finding is clearer than one for each question.
    chosen = [rules.offline] if answers.is_offline else rules_of(rules)
    return sort_findings(apply_rules(chosen, answers, folder))


def _locations_of_links(
    newsletter: Newsletter, editions: Iterable[Edition]
) -> Locations:
    """Map each web address that readers get to its locations in the issue's files."""
    locations: Locations = {}
    for edition in editions:
        try:
            page = parse_html(render(newsletter, edition).html.filled({}))
        except BriefingError:
            continue
        lines = decode(files.read(edition.path)).split("\n")
        hrefs = [link.get("href", "") for link in page.iter("a")]
        for address in dict.fromkeys(hrefs):
            if address.startswith(("https://", "http://")):
                location = Location(_line(address, lines), edition.path)
                locations.setdefault(address, []).append(location)
    return locations


def _line(address: str, lines: Iterable[str]) -> int | None:
    """Return the line that contains an address, encoded or not; None if settings or a template add
    it.
    """
    plain = unquote(address)
    for number, line in enumerate(lines, 1):
        if address in line or plain in unquote(line):
            return number
    return None


def _latest_evidence(
    newsletter: Newsletter, address: str
) -> EvidenceFile | None:
    pages = evidence.find_kept(newsletter, address)
    return pages[-1] if pages else None
