"""Take host names apart, and match them with the patterns in data files."""

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from .wordlists import words

# Under these labels of a country anyone can register a name: example.co.uk (from the Public Suffix
# List).
_SHARED_LABELS = words(
    "ac asn asso co com edu ed gob gouv gen go gov govt gv idv info ltd mil ne net nom or org plc sch web"
)
_COMMON_LABELS = words("www m mobile amp")
# Those without a country that people write without https://.
_DOMAINS = words(
    "com org net int edu gov mil info biz news media press ngo ong eu uk su"
)
_FILE_ENDINGS = words("md py sh")
"""Countries whose domains are read as the endings of files: README.md."""
_HOST_END = re.compile(r"[/?#]")
_LABEL = re.compile(r"[^\W_]++(?:-++[^\W_]++)*+")


def host_of(address: str) -> str:
    """Return the host of a web address in lower case; "" if it has none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def with_scheme(address: str) -> str:
    """Return an address that begins with a host under a known top-level domain, or with "www.", with
    https://, as people leave it out: example.org/news. Any other address stays as it is.
    """
    host, *_ = _HOST_END.split(address, maxsplit=1)
    *labels, domain = host.lower().split(".")
    if not labels or not all(map(_LABEL.fullmatch, labels)):
        return address
    is_host = labels[0] == "www" or domain in _domains()
    return f"https://{address}" if is_host else address


@cache
def _domains() -> frozenset[str]:
    territories = map(str.lower, Locale("en").territories)
    countries = {code for code in territories if code.isalpha()}
    return (_DOMAINS | countries) - _FILE_ENDINGS


def is_first_page(address: str) -> bool:
    """Return whether a web address leads to a site as a whole, and to no page of it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return not (parts.path.strip("/") or parts.query or parts.fragment)


def without_www(host: str) -> str:
    """Return a host without a leading `www.`, `m.` or the like."""
    first, _, rest = host.partition(".")
    # "m.org" is a site of its own.
    if "." not in rest:
        return host
    is_numbered = first.startswith("www") and first[3:].isdecimal()
    is_common = first in _COMMON_LABELS or is_numbered
    return rest if is_common else host


def site_of(host: str) -> str:
    """Return the registered domain of a host: `news.example.co.uk` → `example.co.uk`."""
    labels = host.lower().strip(".").split(".")
    length = 3 if _is_shared(labels) else 2
    return ".".join(labels[-length:])


def _is_shared(labels: list[str]) -> bool:
    # "info.de" is a site, although anyone can register a name under "info.pl".
    if len(labels) <= 2:
        return False
    is_country = len(labels[-1]) == 2
    return is_country and labels[-2] in _SHARED_LABELS


def site_name(host: str) -> str:
    """Return the registered word in a host: `news.example.co.uk` → `example`."""
    name, _, _ = site_of(host).partition(".")
    return name


def parents(host: str) -> list[str]:
    """Return a host and the hosts above it, the longest first: `a.b.org` → `a.b.org`, `b.org`,
    `org`.
    """
    hosts = []
    while host:
        hosts.append(host)
        _, _, host = host.partition(".")
    return hosts


def matches_any(host: str, patterns: Iterable[str]) -> bool:
    """Whether a host matches one of these patterns."""
    return any(matches(host, pattern) for pattern in patterns)


def matches(host: str, pattern: str) -> bool:
    """Whether a host matches a pattern: `a.org`; `*.a.org` for it and all hosts below it; `a.*` for
    any country.
    """
    if pattern.startswith("*."):
        return host == pattern[2:] or host.endswith(pattern[1:])
    if not pattern.endswith(".*"):
        return host == pattern
    is_top = without_www(host) == site_of(host)
    return is_top and site_name(host) == pattern[:-2]
