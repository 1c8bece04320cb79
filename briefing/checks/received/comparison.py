"""Compare a received email with its edition: what was changed, added or lost in transit."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from email.message import Message as Part
from functools import cached_property
from hashlib import sha256
from itertools import zip_longest

from lxml.html import HtmlElement

from briefing.checks.built_mail import content_of
from briefing.collecting.text.hosts import parents
from briefing.configuration.settings import Settings, UnsubscribeSettings
from briefing.rendering.rendered import UNSUBSCRIBE, RenderedIssue, Slotted
from briefing.text.authentication_results import (
    AuthenticationVerdict,
    parse_verdicts,
)
from briefing.text.markup import parse_html, without_unsafe

from .authentication import is_aligned, parse_signatures
from .received_mail import ReceivedMail, decoded

MOST_WORDS = 20_000
"""How much of a text is compared; mail apps cut off longer emails anyway."""

# Private-use characters replace whatever differs by reader.
UNSUBSCRIBE_LINK = "\ue000"
SLOT = "\ue001"
_LINK_BEGINNINGS = ("http://", "https://", "mailto:", UNSUBSCRIBE_LINK)

# A character at which a line may break without a space counts as a word, so that wrapping makes no
# difference.
_WIDE = (
    r"(?!\s)[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]"
)
_WORD = re.compile(rf"{_WIDE}|(?:(?!{_WIDE})\S)+")

Addresses = Sequence[re.Pattern[str]]
_Difference = tuple[list[str], list[str]]
"""Words or links that were sent, and those that were received in their place."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text, or what was added to one or is missing from it."""

    words: list[str]
    links: list[str]


@dataclass(frozen=True, slots=True)
class TextChanges:
    """How a text that was received differs from the one that was sent."""

    name: str
    """`text part` or `HTML part`."""
    total_links: int
    """How many links were sent."""
    rewritten_links: list[tuple[str, str]]
    """Pairs: the link as sent, and as received."""
    added: Text
    missing: Text


@dataclass(frozen=True, slots=True)
class PartChanges:
    """How the parts other than the texts differ from those sent."""

    lost_pictures: int
    """How many were changed or are missing."""
    added_types: list[str]
    """The content types of parts that the edition doesn't have."""


@dataclass(frozen=True)
class ReceivedEdition:
    """An email as received, and the edition that it was made from."""

    mail: ReceivedMail
    settings: Settings
    rendered: RenderedIssue

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return self.settings.newsletter.sender.domain

    @cached_property
    def verdicts(self) -> list[AuthenticationVerdict]:
        """What the inbox's server found for SPF, DKIM and DMARC."""
        return parse_verdicts(self.mail.fields("Authentication-Results"))

    @cached_property
    def signed_fields(self) -> list[set[str]]:
        """For each valid signature of the sender, the header fields that it covers, in lower case.

        If the inbox's server doesn't say which signatures are valid, all of them count.
        """
        found = []
        for signature in parse_signatures(self.mail.fields("DKIM-Signature")):
            domain = signature.get("d", "")
            if self._may_be_valid(domain) and is_aligned(domain, self.domain):
                names = signature.get("h", "").split(":")
                found.append(set(names))
        return found

    def _may_be_valid(self, domain: str) -> bool:
        """Whether the inbox's server accepted a signature of this domain, or says nothing about
        any.
        """
        if not self.verdicts:
            return True
        for verdict in self.verdicts:
            is_valid = verdict.method == "dkim" and verdict.passed
            if is_valid and domain in parents(verdict.domain):
                return True
        return False

    @cached_property
    def unsubscribe_addresses(self) -> Addresses:
        """Patterns that match any reader's unsubscribe addresses."""
        return list(_unsubscribe_addresses(self.settings.unsubscribe))

    @cached_property
    def sent_page(self) -> HtmlElement:
        return parse_html(_with_marks(self.rendered.html), comments=True)

    @cached_property
    def text_changes(self) -> list[TextChanges]:
        """The changes in each text part that was received."""
        found = []
        plain = self.mail.text("plain")
        if plain:
            sent = _plain_text(_with_marks(self.rendered.text))
            received = _plain_text(decoded(plain), self.unsubscribe_addresses)
            found.append(_changes("text part", sent, received))
        if self.mail.page is not None:
            sent = _page_text(self.sent_page)
            received = _page_text(self.mail.page, self.unsubscribe_addresses)
            found.append(_changes("HTML part", sent, received))
        return found

    @cached_property
    def part_changes(self) -> PartChanges:
        sent = {
            sha256(picture.data).digest() for picture in self.rendered.pictures
        }
        received = set()
        strange = []
        for part in self._other_parts():
            digest = sha256(content_of(part)).digest()
            received.add(digest)
            if digest not in sent:
                strange.append(part.get_content_type())
        lost = len(sent - received) if self.mail.page is not None else 0
        return PartChanges(lost, _without_changed_pictures(strange, lost))

    def _other_parts(self) -> Iterator[Part]:
        plain = self.mail.text("plain")
        page = self.mail.text("html")
        for part in self.mail.parts:
            if part is not plain and part is not page:
                yield part


