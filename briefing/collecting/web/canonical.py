"""The address that an item links to: the canonical one where it can be trusted, without what follows the reader."""

import re
from urllib.parse import urlsplit, urlunsplit

from briefing.collecting.text.wordlists import words
from briefing.collecting.web.page import Page
from briefing.collecting.web.redirectors import unwrapped
from briefing.collecting.web.tracking import tracks

# Below these endings of lands everybody can have a name: example.co.uk (the usual ones of the Public Suffix List).
_SECOND = words("ac asn co com edu ed gob gouv go gov govt gv info ltd mil ne net nom or org plc sch web")
# Hosts that show others' pages, so that the page's own word for its address is worth more.
_SHOWS_OTHERS = re.compile(
    r"(?:feedproxy\.google\.com|feeds?\d?\.[\w.-]+|rss\.[\w.-]+|(?:[\w-]+\.)?feedburner\.com|news\.google\.com"
    r"|[\w-]+\.cdn\.ampproject\.org|t\.co|bit\.ly)"
)
# A front page, a login: never the address of a piece.
_NO_PIECE = re.compile(r"/?(?:404|error|log-?in|sign-?in|consent|home|index\.\w+)?/?", re.IGNORECASE)


def clean(address: str) -> str:
    """An address without tracking parameters and without a place within the page; all else stays as it is written.

    Addresses of single-page sites keep what stands behind their `#!` or `#/`, as that is their path.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return address
    kept = [one for one in parts.query.split("&") if one and not tracks(one, host)]
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path, "&".join(kept), fragment))


def link_of(page: Page) -> str:
    """The address to link to."""
    own = unwrapped(page.url)
    told = [*page.links("canonical")]
    if _SHOWS_OTHERS.fullmatch(_host(own)):
        told += page.metas.get("og:url", ())
    for one in told:
        address = clean(unwrapped(page.absolute(one)))
        if address and _trustworthy(address, own):
            return _as_secure(address, own)
    return clean(own)


def site_of(host: str) -> str:
    """The part of a host below which all belongs to one owner: `news.example.co.uk` → `example.co.uk`."""
    labels = host.lower().strip(".").split(".")
    second = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND
    return ".".join(labels[-3 if second else -2 :])


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _trustworthy(address: str, own: str) -> bool:
    """Whether a page may say that this is its address: on its own site, and not the front page of it."""
    one, other = urlsplit(address), urlsplit(own)
    if not one.query and _NO_PIECE.fullmatch(one.path) and not _NO_PIECE.fullmatch(other.path):
        return False
    return site_of(_host(address)) == site_of(_host(own)) or bool(_SHOWS_OTHERS.fullmatch(_host(own)))


def _as_secure(address: str, own: str) -> str:
    """Old pages call themselves http where they are asked for by https."""
    one, other = urlsplit(address), urlsplit(own)
    return (
        f"https{address[4:]}"
        if (one.scheme, other.scheme) == ("http", "https") and one.netloc == other.netloc
        else address
    )
