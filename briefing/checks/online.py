"""`check --online`: what only the network knows. Do the issue's links answer, and does DNS vouch for the sender?

First everything is asked, then it is judged: without a network there is one warning, not one for each question.
DKIM isn't looked up: its records stand below selectors that only the provider knows (RFC 6376 3.6.2.1).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import unquote

import dns.exception
import dns.resolver
from lxml import html as lxml_html

from briefing.checks.rule import Finding, Severity
from briefing.collecting.web import evidence
from briefing.collecting.web.evidence import Kept
from briefing.errors import BriefingError, FetchError, shown
from briefing.fetch import Guard, fetch
from briefing.issue import store
from briefing.issue.store import Edition
from briefing.newsletter import SETTINGS_FILE, Newsletter
from briefing.rendering.edition import render

RULES: Mapping[str, tuple[Severity, str]] = {
    "link-gone": (Severity.ERROR, "A link leads to no page, or to no host. Correct it, or take it out."),
    "headline-changed": (
        Severity.WARNING,
        "A page has another headline than when it was collected. Read it again, and your text with it.",
    ),
    "link-unchecked": (Severity.WARNING, "A site doesn't answer programs, or not now. Open the link in a browser."),
    "spf": (Severity.ERROR, "The sender's domain has no sound SPF record (RFC 7208). Add the one in the message."),
    "dmarc": (Severity.ERROR, "The sender's domain has no sound DMARC record (RFC 7489). Add the one in the message."),
    "mx": (Severity.ERROR, "Answers of readers have nowhere to go (RFC 5321 5.1). Add an MX record."),
    "dns-unchecked": (Severity.WARNING, "A record could not be looked up. Try again later."),
    "offline": (Severity.WARNING, "Nothing could be asked. Check again when this computer is online."),
}
"""What is found here, for docs/checks.md."""

AT_ONCE = 8
"""Hosts that are asked side by side; each one gets a request at a time."""
PAUSE = 1.0
"""Seconds between two requests to one host."""
DNS_SECONDS = 5.0
MOST_LOOKUPS = 10
"""Look-ups that evaluating an SPF record may cost (RFC 7208 4.6.4)."""

SPF = r"v=spf1(\s|$)"
OFFLINE = "neither the links nor the sender's domain can be found; check again when this computer is online"
_GONE = {404: "there is no such page", 410: "the page was taken down"}


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What is the matter with a link, or with the sender's domain."""

    rule: str
    message: str
    reached: bool = True
    """Whether a link's host answered at all."""


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    line: int | None = None


def check_online(
    newsletter: Newsletter,
    folder: Path,
    *,
    guard: Guard | None = None,
    resolver: dns.resolver.Resolver | None = None,
    pause: float = PAUSE,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Finding]:
    """What is found about an issue's links and its sender's domain. `progress` is told how many links of all are done.

    Links are asked through the proxy of the settings, if there is one; DNS isn't: it is told the sender's domain alone.
    Raises IssueError where an edition's file can't be read; one that can't be rendered is the other checks' matter.
    """
    places = _links(newsletter, store.editions(newsletter, folder))
    guard = guard or Guard(proxy=newsletter.settings.collect.proxy)
    ask = _Asking(guard, {address: evidence.pages(newsletter, address) for address in places})
    links = _ask_all(places, ask, pause, progress)
    names = _Names(resolver)
    domain = list(_domain(newsletter, names))
    if not names.known and not any(one is None or one.reached for one in links.values()):
        return [_finding(_Trouble("offline", OFFLINE), _Place(folder))]
    found = [_finding(one, place) for address, one in links.items() if one for place in places[address]]
    settings = _Place(newsletter.root / SETTINGS_FILE)
    found += [_finding(one, settings) for one in domain]
    return sorted(found, key=lambda finding: (str(finding.path), finding.line or 0))


def _finding(trouble: _Trouble, place: _Place) -> Finding:
    severity, _ = RULES[trouble.rule]
    return Finding(trouble.rule, severity, place.path, place.line, trouble.message)


def _links(newsletter: Newsletter, editions: Iterable[Edition]) -> dict[str, list[_Place]]:
    """The web addresses that readers find in the issue, with where they stand in its files."""
    places: dict[str, list[_Place]] = defaultdict(list)
    for edition in editions:
        try:
            page = lxml_html.document_fromstring(render(newsletter, edition).html.filled({}))
        except BriefingError:
            continue
        lines = edition.path.read_text("utf-8").split("\n")
        hrefs = (str(link.get("href", "")) for link in page.iter("a"))
        for address in dict.fromkeys(one for one in hrefs if re.match("https?://", one)):
            places[address].append(_Place(edition.path, _line(address, lines)))
    return dict(places)