def share_of_headlines(headlines: Sequence[str], mail: ReceivedMail) -> float:
    """Return the share of an edition's headlines that an email contains."""
    words = _all_words(mail)
    found = [
        headline
        for headline in headlines
        if _on_one_line(_WORD.findall(headline)) in words
    ]
    return len(found) / len(headlines)


def _all_words(mail: ReceivedMail) -> str:
    plain = mail.text("plain")
    words = _plain_text(decoded(plain)).words if plain else []
    words += _page_text(mail.page).words if mail.page is not None else []
    return _on_one_line(words)


def _on_one_line(words: Iterable[str]) -> str:
    """Join words for searching, without the direction isolates around names."""
    return without_unsafe(" ".join(words))


def _plain_text(text: str, addresses: Addresses = ()) -> Text:
    found = Text([], [])
    for word in _WORD.findall(text):
        marked = _marked(word, addresses)
        is_link = any(beginning in marked for beginning in _LINK_BEGINNINGS)
        pieces = found.links if is_link else found.words
        pieces.append(marked)
    return found


def _page_text(page: HtmlElement, addresses: Addresses = ()) -> Text:
    """Return the words of a page, including hidden ones, and the addresses of its links."""
    texts = page.xpath(
        "//body//text()[not(ancestor::style or ancestor::script)]"
    )
    links = []
    for link in page.iter("a", "area"):
        address = (link.get("href") or "").strip()
        if address:
            links.append(_marked(address, addresses))
    text = _plain_text(" ".join(map(str, texts)))
    return Text(text.words, links)


def _marked(word: str, addresses: Addresses) -> str:
    """Replace a reader's own unsubscribe address in a word with a mark."""
    for address in addresses:
        word = address.sub(UNSUBSCRIBE_LINK, word)
    return word


def _with_marks(text: Slotted) -> str:
    """Fill each slot of a rendered text with a mark."""
    marked = ""
    for part in text.parts:
        if isinstance(part, str):
            marked += part
        else:
            marked += UNSUBSCRIBE_LINK if part.column == UNSUBSCRIBE else SLOT
    return marked


def _unsubscribe_addresses(
    settings: UnsubscribeSettings,
) -> Iterator[re.Pattern[str]]:
    mailto = (
        f"mailto:{settings.mailto}?subject={{token}}" if settings.mailto else ""
    )
    for address in filter(None, (settings.url, mailto)):
        before, _, after = address.partition("{token}")
        yield re.compile(
            rf"{re.escape(before)}[A-Za-z0-9_-]{{1,64}}{re.escape(after)}"
        )


def _changes(name: str, sent: Text, received: Text) -> TextChanges:
    missing: list[str] = []
    added: list[str] = []
    for before, after in _differences(sent.words, received.words):
        missing += before
        added += after
    links: list[tuple[str, str]] = []
    for before, after in _differences(sent.links, received.links):
        links += zip_longest(before, after, fillvalue="")
    return TextChanges(
        name=name,
        total_links=len(sent.links),
        rewritten_links=list(filter(all, links)),
        added=Text(added, [new for old, new in links if not old]),
        missing=Text(missing, [old for old, new in links if not new]),
    )


def _differences(sent: list[str], received: list[str]) -> Iterator[_Difference]:
    """Yield the runs that differ, except where a filled-in slot explains the difference."""
    sent = sent[:MOST_WORDS]
    received = received[:MOST_WORDS]
    matcher = SequenceMatcher(None, sent, received)
    for kind, start, end, received_start, received_end in matcher.get_opcodes():
        before = sent[start:end]
        after = received[received_start:received_end]
        if kind != "equal" and not _is_filled_in(before, after):
            yield before, after


def _is_filled_in(before: list[str], after: list[str]) -> bool:
    """Whether `after` can be `before` with its slots filled in."""
    literal = map(re.escape, " ".join(before).split(SLOT))
    return re.fullmatch(".*".join(literal), " ".join(after)) is not None


def _without_changed_pictures(types: list[str], count: int) -> list[str]:
    """Drop `count` pictures from the added parts: they replace pictures that were changed."""
    found = []
    for content_type in types:
        if count and content_type.startswith("image/"):
            count -= 1
        else:
            found.append(content_type)
    return found
