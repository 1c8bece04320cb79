"""Find the links of an edition: those in items and texts with their lines, and those that templates
and settings add.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from briefing.issue.markdown import line_of, text_lines
from briefing.issue.model import Issue, Item
from briefing.mail.unsubscribe import AT_SENDGRID
from briefing.rendering import prose

from .hosts import host_of, punycode
from .inspected import InspectedEdition
from .link_addresses import as_shown
from .locations import in_settings, in_templates
from .rule import Location, Problem

_DIRECTION_MARKS = dict.fromkeys(
    map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069")
)
"""Marks that `rendering` puts around names, as a table with which `str.translate` removes them."""


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A link as it was written in the issue, or as a template or a setting adds it."""

    address: str
    words: str
    """What readers click; empty for an item's own link, whose words the template makes."""
    location: Location
    in_text: bool = False

    def problem(self, message: str, about: str = "") -> Problem:
        return self.location.problem(message, about)

    @property
    def host(self) -> str:
        return host_of(self.address)

    @property
    def shown_host(self) -> str:
        return as_shown(punycode(self.host))

    @property
    def shown(self) -> str:
        return as_shown(self.address)


@lru_cache(1)  # each rule on links asks for them
def find_links(inspected: InspectedEdition) -> Sequence[IssueLink]:
    """Return all links: those of items and texts with their lines, then the others of the built
    email.
    """
    issue = inspected.issue
    found = list(_text_links(issue))
    for item in issue.items:
        if item.link:
            location = Location(line_of(item, "link"))
            found.append(IssueLink(item.link, "", location))
        found += _text_links(item)
    known = {canonical(link.address) for link in found}
    if inspected.settings.unsubscribe.is_at_sendgrid:
        # It isn't an address until SendGrid makes it one.
        known.add(canonical(AT_SENDGRID))
    for element in anchors(inspected):
        address = element.get("href", "")
        if address and canonical(address) not in known:
            known.add(canonical(address))
            found.append(
                IssueLink(
                    address, link_words(element), _origin(inspected, address)
                )
            )
    return found


def _parser() -> MarkdownIt:
    """Return the parser of texts, changed to keep all links, even those that `rendering` drops."""
    parser = prose.parser()
    parser.validateLink = _accept  # type: ignore[method-assign]
    parser.normalizeLink = _unchanged  # type: ignore[method-assign]
    return parser


def _accept(url: str) -> bool:  # noqa: ARG001  # markdown-it passes it by this name
    return True


def _unchanged(url: str) -> str:
    return url


_MARKDOWN = _parser()


def _text_links(part: Issue | Item) -> Iterator[IssueLink]:
    source = part.introduction if isinstance(part, Issue) else part.text
    first = next(text_lines(part), None)
    for block in _MARKDOWN.parse(source):
        line = None
        if first and block.map:
            line = first[0] + block.map[0]
        yield from _links_in(block.children or [], line)


def _links_in(tokens: list[Token], line: int | None) -> Iterator[IssueLink]:
    """Yield the links of a block that begins on `line` of the file; None if that is unknown."""
    address = words = ""
    location = Location(line)
    for token in tokens:
        match token.type:
            case "softbreak" | "hardbreak":
                line = None if line is None else line + 1
                words += " "
            case "link_open":
                address = str(token.attrGet("href") or "")
                words = ""
                location = Location(line)
            case "link_close":
                tidy = " ".join(words.split())
                yield IssueLink(address, tidy, location, in_text=True)
            case "text" | "code_inline":
                words += token.content


def anchors(inspected: InspectedEdition) -> Iterator[HtmlElement]:
    """Yield the links of the built email, except those that point within it, and the telephone
    numbers of contacts.
    """
    for element in inspected.document.iter("a"):
        if not element.get("href", "#").startswith(("#", "tel:")):
            yield element


def link_words(element: HtmlElement) -> str:
    """Return the words of a link in the built email, including the descriptions of its pictures."""
    words = [element.text_content()]
    for image in element.iter("img"):
        words.append(image.get("alt", ""))
    return " ".join(bare_words(" ".join(words)).split())


def bare_words(words: str) -> str:
    """Return words without direction marks."""
    return words.translate(_DIRECTION_MARKS)


def canonical(address: str) -> str:
    """Return a form that is the same for all spellings of an address: Markdown and lxml encode more
    of it than the issue file.
    """
    return unquote(normalizeLink(unquote(address))).casefold().rstrip("/")


def _origin(inspected: InspectedEdition, address: str) -> Location:
    """Return the location of the setting or template that adds a link."""
    settings = inspected.settings
    before_token = settings.unsubscribe.url.partition("{token}")[0]
    if before_token and address.startswith(before_token):
        return in_settings(inspected, "unsubscribe", "url")
    if settings.unsubscribe.mailto and address.startswith(
        f"mailto:{settings.unsubscribe.mailto}"
    ):
        return in_settings(inspected, "unsubscribe", "mailto")
    if settings.newsletter.site and address.startswith(
        settings.newsletter.site
    ):
        return in_settings(inspected, "newsletter", "site")
    return in_templates(inspected, address)