def _line(address: str, lines: Iterable[str]) -> int | None:
    """Where an address stands, as it is or before Markdown encoded it; None for one of the settings or templates."""
    plain = unquote(address)
    return next((number for number, line in enumerate(lines, 1) if address in line or plain in unquote(line)), None)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks for a link: what is the matter with it, or None if it answers."""

    guard: Guard
    kept: Mapping[str, Sequence[Kept]]
    """What was kept of a link's page when it was collected, the latest last."""

    def __call__(self, address: str) -> _Trouble | None:
        kept = self.kept[address]
        try:
            status, body = self._answer(address, whole=bool(kept))
        except FetchError as error:
            return _unreached(address, error, kept)
        if status in _GONE:
            message = f"'{address}' answers {status}: {_GONE[status]}; correct the link or take it out"
            return _Trouble("link-gone", message + _kept_in(kept))
        if status >= 400:
            why = f"it answers {status}; open it in a browser to see whether it works"
            return _Trouble("link-unchecked", f"'{address}' could not be checked: {why}")
        return _rewritten(address, kept[-1], body) if kept and status == 200 else None

    def _answer(self, address: str, *, whole: bool) -> tuple[int, bytes]:
        """Status and page. Its head is enough unless the `whole` is wanted; sites that don't know HEAD are asked for
        the page."""
        status = 0
        if not whole:
            try:
                status = fetch(address, guard=self.guard, method="HEAD").status
            except FetchError as error:
                if error.no_host:
                    raise
        if 200 <= status < 400:
            return status, b""
        answer = fetch(address, guard=self.guard)
        return answer.status, answer.body


def _ask_all(
    addresses: Iterable[str], ask: _Asking, pause: float, progress: Callable[[int, int], None]
) -> dict[str, _Trouble | None]:
    """What is the matter with each address; hosts are asked side by side, one host's addresses one after the other."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[address.split("/")[2].lower()].append(address)
    total = sum(map(len, by_host.values()))
    found: dict[str, _Trouble | None] = {}
    stopped = Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            tasks = [pool.submit(_ask_host, group, ask, pause, stopped) for group in by_host.values()]
            for task in as_completed(tasks):
                found |= task.result()
                progress(len(found), total)
        finally:  # the person may have stopped it
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return found


def _ask_host(addresses: list[str], ask: _Asking, pause: float, stopped: Event) -> dict[str, _Trouble | None]:
    found: dict[str, _Trouble | None] = {}
    for address in addresses:
        if found and stopped.wait(pause):
            break
        found[address] = ask(address)
    return found


def _rewritten(address: str, kept: Kept, page: bytes) -> _Trouble | None:
    """What is to be said where a page has another headline than when it was collected."""
    now = evidence.headline_of(page, address)
    if not now or not kept.headline or not evidence.changed(kept.headline, now):
        return None
    message = f"'{address}' has changed its headline since {_day(kept)}: it was “{kept.headline}” and is “{now}”"
    return _Trouble("headline-changed", f"{message}; read it again, and your text with it{_kept_in([kept])}")


def _kept_in(kept: Sequence[Kept]) -> str:
    return f"; the page of {_day(kept[-1])} is kept in {shown(kept[-1].path)}" if kept else ""


def _day(kept: Kept) -> str:
    day = kept.at.astimezone()
    return f"{day.day} {day:%B %Y}"


def _unreached(address: str, error: FetchError, kept: Sequence[Kept]) -> _Trouble:
    hop = "" if error.url.rstrip("/").lower() == address.rstrip("/").lower() else f"leads on to '{error.url}', which "
    if error.no_host:
        message = f"'{address}' {hop or 'leads nowhere: '}{error.message}; correct the link or take it out"
        return _Trouble("link-gone", message + _kept_in(kept), reached=bool(hop))
    message = f"'{address}' could not be checked: it {hop}{error.message}; open it in a browser to see whether it works"
    return _Trouble("link-unchecked", message, reached=bool(hop))


class _Names:
    """DNS, asked for whole texts. Its methods raise DNSException or OSError where nobody answers."""

    def __init__(self, resolver: dns.resolver.Resolver | None) -> None:
        self._resolver = resolver
        self.known = False
        """Whether any name was known. Without a network, some name servers say of each one that it doesn't exist."""

    def texts(self, name: str, begin: str) -> list[str]:
        """The TXT records of a name that begin so, whatever their capitals."""
        texts = (b"".join(record.strings).decode("utf-8", "replace") for record in self.records(name, "TXT"))
        return [text for text in texts if re.match(begin, text, re.IGNORECASE)]

    def records(self, name: str, kind: str) -> list[Any]:
        self._resolver = self._resolver or dns.resolver.Resolver()
        found: list[Any] = []
        try:
            found = list(self._resolver.resolve(name, kind, lifetime=DNS_SECONDS, search=False))
        except dns.resolver.NXDOMAIN:
            return []
        except dns.resolver.NoAnswer:
            pass
        self.known = True
        return found


