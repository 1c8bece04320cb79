"""What a report means for each recipient that it names."""

import re
from functools import lru_cache

from .kinds import BounceKind, Recipient
from .mime import DecodedFields
from .report import BounceReport, Delivery
from .sections import (
    MOST_ADDRESSES,
    AddressSection,
    addresses,
    find_names,
    find_sections,
)
from .speaker import has_null_sender
from .statuses import (
    LONGEST_TEXT,
    first_status,
    is_temporary,
    kind_of_reply,
    kind_of_status,
)
from .wording import certain_kind, names_account, vague_kind

_BEFORE_RECIPIENT = re.compile(
    r"(?:in reply to|after|following|did not like our|>>>|\[) ?(?:mail[ _]from|helo|ehlo|initial connection)"
    r"|refused to talk to me|my name was rejected",
    re.IGNORECASE,
)
"""A server that says so refused the sender: no recipient had been named yet."""
_AFTER_DATA = re.compile(
    r"in reply to (?:end of )?data\b|after (?:end of data|data command)|did not like our (?:final )?data"
    r"|failed after i sent",
    re.IGNORECASE,
)
"""A server that says so had accepted the recipient. Some filters hide behind "user unknown" then."""
_RECIPIENT_NAMED = re.compile(r"\brcpt[ _]to\b", re.IGNORECASE)

_ABOUT_MAILBOX = {BounceKind.DEAD, BounceKind.FULL}
_DONE = {"delivered", "relayed", "expanded"}
_DELAYED = "delayed"


def recipients_of_fields(report: BounceReport) -> tuple[Recipient, ...]:
    """Return what the machine-readable fields of a report say, together with its words."""
    sections = {
        section.address.lower(): section.text
        for section in find_sections(report.text, ())
    }
    # What the text says without naming an address is about the only recipient.
    unnamed = report.text[:LONGEST_TEXT] if len(report.deliveries) == 1 else ""
    found = []
    for delivery in report.deliveries:
        of_recipient = sections.get(delivery.recipient.lower())
        of_original = sections.get(delivery.original.lower())
        words = of_recipient or of_original or unnamed
        recipient = Recipient(
            _reader(delivery, report.returned),
            _kind_of_delivery(delivery, words),
            first_status(delivery.status),
        )
        found.append(recipient)
    return tuple(found)


def recipients_of_words(report: BounceReport) -> tuple[Recipient, ...]:
    """Return what a report without such fields says in words."""
    whole = report.text[:LONGEST_TEXT]
    return tuple(_recipient(each, whole) for each in _sections(report))


def _sections(report: BounceReport) -> list[AddressSection]:
    """Return what the text of a report says of each recipient, however it names them."""
    headers = report.headers
    found = find_sections(report.text, _own_addresses(headers))
    named = addresses(headers.first("x-failed-recipients"))[:MOST_ADDRESSES]
    if named:
        said = {section.address.lower(): section for section in found}
        return [
            said.get(each.lower(), AddressSection(each, "")) for each in named
        ]
    return found or _unaddressed(report)


def _unaddressed(report: BounceReport) -> list[AddressSection]:
    """Return what is said of recipients where the text has no address that can be one."""
    headers = report.headers
    reached = addresses(report.returned.first("to"))
    if reached:
        return [AddressSection(reached[0], "")]
    found = find_names(report.text, headers.first("from"))
    if not found and (report.returned.pairs or has_null_sender(headers)):
        # The email came back to the address that was mailed.
        return find_sections(report.text, ())
    return found


# A line may say the same of a hundred recipients.
@lru_cache
def kind_of_words(text: str) -> BounceKind | None:
    """Return what the words and codes of a text mean for a recipient; None for nothing."""
    text = text[:LONGEST_TEXT]
    temporary = is_temporary(text)
    kind = (
        certain_kind(text)
        or kind_of_status(text)
        or vague_kind(text, temporary=temporary)
        or kind_of_reply(text)
    )
    return _at_this_moment(kind, text)


def _recipient(section: AddressSection, whole: str) -> Recipient:
    kind = kind_of_words(section.text) or kind_of_words(whole)
    status = first_status(section.text) or first_status(whole)
    return Recipient(section.address, kind or BounceKind.OTHER, status)


def _kind_of_delivery(delivery: Delivery, words: str) -> BounceKind:
    if delivery.action in _DONE:
        return BounceKind.OTHER
    kind = _kind_of_failure(delivery, words) or BounceKind.OTHER
    if delivery.action == _DELAYED and kind in {
        BounceKind.DEAD,
        BounceKind.OTHER,
    }:
        # It is tried again: what has failed so far isn't final.
        return BounceKind.TEMPORARY
    return kind


def _kind_of_failure(delivery: Delivery, words: str) -> BounceKind | None:
    """Decide by the first source that gives a reason, the most reliable first: certain phrases, then
    codes, then vague phrases. The Status field is looked through for phrases too, since some servers
    write a comment after the code.
    """
    said = delivery.diagnostic
    status = delivery.status
    temporary = is_temporary(f"{said} {status}")
    kind = (
        certain_kind(said, status)
        or certain_kind(status)
        or kind_of_status(said)
        or kind_of_status(status)
        or certain_kind(words)
        or vague_kind(said, temporary=temporary)
        or kind_of_reply(said)
        or kind_of_words(words)
        or kind_of_reply(status)
    )
    return _at_this_moment(kind, words)


def _at_this_moment(kind: BounceKind | None, text: str) -> BounceKind | None:
    """Return what words of this kind mean at the moment of the delivery at which the server says them:
    what sounds like a dead address may be about the sender, or about an email that a filter stopped.
    """
    if kind not in _ABOUT_MAILBOX or _RECIPIENT_NAMED.search(text):
        return kind
    if _BEFORE_RECIPIENT.search(text):
        return BounceKind.REFUSED
    late = kind is BounceKind.DEAD and _AFTER_DATA.search(text)
    return BounceKind.TEMPORARY if late and not names_account(text) else kind


def _reader(delivery: Delivery, returned: DecodedFields) -> str:
    """Return the address that was on the list, rather than the one to which its email was forwarded."""
    original = delivery.original
    if "@" in original:
        return original
    if "@" in delivery.recipient and not delivery.recipient.startswith("@"):
        return delivery.recipient
    reached = addresses(returned.first("to"))
    return reached[0] if len(reached) == 1 else delivery.recipient


def _own_addresses(headers: DecodedFields) -> set[str]:
    """Return the addresses of the mail system, and the one that the email came back to."""
    names = ("from", "to", "return-path", "delivered-to", "x-original-to")
    values = [value for name in names for value in headers.all(name)]
    return {address.lower() for address in addresses(" ".join(values))}
