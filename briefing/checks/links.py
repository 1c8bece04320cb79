"""The links: where they lead, whether that is where they say, and what they tell about the reader on the way."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import html as lxml_html
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink

from briefing.checks.addresses import GENERIC, ON_THE_WAY, SHORTENERS, as_shown, target_of, without_tracking
from briefing.checks.hosts import host_of, look_alike, not_public, punycode
from briefing.checks.places import in_settings, in_templates
from briefing.checks.rule import Inspected, Place, Severity, rule
from briefing.issue.links import unsafe
from briefing.issue.markdown import line_of, text_lines
from briefing.issue.model import Issue, Item
from briefing.rendering import prose
from briefing.settings import Settings

LONGEST_ADDRESS = 500
MAIL_ADDRESS = re.compile(r"mailto:[^\s@?]+@[^\s@?]+\.[^\s@?.]{2,}(?:\?\S*)?", re.IGNORECASE)
MARKS = re.compile("[\u200e\u200f\u2066-\u2069]")
"""Marks of direction, which `rendering` puts around names."""
WEB_HOST = r"(?:[\w-]+\.)+[^\W\d_]{2,}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the issue as it was written, or one that a template or a setting brings in."""

    address: str
    words: str
    """What readers click; empty where the mail makes them (below an item)."""
    place: Place
    """Without a message yet."""
    in_text: bool = False

    def at(self, message: str) -> Place:
        return Place(message, self.place.line, self.place.path)

    @property
    def host(self) -> str:
        return host_of(self.address)

    @property
    def shown(self) -> str:
        return as_shown(self.address)


def _parser() -> MarkdownIt:
    """The Markdown of texts, but with every link in it: also those that the mail will not have."""
    parser = prose.parser()
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005  # called by its name
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_MARKDOWN = _parser()


def links(inspected: Inspected) -> list[Link]:
    """All links: of items and texts with their lines, then those of the built mail that are none of these."""
    issue = inspected.edition.issue
    found = list(_text_links(issue))
    for item in issue.items:
        if item.link:
            found.append(Link(item.link, "", Place("", line_of(item, "link"))))
        found += _text_links(item)
    known = {_canonical(link.address) for link in found}
    for element in _anchors(inspected):
        address = element.get("href", "")
        if address and _canonical(address) not in known:
            known.add(_canonical(address))
            found.append(Link(address, _words(element), _origin(inspected, address)))
    return found


def _text_links(part: Issue | Item) -> Iterator[Link]:
    source = part.introduction if isinstance(part, Issue) else part.text
    first = next((number for number, _ in text_lines(part)), None)
    for block in _MARKDOWN.parse(source):
        line = None if first is None or block.map is None else first + block.map[0]
        address, words, begin = "", "", line
        for token in block.children or ():
            match token.type:
                case "softbreak" | "hardbreak":
                    line = None if line is None else line + 1
                    words += " "
                case "link_open":
                    address, words, begin = str(token.attrGet("href") or ""), "", line
                case "link_close":
                    yield Link(address, " ".join(words.split()), Place("", begin), in_text=True)
                case _:
                    words += token.content if token.type in {"text", "code_inline"} else ""


def _anchors(inspected: Inspected) -> Iterator[lxml_html.HtmlElement]:
    """The links of the built mail, but for those to a place within it."""
    if inspected.document is not None:
        yield from (one for one in inspected.document.iter("a") if not one.get("href", "#").startswith("#"))


def _words(element: lxml_html.HtmlElement) -> str:
    pictures = (image.get("alt", "") for image in element.iter("img"))
    return " ".join(MARKS.sub("", " ".join((element.text_content(), *pictures))).split())


def _canonical(address: str) -> str:
    """One form for all ways of writing an address: Markdown and lxml encode in HTML what the issue file may not."""
    return unquote(normalizeLink(unquote(address))).casefold().rstrip("/")


def _origin(inspected: Inspected, address: str) -> Place:
    """What brings in a link that stands in no text: a setting or a template."""
    settings = inspected.newsletter.settings
    before_token = settings.unsubscribe.url.partition("{token}")[0]
    if before_token and address.startswith(before_token):
        return in_settings(inspected, "unsubscribe", ("url",), "")
    if settings.unsubscribe.mailto and address.startswith(f"mailto:{settings.unsubscribe.mailto}"):
        return in_settings(inspected, "unsubscribe", ("mailto",), "")
    if settings.newsletter.site and address.startswith(settings.newsletter.site):
        return in_settings(inspected, "newsletter", ("site",), "")
    return in_templates(inspected, "", address)


