"""Find the address to link to: the page's canonical one if it can be trusted, without tracking
parameters.
"""

import re
from itertools import chain, filterfalse
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from briefing.collecting.text.comparing import contains_any
from briefing.collecting.text.hosts import (
    host_of,
    matches_any,
    site_of,
    with_scheme,
)
from briefing.collecting.text.wordlists import words, words_in_order
from briefing.issue.links import unsafe_reason

from .redirectors import original_address, unwrap
from .tracking import is_tracking

if TYPE_CHECKING:
    from .page import Page

# Hosts that show other sites' pages, so that the address that a page declares is more trustworthy.
_SHOWING_OTHERS = words_in_order(
    """
    feedproxy.google.com news.google.com *.feedburner.com *.cdn.ampproject.org t.co bit.ly
    """
)
# What the names of parts of a page with comments contain, in several languages.
_COMMENTS = words_in_order("comment komment coment disqus respond reply yorum")
_FEED_LABELS = words("feed feeds rss")
# The name of a page that shows many articles, without the words or number of any: `article.php`.
_SCRIPT = re.compile(r"[a-z_]{0,20}(?:\.[a-z]{2,5})?", re.IGNORECASE)
_SECTION = re.compile(r"[a-z]{2,20}", re.IGNORECASE)
_SAVED_FOLDER = re.compile(r"[^/]_files/[^/]+\.html?$")
# "id=7", "newsid=7", "article=harbour", and any name with a value of five characters or more; but not "page=2".
_NAMES_ARTICLE = re.compile(
    r"(?:\w*id|p|article|artikel|story|news|item|doc|post)=.+|[^=]+=[^=]{5,}",
    re.IGNORECASE,
)
# <!-- saved from url=(0034)https://example.org/library-closed -->
_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d{4}\)(\S+)\s*-->", re.IGNORECASE
)
_SAVED_FROM_WITHIN = 2000
"""Characters at the beginning of a page in which browsers note where it was saved from."""
_FRONT_PAGES = {""} | words(
    "404 error login log-in signin sign-in consent home index"
)


def clean_address(address: str) -> str:
    """Remove tracking parameters and the fragment from an address; the rest stays unchanged.

    A fragment that begins with `#!` or `#/` is the path in a single-page site, and stays.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    cleaned = parts._replace(
        query=_without_tracking(parts.query, address),
        fragment=parts.fragment if _is_path(parts.fragment) else "",
    )
    return urlunsplit(cleaned)


def part_of_page(address: str) -> str:
    """Return the fragment that leads to a part of a page; "" for one that is a path, marks words
    (`:~:text=`), leads to comments or counts readers.
    """
    _, _, fragment = address.strip().partition("#")
    part, _, _ = fragment.partition(":~:")
    if _is_path(part) or contains_any(part.lower(), _COMMENTS):
        return ""
    return _without_tracking(part, address)


def _is_path(fragment: str) -> bool:
    return fragment.startswith(("!", "/"))


def address_to_request(address: str) -> str:
    """Return the address to request for one that was pasted or is in a feed: with https:// if it
    begins with a host, without redirectors around it, and without tracking parameters, which can
    identify the reader of an email.
    """
    return clean_address(unwrap(with_scheme(address.strip())))


def find_saved_address(page: "Page") -> str:
    """Return the address that a page saved by a browser came from; "" if it doesn't say."""
    declared = chain(
        _SAVED_FROM.findall(page.source[:_SAVED_FROM_WITHIN]),
        page.links("canonical"),
        page.contents("og:url"),
    )
    address = next(filterfalse(unsafe_reason, declared), "")
    return clean_address(unwrap(address))


def _without_tracking(query: str, address: str) -> str:
    """Return the query or fragment of an address without the parameters that track readers."""
    host = host_of(address)
    return "&".join(
        parameter
        for parameter in query.split("&")
        if parameter and not is_tracking(parameter, host)
    )


def find_link(page: "Page") -> str:
    """Return the address to link to; for a page in the Internet Archive, the address there."""
    requested = unwrap(page.url)
    links = list(page.links("canonical"))
    if _shows_others(host_of(requested)):
        links += page.contents("og:url")
    for link in links:
        address = clean_address(original_address(page.absolute(link)))
        if address and _is_trustworthy(address, requested):
            return _with_https(address, requested)
    return clean_address(requested)


def _is_trustworthy(canonical: str, requested: str) -> bool:
    """Whether a page may claim this address: on the same site, neither its front page nor a section's,
    and with the parameters that name the article.
    """
    # Some sites declare their first page on every page.
    if _is_front_page(canonical) and not _is_front_page(requested):
        return False
    if _has_lost_query(canonical, requested):
        return False
    if _is_section_of(canonical, requested) or _is_saved_file(canonical):
        return False
    host = host_of(requested)
    # Otherwise a page could have any other site linked in its place.
    is_same_site = site_of(host_of(canonical)) == site_of(host)
    return is_same_site or _shows_others(host)


def _has_lost_query(canonical: str, requested: str) -> bool:
    """Whether an address is the requested one without its query, and its path names no article."""
    parts = urlsplit(canonical)
    wanted = urlsplit(clean_address(requested))
    if parts.query or not wanted.query or parts.path != wanted.path:
        return False
    _, _, name = parts.path.rstrip("/").rpartition("/")
    if not _SCRIPT.fullmatch(name):
        return False
    return any(map(_NAMES_ARTICLE.fullmatch, wanted.query.split("&")))


def _is_section_of(canonical: str, requested: str) -> bool:
    """Whether an address is that of the section which the requested page is in: /news/town of
    /news/town/library-closed.
    """
    path = urlsplit(canonical).path.rstrip("/")
    wanted = urlsplit(requested).path.rstrip("/")
    if not wanted.startswith(f"{path}/"):
        return False
    _, _, name = path.rpartition("/")
    _, _, wanted_name = wanted.rpartition("/")
    is_section = _SECTION.fullmatch(name) is not None
    return is_section and _SECTION.fullmatch(wanted_name) is None


def _is_saved_file(address: str) -> bool:
    """Whether an address is in the folder that a browser made beside a page when it saved it."""
    _, _, path = address.partition("://")
    return _SAVED_FOLDER.search(path) is not None


def _shows_others(host: str) -> bool:
    first, _, _ = host.partition(".")
    if first.rstrip("0123456789") in _FEED_LABELS:
        return True
    return matches_any(host, _SHOWING_OTHERS)


def _is_front_page(address: str) -> bool:
    parts = urlsplit(address)
    # /index.php and /index.html
    name, _, _ = parts.path.strip("/").lower().partition(".")
    return not parts.query and name in _FRONT_PAGES


def _with_https(canonical: str, requested: str) -> str:
    """Return the canonical address with https if the page was fetched with it: old pages still
    declare http.
    """
    declared = urlsplit(canonical)
    fetched = urlsplit(requested)
    if declared.netloc == fetched.netloc and fetched.scheme == "https":
        return urlunsplit(declared._replace(scheme="https"))
    return canonical
