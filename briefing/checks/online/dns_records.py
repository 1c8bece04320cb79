"""Look up the mail records of the sender's domain in DNS."""

from collections.abc import Callable
from typing import Any, TypeVar

import dns.exception
import dns.resolver

from briefing.configuration.settings import NewsletterSettings

from .answers import SenderRecords
from .rules import MOST_LOOKUPS

Answer = TypeVar("Answer")
SECONDS = 5.0


def look_up(
    settings: NewsletterSettings, resolver: dns.resolver.Resolver | None
) -> SenderRecords:
    """Return the records of the sender's domain, and whether the domain for replies accepts mail.

    A record whose look-up failed is None. Without a resolver, the system's is asked.
    """
    server = _NameServer(resolver)
    domain = settings.sender.domain
    reply_domain = (settings.reply_to or settings.sender).domain
    spf = _answer_or_none(server.spf, domain)
    return SenderRecords(
        domain=domain,
        reply_domain=reply_domain,
        spf=spf,
        spf_lookups=None
        if spf is None
        else _answer_or_none(server.spf_lookups, spf),
        dmarc=_answer_or_none(server.dmarc, domain),
        accepts_mail=_answer_or_none(server.accepts_mail, reply_domain),
        any_name_exists=server.any_exists,
    )


def _answer_or_none(
    ask: Callable[..., Answer], question: object
) -> Answer | None:
    try:
        return ask(question)
    except (dns.exception.DNSException, OSError):
        return None


class _NameServer:
    """Queries a name server. Its methods raise DNSException or OSError if there is no answer."""

    def __init__(self, resolver: dns.resolver.Resolver | None) -> None:
        self._resolver = resolver
        self.any_exists = False

    def spf(self, domain: str) -> list[str]:
        return list(filter(_is_spf, self._texts(domain)))

    def spf_lookups(self, records: list[str]) -> int:
        """Estimate the look-ups that the record takes; 0 unless there is exactly one record."""
        return (
            self._lookups(records[0], MOST_LOOKUPS) if len(records) == 1 else 0
        )

    def _lookups(self, record: str, most: int) -> int:
        """Count the look-ups of a record, up to one more than `most`."""
        count = 0
        for term in record.split()[1:]:
            mechanism, target = _mechanism(term)
            if mechanism not in {
                "include",
                "redirect",
                "exists",
                "a",
                "mx",
                "ptr",
            }:
                continue
            count += 1
            if count > most:
                break
            if mechanism in {"include", "redirect"} and "%" not in target:
                # "%{i}" depends on the sender.
                for included in self.spf(target)[:1]:
                    count += self._lookups(included, most - count)
        return count

    def dmarc(self, domain: str) -> list[str]:
        """Return the records of the domain, or of its nearest parent domain that has any."""
        # Without a list of public suffixes we can't stop in time, but querying those is harmless:
        # they have no such record.
        while "." in domain:
            records = list(filter(_is_dmarc, self._texts(f"_dmarc.{domain}")))
            if records:
                return records
            domain = domain.partition(".")[2]
        return []

    def accepts_mail(self, domain: str) -> bool:
        exchanges = self._records(domain, "MX")
        if not exchanges:  # mail goes to the host itself (RFC 5321 5.1)
            return bool(
                self._records(domain, "A") or self._records(domain, "AAAA")
            )
        hosts = {str(record.exchange) for record in exchanges}
        return hosts != {"."}  # which says that there is no mail (RFC 7505)

    def _texts(self, name: str) -> list[str]:
        return [
            b"".join(record.strings).decode("utf-8", "replace")
            for record in self._records(name, "TXT")
        ]

    def _records(self, name: str, kind: str) -> list[Any]:
        self._resolver = self._resolver or dns.resolver.Resolver()
        found: list[Any] = []
        try:
            answer = self._resolver.resolve(
                name, kind, lifetime=SECONDS, search=False
            )
            found = list(answer)
        except dns.resolver.NXDOMAIN:
            return []
        except dns.resolver.NoAnswer:
            pass
        self.any_exists = True
        return found


def _is_spf(text: str) -> bool:
    return text.lower().partition(" ")[0] == "v=spf1"


def _mechanism(term: str) -> tuple[str, str]:
    """Split `include:example.org` or `redirect=example.org` in two."""
    bare = term.lstrip("+?~-").lower()
    name, _, target = bare.replace("=", ":", 1).partition(":")
    return name.partition("/")[0], target


def _is_dmarc(text: str) -> bool:
    version = text.partition(";")[0].lower()
    return "".join(version.split()) == "v=dmarc1"