@rule("unsafe-address", Severity.ERROR)
def unsafe_address(inspected: Inspected) -> Iterator[Place]:
    """A link whose address mail programs refuse or traps are made of goes out as plain words. Write a whole web
    address, https://…, or mailto: with a mail address."""
    for link in links(inspected):
        reason = _why_unsafe(link.address)
        # What `cannot-be-rendered` says of an item's link isn't said twice.
        if reason and getattr(inspected.rendered, "line", None) != (link.place.line or 0):
            yield link.at(f"'{link.shown or as_shown(link.words)}' {reason}")


def _why_unsafe(address: str) -> str:
    if address.lower().startswith("mailto:"):
        return "" if MAIL_ADDRESS.fullmatch(address) else "is no mail address; write it as mailto:editors@…"
    return unsafe(address) if address else "leads nowhere; write the address between the round brackets"


@rule("private-host", Severity.ERROR)
def private_host(inspected: Inspected) -> Iterator[Place]:
    """A link leads to a number or to a name that only one network knows, where no reader can follow. Link to the
    site's public name."""
    for link in links(inspected):
        reason = not_public(link.host) if link.host else ""
        if reason:
            yield link.at(f"'{as_shown(punycode(link.host))}' {reason}")


@rule("link-text-names-another-host", Severity.ERROR)
def link_text_names_another_host(inspected: Inspected) -> Iterator[Place]:
    """The words of a link are an address, but it leads to another one, as in fraud. Say what is read there instead, or
    make both the same."""
    for link in links(inspected):
        for named in _named_hosts(link.words):
            if link.host and not _same_site(named, link.host):
                where = as_shown(punycode(link.host))
                yield link.at(f"the link says '{as_shown(named)}' but leads to '{where}'; make both the same")
                break


def _named_hosts(words: str) -> list[str]:
    """The hosts that readers take the words of a link for: of the addresses in them, or of the words as a whole."""
    found = re.findall(r"(?:https?://|www\.)[^\s<>\"'()\[\]]+", words, re.IGNORECASE)
    if re.fullmatch(rf"{WEB_HOST}(?::\d+)?(?:[/?#]\S*)?", words):
        found = [words]
    if re.fullmatch(rf"\S+@{WEB_HOST}", words):
        found = [f"mailto:{words}"]
    return [host for one in found if (host := host_of(one if ":" in one.partition("/")[0] else f"https://{one}"))]


def _same_site(one: str, other: str) -> bool:
    first, second = (punycode(host).removeprefix("www.") for host in (one, other))
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


@rule("look-alike-host", Severity.ERROR)
def look_alike_host(inspected: Inspected) -> Iterator[Place]:
    """A link leads to a host whose name is made to be taken for another one. Take the address from the publisher's own
    page."""
    own = _own_hosts(inspected.newsletter.settings)
    for link in links(inspected):
        reason = look_alike(link.host, own) if link.host else ""
        if reason and not not_public(link.host):
            yield link.at(f"'{as_shown(punycode(link.host))}' {reason}; take the address from the publisher's own page")


def _own_hosts(settings: Settings) -> set[str]:
    newsletter, unsubscribe = settings.newsletter, settings.unsubscribe
    addresses = (newsletter.site, unsubscribe.url.replace("{token}", "x"), f"mailto:{unsubscribe.mailto}")
    mailboxes = (newsletter.sender, newsletter.reply_to)
    return {*filter(None, map(host_of, addresses)), *(mailbox.domain for mailbox in mailboxes if mailbox)}


@rule("placeholder-in-address", Severity.ERROR)
def placeholder_in_address(inspected: Inspected) -> Iterator[Place]:
    """The address of a link still holds a place that was to be filled in, so that it leads nowhere. Write the real
    address."""
    for link in links(inspected):
        left = re.search(r"\{.*?\}|%7B.*?%7D|[{}]|%7B|%7D|\*\||\|\*|<%|%%\w+%%", link.address, re.IGNORECASE)
        if left:
            yield link.at(f"'{link.shown}' still holds '{as_shown(left[0])}'; write the real address")


