"""Hosts: which part of a name identifies its owner, and how data files match hosts."""

from urllib.parse import urlsplit

from briefing.collecting.text.wordlists import words

# Under these labels of a country anyone can register a name: example.co.uk (from the Public Suffix List).
_SHARED_LABELS = words(
    "ac asn asso co com edu ed gob gouv gen go gov govt gv idv info ltd mil ne net nom or org plc sch web"
)
_COMMON_LABELS = words("www m mobile amp")


def host_of(address: str) -> str:
    """Return the host of a web address in lower case; "" where it has none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def without_www(host: str) -> str:
    """Return a host without a leading `www.`, `m.` or the like."""
    first, _, rest = host.partition(".")
    is_numbered = first[:-1] == "www" and first[-1].isdecimal()
    return rest if "." in rest and (first in _COMMON_LABELS or is_numbered) else host


def site_of(host: str) -> str:
    """Return the registered domain of a host: `news.example.co.uk` → `example.co.uk`."""
    labels = host.lower().strip(".").split(".")
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_LABELS
    return ".".join(labels[-3 if is_shared else -2 :])


def site_name(host: str) -> str:
    """Return the word that a host's owner chose: `news.example.co.uk` → `example`."""
    return site_of(host).partition(".")[0]


def parents(host: str) -> list[str]:
    """Return a host and the hosts above it, the longest first: `a.b.org` → `a.b.org`, `b.org`, `org`."""
    labels = host.split(".")
    return [".".join(labels[number:]) for number in range(len(labels))]


def matches(host: str, pattern: str) -> bool:
    """Whether a host is meant by a pattern: `a.org`; `*.a.org` with all hosts below it; `a.*` in any country."""
    if pattern.startswith("*."):
        return host == pattern[2:] or host.endswith(pattern[1:])
    if pattern.endswith(".*"):
        return without_www(host) == site_of(host) and site_name(host) == pattern[:-2]
    return host == pattern
