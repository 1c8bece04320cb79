"""Take a returned email apart: what the mail system says in words, what it says in fields, and
what it returns of the email that was sent.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from .mime import DecodedFields, MimePart, parse_fields
from .statuses import LONGEST_TEXT

MOST_RECIPIENTS = 100
"""In one report. Each of our emails has a single recipient, so a report on more isn't about them."""

OUTLOOKS_READER = "x-hmxmroriginalrecipient"
"""Names the reader in Outlook's older complaints, which attach our email, or are our email itself."""

STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
"""Of parts with machine-readable fields for deliveries."""
FEEDBACK_REPORT = "message/feedback-report"
_HEADER_TYPES = {"text/rfc822-headers", "message/global-headers"}
_MAIL_TYPES = {"message/rfc822", "message/global", "message/partial"}
_RETURNED_FIELD = re.compile(
    r"(?:received|return-path|dkim-signature|message-id|mime-version|x-received"
    r"|delivered-to|x-[\w-]{1,60}) {0,2}:",
    re.IGNORECASE,
)
_RETURNED_MARK = re.compile(
    r"(?:copy of (?:the|your) (?:original )?(?:message|mail)|original (?:message|mail)(?: headers?)?"
    r"|message headers?|unsent message|returned message|header of the (?:original|source)"
    r"|undelivered message|message text|failed message)",
    re.IGNORECASE,
)
_FOLLOWS = re.compile(
    r"^\W{2}|\W{3}$|follows?\W{0,3}$|below\W{0,3}$|^[^\w]{0,4}[\w ]{4,40}:$",
    re.IGNORECASE,
)
_LONGEST_MARK = 100
"""Characters of a line that announces the returned mail; longer ones are sentences."""
_ANY_FIELD = re.compile(r"^[A-Za-z][\w-]{0,60}:")
_QUOTED = re.compile(r"^[>|] ?")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a report says of one recipient (RFC 3464, 2.3)."""

    recipient: str
    original: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True, slots=True)
class BounceReport:
    """The parts of an email that may have come back."""

    headers: DecodedFields
    text: str
    """What is above the returned mail."""
    deliveries: tuple[Delivery, ...]
    feedback: DecodedFields
    """The fields of a feedback report (RFC 5965); none if it isn't one."""
    types: frozenset[str]
    """The content types of all parts, without those in attached emails, and the report's type."""
    returned: DecodedFields
    """The header of the email that was sent, as far as it was returned."""
    attached: MimePart | None
    """The first email that is attached."""


def take_apart(mail: MimePart) -> BounceReport:
    """Return the parts of an email as a report."""
    parts = list(mail.walk())
    types = frozenset(part.content_type for part in parts)
    words, returned_text = _split_text(_words(parts))
    status_texts = [
        part.text for part in parts if part.content_type in STATUS_TYPES
    ]
    # Some servers write the fields into their text, or below the email that they return.
    texts = [*status_texts, words, returned_text]
    deliveries = next(filter(None, map(_deliveries, texts)), ())
    return BounceReport(
        mail.headers,
        words,
        deliveries,
        _feedback(parts),
        types | {mail.parameters.get("report-type", "").lower()},
        _returned(mail, parts, returned_text),
        _attached(parts),
    )


def _words(parts: list[MimePart]) -> str:
    """Return the text parts, each only once if it comes as plain text and as HTML."""
    plain = [part.text for part in parts if part.content_type == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    markup = [part.text for part in parts if part.content_type == "text/html"]
    return "\n".join(markup)


def _split_text(text: str) -> tuple[str, str]:
    """Return what the machine says, and the email that it quotes below."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        following = lines[number + 1 : number + 4]
        if _begins_returned(_unquoted(line), map(_unquoted, following)):
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    return text, ""


def _unquoted(line: str) -> str:
    return _QUOTED.sub("", line.strip()).strip()


def _begins_returned(line: str, following: Iterable[str]) -> bool:
    if _RETURNED_FIELD.match(line):
        return any(map(_ANY_FIELD.match, following))
    mark = _RETURNED_MARK.search(line)
    return bool(mark and len(line) < _LONGEST_MARK and _FOLLOWS.search(line))


def _deliveries(text: str) -> tuple[Delivery, ...]:
    """Return what the blocks of fields in a text say of each recipient."""
    found = filter(None, map(_delivery, _blocks(text)))
    return tuple(islice(found, MOST_RECIPIENTS))


def _blocks(text: str) -> Iterator[str]:
    """Yield the blocks between empty lines; a second recipient begins a block as well, since some
    servers leave the empty line out.
    """
    block: list[str] = []
    seen: set[str] = set()
    for line in text.split("\n"):
        name = line.partition(":")[0].strip().lower()
        begins = name == "final-recipient" and name in seen
        if not line.strip() or begins:
            yield "\n".join(block)
            block = []
            seen = set()
        block.append(line)
        seen.add(name)
    yield "\n".join(block)


def _delivery(block: str) -> Delivery | None:
    # Most blocks are ordinary text, for which this is faster than reading fields.
    if "ecipient" not in block and "ction" not in block:
        return None
    fields = parse_fields(block)
    recipient = _address(fields.raw("final-recipient"))
    original = _address(fields.raw("original-recipient"))
    action = fields.first("action").strip().lower()
    status = fields.first("status")[:LONGEST_TEXT]
    diagnostic = " ".join(fields.all("diagnostic-code"))[:LONGEST_TEXT]
    if not (recipient or original) or not (action or status or diagnostic):
        return None
    return Delivery(
        recipient, original, action.partition(" ")[0], status, diagnostic
    )


def _address(value: str) -> str:
    """Return the address in a field like `rfc822; <a@example.org>`."""
    return value.rpartition(";")[2].strip().strip("<>").strip()


def _feedback(parts: list[MimePart]) -> DecodedFields:
    reports = (
        part.text.strip()
        for part in parts
        if part.content_type == FEEDBACK_REPORT
    )
    return parse_fields(next(reports, ""))


def _attached(parts: list[MimePart]) -> MimePart | None:
    for part in parts:
        if part.content_type in _MAIL_TYPES and part.children:
            return part.children[0]
    return None


def _returned(
    mail: MimePart, parts: list[MimePart], returned_text: str
) -> DecodedFields:
    if mail.headers.first(OUTLOOKS_READER):
        return mail.headers
    for part in parts:
        if part.content_type in _MAIL_TYPES and part.children:
            return part.children[0].headers
        if part.content_type in _HEADER_TYPES:
            return parse_fields(part.text.strip())
    lines = [_QUOTED.sub("", line) for line in returned_text.split("\n")]
    unindented = [line.strip() if line[:3] == "   " else line for line in lines]
    return parse_fields("\n".join(unindented))
