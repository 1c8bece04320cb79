"""Rules on links: where they lead, whether that is what they say, and what they reveal about
readers.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from briefing.collecting.text.hosts import parents
from briefing.collecting.web.redirectors import is_redirector
from briefing.configuration.settings import Settings
from briefing.issue.links import unsafe_reason

from . import tables
from .hosts import (
    host_of,
    imitation_reason,
    unreachable_reason,
    without_www,
)
from .inspected import InspectedEdition
from .link_addresses import SHORTENERS, as_shown, target_of, without_tracking
from .link_finder import (
    IssueLink,
    anchors,
    bare_words,
    canonical,
    find_links,
    link_words,
)
from .rule import ERROR, WARNING, Problems, rule

LONGEST_ADDRESS = 500
GENERIC_TEXTS = tables.lines("generic_link_texts")
MAIL_ADDRESS = re.compile(
    r"mailto:[^\s@?]+@[^\s@?]+\.[^\s@?.]{2,}(?:\?\S*)?", re.IGNORECASE
)
PLACEHOLDER = re.compile(
    r"\{.*?\}|%7B.*?%7D|[{}]|%7B|%7D|\*\||\|\*|<%|%%\w+%%", re.IGNORECASE
)
WEB_HOST = r"(?:[\w-]+\.)+[^\W\d_]{2,}"


@rule("unsafe-address", ERROR, "link: not a safe address")
def unsafe_address(inspected: InspectedEdition) -> Problems:
    """The address of a link isn't a safe web or email address, so readers would get its text
    without a link. Write a complete web address, https://…, or mailto: with an email address.
    """
    # What cannot-be-rendered has reported.
    reported = getattr(inspected.rendered, "line", None)
    for link in find_links(inspected):
        reason = _unsafe_link_reason(link.address)
        if reason and reported != (link.location.line or 0):
            yield link.problem(
                f"'{link.shown or as_shown(link.words)}' {reason}"
            )


def _unsafe_link_reason(address: str) -> str:
    if not address:
        return "leads nowhere; write the address between the round brackets"
    if not address.lower().startswith("mailto:"):
        return unsafe_reason(address)
    if MAIL_ADDRESS.fullmatch(address):
        return ""
    return "isn't an email address; write it as mailto:editors@…"


@rule("private-host", ERROR, "link: readers can't follow it")
def private_host(inspected: InspectedEdition) -> Problems:
    """A link uses an IP address, as phishing links do, or a name that exists only inside one
    network, so readers can't follow it. Use the site's public address.
    """
    for link in find_links(inspected):
        reason = unreachable_reason(link.host) if link.host else ""
        if reason:
            yield link.problem(f"'{link.shown_host}' {reason}")


@rule(
    "link-text-names-another-host",
    ERROR,
    "link: its text is another address",
)
def link_text_names_another_host(inspected: InspectedEdition) -> Problems:
    """The text of a link is one address, but the link leads to another, as in phishing. Use link
    text that says what readers will find, or make both the same.
    """
    for link in find_links(inspected):
        for host in _named_hosts(link.words):
            if link.host and not _is_same_site(host, link.host):
                yield link.problem(
                    f"the link says '{as_shown(host)}' but leads to '{link.shown_host}'; make both the same"
                )
                break


def _named_hosts(words: str) -> Iterator[str]:
    """The hosts of the addresses that readers see in the words of a link."""
    addresses = re.findall(
        r"(?:https?://|www\.)[^\s<>\"'()\[\]]+", words, re.IGNORECASE
    )
    if re.fullmatch(rf"{WEB_HOST}(?::\d+)?(?:[/?#]\S*)?", words):
        addresses = [words]
    if re.fullmatch(rf"\S+@{WEB_HOST}", words):
        addresses = [f"mailto:{words}"]
    for address in addresses:
        has_scheme = ":" in address.partition("/")[0]
        host = host_of(address if has_scheme else f"https://{address}")
        if host:
            yield host


def _is_same_site(host: str, other: str) -> bool:
    """Whether they are the same, or one is below the other."""
    first = without_www(host)
    second = without_www(other)
    return first in parents(second) or second in parents(first)


@rule("look-alike-host", ERROR, "link: a host that imitates another")
def look_alike_host(inspected: InspectedEdition) -> Problems:
    """A link leads to a host whose name is made to be mistaken for another. Copy the address from
    the publisher's own page.
    """
    own = _own_hosts(inspected.settings)
    for link in find_links(inspected):
        reason = imitation_reason(link.host, own) if link.host else ""
        if reason and not unreachable_reason(link.host):
            advice = "copy the address from the publisher's own page"
            yield link.problem(f"'{link.shown_host}' {reason}; {advice}")


def _own_hosts(settings: Settings) -> set[str]:
    """The hosts of the newsletter itself."""
    newsletter = settings.newsletter
    unsubscribe = settings.unsubscribe
    url = unsubscribe.url.replace("{token}", "x")
    addresses = (newsletter.site, url, f"mailto:{unsubscribe.mailto}")
    hosts = {newsletter.sender.domain, *map(host_of, addresses)}
    if newsletter.reply_to:
        hosts.add(newsletter.reply_to.domain)
    return hosts - {""}


@rule("placeholder-in-address", ERROR, "link: a placeholder in its address")
def placeholder_in_address(inspected: InspectedEdition) -> Problems:
    """The address of a link still contains a placeholder, so it leads nowhere. Write the real
    address.
    """
    for link in find_links(inspected):
        placeholder = PLACEHOLDER.search(link.address)
        if placeholder:
            found = as_shown(placeholder[0])
            yield link.problem(
                f"'{link.shown}' still contains '{found}'; write the real address"
            )


@rule("http-link", WARNING, "link: not encrypted (http)")
def http_link(inspected: InspectedEdition) -> Problems:
    """A link begins with http://, so anyone between the reader and the site can see what is being
    read. Use https:// if the site has it.
    """
    for link in find_links(inspected):
        is_onion = link.host.endswith(".onion")
        if link.address.lower().startswith("http:") and not is_onion:
            yield link.problem(
                f"anyone between the reader and the site can see who reads '{link.shown}'; try it with https://",
                about=f"'{link.shown}'",
            )


@rule("shortened-link", WARNING, "link: shortened")
def shortened_link(inspected: InspectedEdition) -> Problems:
    """A link shortener counts who follows the link, and hides where it leads. Open the link, and
    use the address you arrive at.
    """
    for link in find_links(inspected):
        if link.host.removeprefix("www.") in SHORTENERS:
            advice = f"open '{link.shown}', and use the address you arrive at"
            yield link.problem(
                f"'{link.host}' counts readers and hides where the link leads; {advice}"
            )


@rule("tracking-parameters", WARNING, "link: tracking parameters")
def tracking_parameters(inspected: InspectedEdition) -> Problems:
    """An address contains parameters that tell the site where a visitor comes from, or who they
    are. Remove them.
    """
    for link in find_links(inspected):
        clean = without_tracking(link.address)
        if clean != link.address:
            advice = f"use {as_shown(clean, LONGEST_ADDRESS)}"
            yield link.problem(
                f"the address tells the site where the visitor comes from; {advice}"
            )


@rule("redirected-link", WARNING, "link: through a service that counts readers")
def redirected_link(inspected: InspectedEdition) -> Problems:
    """A link goes through a service that records who follows it. Open the link, and use the address
    you arrive at.
    """
    for link in find_links(inspected):
        if is_redirector(link.address):
            target = target_of(link.address)
            is_known = target and not unsafe_reason(target)
            advice = (
                f"use {as_shown(target, LONGEST_ADDRESS)}"
                if is_known
                else "open it, and use the address you arrive at"
            )
            yield link.problem(
                f"'{link.host}' records who follows this link; {advice}"
            )


@rule("onion-link", WARNING, "link: only for Tor Browser")
def onion_link(inspected: InspectedEdition) -> Problems:
    """An .onion address only opens in Tor Browser. Say so next to it, and add the site's ordinary
    address.
    """
    for link in find_links(inspected):
        if link.host.endswith(".onion"):
            yield link.problem(
                "an .onion address only opens in Tor Browser; say so, and add the ordinary address"
            )


@rule("generic-link-text", WARNING, "link: text that says nothing")
def generic_link_text(inspected: InspectedEdition) -> Problems:
    """Screen readers can list the links of an email, where "here" says nothing. Use link text that
    says what readers will find.
    """
    for link in find_links(inspected):
        words = bare_words(link.words).rstrip(" \t.!…»›→←>:").casefold()
        if not words and (link.in_text or not link.location.line):
            yield link.problem(
                f"the link to '{link.shown}' has no text; write link text that says what readers will find"
            )
        elif words in GENERIC_TEXTS:
            yield link.problem(
                f"'{words}' doesn't say where the link leads; use link text that says what readers will find"
            )


@rule("address-as-link-text", WARNING, "link: an address instead of text")
def address_as_link_text(inspected: InspectedEdition) -> Problems:
    """The text of a link is its address, which screen readers spell out. Use link text that says
    what readers will find.
    """
    for link in find_links(inspected):
        is_one_word = " " not in link.words
        if is_one_word and link.words.lower().startswith(
            ("http://", "https://", "www.")
        ):
            advice = "write [what readers will find there](address)"
            yield link.problem(
                f"screen readers spell out '{link.shown}'; {advice}"
            )


@rule("same-words-two-addresses", WARNING, "link: the same text as another")
def same_words_two_addresses(inspected: InspectedEdition) -> Problems:
    """Two links with the same text lead to different addresses, so readers can't tell them apart.
    Say in each link what it leads to.
    """
    by_address: dict[str, IssueLink] = {}
    for link in find_links(inspected):
        by_address.setdefault(canonical(link.address), link)
    first_address: dict[str, str] = {}
    for element in anchors(inspected):
        words = link_words(element)
        address = canonical(element.get("href", ""))
        if not words or not address:
            continue
        is_second = (
            first_address.setdefault(words.casefold(), address) != address
        )
        if is_second and address in by_address:
            found = f"the same text, '{as_shown(words)}', leads to another address further up"
            yield by_address[address].problem(
                f"{found}; say in each link what it leads to"
            )


@rule("unusual-port", WARNING, "link: an unusual port")
def unusual_port(inspected: InspectedEdition) -> Problems:
    """An address contains a port number that many networks block and few public pages use. Try the
    link without it.
    """
    for link in find_links(inspected):
        port = _port(link.address)
        if port not in {None, 80, 443}:
            yield link.problem(
                f"many networks block port {port}; try the link without ':{port}'"
            )


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:  # which unsafe-address reports
        return None


@rule("long-address", WARNING, "link: a very long address")
def long_address(inspected: InspectedEdition) -> Problems:
    """Some mail apps cut off a very long address, and most of it is often not needed. Look for a
    shorter address for the page.
    """
    for link in find_links(inspected):
        if len(link.address) > LONGEST_ADDRESS:
            length = len(link.address)
            message = f"an address of {length} characters may be cut off; look for a shorter address for the page"
            yield link.problem(message)