@rule("http-link", Severity.WARNING)
def http_link(inspected: Inspected) -> Iterator[Place]:
    """A link begins with http://, so that everybody on the way sees what is read. Use https:// where the site has
    it."""
    for link in links(inspected):
        if link.address.lower().startswith("http:") and not link.host.endswith(".onion"):
            yield link.at(f"'{link.shown}' can be read by everybody on the way; try it with https://")


@rule("shortened-link", Severity.WARNING)
def shortened_link(inspected: Inspected) -> Iterator[Place]:
    """A shortener counts who follows the link and hides where it leads. Open it and link to where it ends."""
    for link in links(inspected):
        if link.host.removeprefix("www.") in SHORTENERS:
            yield link.at(f"'{link.host}' counts readers and hides where they go; link to where '{link.shown}' ends")


@rule("tracking-parameters", Severity.WARNING)
def tracking_parameters(inspected: Inspected) -> Iterator[Place]:
    """An address carries marks that tell the site where its reader comes from, or who it is. Take them out."""
    for link in links(inspected):
        clean = without_tracking(link.address)
        if clean != link.address:
            yield link.at(
                f"the address tells the site where its reader comes from; use {as_shown(clean, LONGEST_ADDRESS)}"
            )


@rule("redirected-link", Severity.WARNING)
def redirected_link(inspected: Inspected) -> Iterator[Place]:
    """A link goes through somebody who notes down who follows it. Link to where it ends."""
    for link in links(inspected):
        if any(way.matches(link.address) for way in ON_THE_WAY):
            target = target_of(link.address)
            known = target and not unsafe(target)
            cure = f"link to {as_shown(target, LONGEST_ADDRESS)}" if known else "open it and link to where it ends"
            yield link.at(f"'{link.host}' notes down who follows this link; {cure}")


@rule("onion-link", Severity.WARNING)
def onion_link(inspected: Inspected) -> Iterator[Place]:
    """An .onion address opens in Tor Browser alone. Say so beside it, and give the site's ordinary address, too."""
    for link in links(inspected):
        if link.host.endswith(".onion"):
            yield link.at("an .onion address opens in Tor Browser alone; say so, and give the ordinary address, too")


@rule("generic-link-text", Severity.WARNING)
def generic_link_text(inspected: Inspected) -> Iterator[Place]:
    """Who has the links read out hears "here" and no more. Make what is read there the words of the link."""
    for link in links(inspected):
        words = MARKS.sub("", link.words).rstrip(" \t.!…»›→←>:").casefold()
        if not words and (link.in_text or not link.place.line):
            yield link.at(f"the link to '{link.shown}' has no words; write what is read there")
        elif words in GENERIC:
            yield link.at(f"'{words}' doesn't say what is read; make that the words of the link")


@rule("address-as-link-text", Severity.WARNING)
def address_as_link_text(inspected: Inspected) -> Iterator[Place]:
    """The words of a link are its address, which is read out letter by letter. Write what is read there."""
    for link in links(inspected):
        if re.fullmatch(r"(?:https?://|www\.)\S+", link.words, re.IGNORECASE):
            yield link.at(f"'{link.shown}' is read out letter by letter; write [what is read there](address)")


@rule("same-words-two-addresses", Severity.WARNING)
def same_words_two_addresses(inspected: Inspected) -> Iterator[Place]:
    """Two links with the same words lead to two addresses, which nobody can tell apart. Say in each what is read."""
    lines = {_canonical(link.address): link for link in reversed(links(inspected))}
    first: dict[str, str] = {}
    for element in _anchors(inspected):
        words, address = _words(element), _canonical(element.get("href", ""))
        if words and address and first.setdefault(words.casefold(), address) != address and address in lines:
            yield lines[address].at(f"'{as_shown(words)}' leads to another address above; say in each what is read")


@rule("unusual-port", Severity.WARNING)
def unusual_port(inspected: Inspected) -> Iterator[Place]:
    """An address names a port that many networks block, and that few public pages have. Try the link without it."""
    for link in links(inspected):
        port = _port(link.address)
        if port not in {None, 80, 443}:
            yield link.at(f"many networks block port {port}; try the link without ':{port}'")


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:  # which is another rule's matter
        return None


@rule("long-address", Severity.WARNING)
def long_address(inspected: Inspected) -> Iterator[Place]:
    """A very long address is cut by some mail programs, and mostly carries more than where to go. Look for the page's
    short one."""
    for link in links(inspected):
        if len(link.address) > LONGEST_ADDRESS:
            yield link.at(f"an address of {len(link.address)} characters may be cut; look for the page's short one")
