"""Take a returned email apart: what the mail system says in words, and of which reader; what it says in
fields, and what it returns of the email that was sent.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from .mime import DecodedFields, MimePart, parse_fields
from .reasons import LONGEST_TEXT

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
_ANY_FIELD = re.compile(r"^[>| ]{0,8}[A-Za-z][\w-]{0,60}:")
_QUOTED = re.compile(r"^[>|] ?")
_BETWEEN_BLOCKS = re.compile(r"\n[ \t]*+\n")
_LOCAL = r"[^\s<>\"'`,;:()\[\]@|*]"
# Only from the start of a word, so that a long word without an @ is read only once.
_ADDRESS = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}+@[\w-]{{1,63}}+(?:\.[\w-]{{1,63}}+){{1,8}}+"
)
_NO_RECIPIENT_LINE = re.compile(
    r"^\W{0,6}(?:from|sender|reply-to|return-path|cc|subject|date|mail from|message-id|original sender"
    r"|envelope-from|received|generating server|reporting-mta|questions|contact|de|von|da)\b\W{0,3}[:(<]"
    r"|\b(?:contact|please (?:mail|write)|send (?:e-?mail|mail|a message) to|questions|help from|assistance|ask)\b",
    re.IGNORECASE,
)
"""A line that names the sender, or whom to ask."""
_HEADER_LINE = re.compile(r"\s{0,8}(?:to|an|para|pour|à) {0,2}:", re.IGNORECASE)
"""It repeats who the email was for, which may be a list; other lines name the reader better."""
_SESSION = re.compile(r"^\W{0,4}while talking to ", re.IGNORECASE)
_SENDER = re.compile(r"\bmail from:? {0,2}\S{1,300}", re.IGNORECASE)


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

    def texts(*types: str) -> list[str]:
        return [part.text for part in parts if part.content_type in types]

    # Each text only once if it comes as plain text and as HTML.
    words = "\n".join(texts("text/plain"))
    if not words.strip():
        words = "\n".join(texts("text/html"))
    words, quoted = _split_text(words)
    # Some servers write the fields into their text, or below the email that they return.
    with_fields = [*texts(*STATUS_TYPES), words, quoted]
    mails = [
        part.children[0]
        for part in parts
        if part.content_type in _MAIL_TYPES and part.children
    ]
    returned = _fields(next(iter(texts(*_HEADER_TYPES)), quoted))
    if mail.headers.first(OUTLOOKS_READER):
        returned = mail.headers
    elif mails:
        returned = mails[0].headers
    return BounceReport(
        mail.headers,
        words,
        next(filter(None, map(_deliveries, with_fields)), ()),
        _fields(next(iter(texts(FEEDBACK_REPORT)), "")),
        frozenset(part.content_type for part in parts)
        | {mail.parameters.get("report-type", "").lower()},
        returned,
        next(iter(mails), None),
    )


def _fields(text: str) -> DecodedFields:
    """Return the fields of a header in a text, which may be quoted or indented."""
    lines = [_QUOTED.sub("", line) for line in text.strip("\n").split("\n")]
    lines = [line.strip() if line[:3] == "   " else line for line in lines]
    return parse_fields("\n".join(lines).encode())


def _split_text(text: str) -> tuple[str, str]:
    """Return what the machine says, and the email that it quotes below."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = _QUOTED.sub("", line.strip()).strip()
        if _RETURNED_FIELD.match(bare):
            following = lines[number + 1 : number + 4]
            begins = any(map(_ANY_FIELD.match, following))
        else:
            begins = bool(
                len(bare) < _LONGEST_MARK
                and _RETURNED_MARK.search(bare)
                and _FOLLOWS.search(bare)
            )
        if begins:
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    return text, ""


def _deliveries(text: str) -> tuple[Delivery, ...]:
    """Return what the blocks of fields in a text say of each recipient."""
    found = filter(None, map(_delivery, _BETWEEN_BLOCKS.split(text)))
    return tuple(islice(found, MOST_RECIPIENTS))


def _delivery(block: str) -> Delivery | None:
    # Most blocks are ordinary text, for which this is faster than reading fields.
    if "ecipient" not in block and "ction" not in block:
        return None
    fields = parse_fields(block.encode())
    # Such a field reads `rfc822; <a@example.org>`. What looks like encoded words is part of the address.
    written = dict(fields.pairs)
    recipient, original = (
        written.get(name, "").rpartition(";")[2].strip(" \t<>")
        for name in ("final-recipient", "original-recipient")
    )
    action = fields.first("action").strip().lower()
    status = fields.first("status")[:LONGEST_TEXT]
    diagnostic = " ".join(fields.all("diagnostic-code"))[:LONGEST_TEXT]
    if not (recipient or original) or not (action or status or diagnostic):
        return None
    return Delivery(
        recipient, original, action.partition(" ")[0], status, diagnostic
    )


# --- Of whom the words are said


def addresses(text: str) -> list[str]:
    """Return all addresses in a text, each once, in order."""
    found = [address.strip(".") for address in _ADDRESS.findall(text)]
    return list(dict.fromkeys(found))


def find_sections(
    text: str, not_recipients: Collection[str] = ()
) -> dict[str, str]:
    """Return what a text says of each address in it that can be a recipient.

    `not_recipients` are addresses of the sender, in lower case. What follows an address, up to the
    next one, is said of it; so is the line that it is on.
    """
    lines = text.split("\n")
    shown = [line for line in lines if not _HEADER_LINE.match(line)]
    return _sections(shown, not_recipients) or _sections(lines, not_recipients)


def _sections(
    lines: list[str], not_recipients: Collection[str]
) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for named, passage in _passages(lines, not_recipients):
        for address in named[: MOST_RECIPIENTS - len(said)]:
            first = spelled.setdefault(address.lower(), address)
            said.setdefault(first, []).extend(passage)
    return {
        address: "\n".join(passage)[:LONGEST_TEXT]
        for address, passage in said.items()
    }


def _passages(
    all_lines: list[str], not_recipients: Collection[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield addresses, and the lines that are said of them.

    In a session with a server, what it said before it was asked for a recipient is said of the one
    that follows.
    """
    named: list[str] = []
    lines: list[str] = []
    in_session = False
    for line in all_lines:
        found: list[str] = []
        if "@" in line and not _NO_RECIPIENT_LINE.search(line):
            found = addresses(_SENDER.sub("", line[:2000]))
            found = [
                each for each in found if each.lower() not in not_recipients
            ]
        begins = bool(_SESSION.search(line))
        if begins or (found and (named or not in_session)):
            yield named, lines
            named = []
            lines = []
        in_session = in_session or begins
        named = found or named
        lines.append(line)
    yield named, lines