def _domain(newsletter: Newsletter, names: _Names) -> Iterator[_Trouble]:
    """What is the matter with the records of the sender's domain."""
    settings = newsletter.settings.newsletter
    sender, answers = settings.sender.domain, (settings.reply_to or settings.sender).domain
    for kind, question, domain in (("SPF", _spf, sender), ("DMARC", _dmarc, sender), ("MX", _mx, answers)):
        try:
            trouble = question(names, domain)
        except (dns.exception.DNSException, OSError):
            trouble = _Trouble(
                "dns-unchecked", f"the {kind} record of {domain} could not be looked up; try again later"
            )
        if trouble:
            yield trouble


def _spf(names: _Names, domain: str) -> _Trouble | None:
    records = names.texts(domain, SPF)
    add = f'{domain} TXT "v=spf1 include:YOUR-PROVIDER -all"'
    if not records:
        return _Trouble(
            "spf", f"{domain} doesn't say who may send in its name; add {add}, with what your provider names"
        )
    if len(records) > 1:
        return _Trouble(
            "spf", f"{domain} has {len(records)} SPF records, and so none that counts; make one of them: {add}"
        )
    if re.search(r"(?:^|\s)\+?all(?:\s|$)", records[0], re.IGNORECASE):
        return _Trouble("spf", f"the SPF record of {domain} lets everybody send in its name; end it with -all: {add}")
    if _lookups(names, records[0], MOST_LOOKUPS) > MOST_LOOKUPS:
        message = f"the SPF record of {domain} takes more than {MOST_LOOKUPS} look-ups and counts as broken"
        return _Trouble("spf", f"{message}; take out providers that you no longer send through: {add}")
    return None


def _lookups(names: _Names, record: str, most: int) -> int:
    """About how many look-ups a record costs; not counted on beyond `most`."""
    count = 0
    for term in record.split()[1:]:
        match = re.fullmatch(r"[+?~-]?(include:|redirect=|exists:|a\b|mx\b|ptr\b)(.*)", term, re.IGNORECASE)
        if not match:
            continue
        count += 1
        if count > most:
            break
        if match[1].lower() in {"include:", "redirect="} and "%" not in match[2]:
            for further in names.texts(match[2], SPF)[:1]:
                count += _lookups(names, further, most - count)
    return count


def _dmarc(names: _Names, domain: str) -> _Trouble | None:
    add = f'_dmarc.{domain} TXT "v=DMARC1; p=none; rua=mailto:dmarc-reports@{domain}"'
    labels = domain.split(".")
    # A subdomain without a record has that of a domain above it. Which is the last one isn't known without a list of
    # public suffixes; but these have no such record, so that going up to them does no harm.
    above = (".".join(labels[start:]) for start in range(len(labels) - 1))
    records = next(filter(None, (names.texts(f"_dmarc.{one}", r"v\s*=\s*DMARC1\s*(;|$)") for one in above)), [])
    if not records:
        message = f"{domain} doesn't say what becomes of mail that others send in its name, which large inboxes ask for"
        return _Trouble("dmarc", f"{message}; add {add}")
    if len(records) > 1:
        return _Trouble("dmarc", f"{domain} has {len(records)} DMARC records, and so none that counts; keep one: {add}")
    if not re.search(r";\s*p\s*=\s*(none|quarantine|reject)\s*(;|$)", records[0], re.IGNORECASE):
        message = f"the DMARC record of {domain} has no policy (p=none, p=quarantine or p=reject)"
        return _Trouble("dmarc", f"{message}; make it {add}")
    return None


def _mx(names: _Names, domain: str) -> _Trouble | None:
    exchanges = names.records(domain, "MX")
    if any(str(one.exchange) != "." for one in exchanges):  # a single dot: takes no mail (RFC 7505)
        return None
    if not exchanges and (names.records(domain, "A") or names.records(domain, "AAAA")):
        return None
    message = f"{domain} takes no mail, so that answers of readers are lost"
    return _Trouble("mx", f"{message}; add {domain} MX 10 YOUR-MAIL-SERVER, or set another [newsletter] reply_to")
