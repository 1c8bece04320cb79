"""Decide what an email is: returned, a complaint, an automatic answer, or none of these."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from briefing.data_files import load_table
from briefing.errors import LimitError
from briefing.sandbox.limited import run_limited

from .kinds import FAILURES, BounceKind, Explanation, Recipient
from .mime import DecodedFields, parse
from .reasons import (
    LONGEST_TEXT,
    comparable,
    contains_any,
    first_status,
    kind_of_failure,
    kind_of_phrases,
    kind_of_words,
)
from .report import (
    FEEDBACK_REPORT,
    MOST_RECIPIENTS,
    OUTLOOKS_READER,
    STATUS_TYPES,
    BounceReport,
    Delivery,
    addresses,
    find_sections,
    take_apart,
)

SECONDS = 10
"""Of CPU time for an email. Most take a few milliseconds."""
LONGEST_EMAIL = 2_000_000
"""Bytes of an email that are read; the report and the returned header are at its beginning."""
BEGINNING = 3000
"""Characters of a text in which a mail system says why it writes."""
TOKEN = r"(?<![0-9a-z])[0-9a-f]{30}(?![0-9a-z])"  # noqa: S105  # a pattern
"""A reader's token (`keys.Key.name`) within a text in lower case."""

_SIGNS_NEEDED = 2
"""Signs of returned mail, if the sender isn't surely a mail system."""
_NO_COMPLAINTS = ("auth-failure", "dmarc", "not-spam", "virus")
_FEEDBACK_TYPES = {FEEDBACK_REPORT, "feedback-report"}
_OTHER_REPORTS = {
    "message/disposition-notification",
    "disposition-notification",
    "message/tracking-status",
    "tlsrpt",
    "application/tlsrpt+gzip",
    "application/tlsrpt+json",
}
_DONE = {"delivered", "relayed", "expanded"}
_OWN_FIELDS = (
    "to",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
)
"""Fields with the address that the email came back to, which may contain a token."""
_RETURNED_FIELDS = ("list-unsubscribe", "return-path", "x-envelope-from")
_LOCAL = r"[^\s<>\"'(),;:@]"
_LOCAL_PART = re.compile(rf"(?<!{_LOCAL})({_LOCAL}{{1,64}}+)@")
_TABLE = load_table(Path(__file__).with_name("speaker.toml"))


def explain_in_child(data: bytes) -> Explanation:
    """Return what `explain` returns, which runs in a child process, so that no email can hang or harm the
    program.

    An email that exceeds the limits of that process is `BounceKind.OTHER`, without recipients.
    """
    try:
        return run_limited(
            explain,
            data[:LONGEST_EMAIL],
            name="the email",
            remedy="read it yourself",
            seconds=SECONDS,
        )
    except LimitError:
        return Explanation(BounceKind.OTHER)


def explain(data: bytes) -> Explanation:
    """Return what an email is and which recipients it names. Any bytes give an answer."""
    report = take_apart(parse(data[:LONGEST_EMAIL].lstrip(b"\r\n")))
    found = _explain(report)
    tokens = list(_tokens_in(report.headers, _OWN_FIELDS))
    # What a person quotes or passes on may contain another reader's token.
    if found.kind not in {BounceKind.AUTOMATIC, BounceKind.NONE}:
        tokens += _tokens_in(report.returned, _RETURNED_FIELDS)
    return replace(found, tokens=tuple(dict.fromkeys(tokens)))


def _tokens_in(fields: DecodedFields, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for value in fields.all(name):
            # A folded link has a space where the line was broken.
            yield from re.findall(TOKEN, value.lower().replace(" ", ""))


def _explain(report: BounceReport) -> Explanation:
    """Decide by the parts that are written for programs, or else by who seems to have written the email."""
    headers = report.headers
    types = report.types
    if types & _FEEDBACK_TYPES or headers.first(OUTLOOKS_READER):
        return _feedback(report)
    if types & _OTHER_REPORTS:
        return Explanation(BounceKind.OTHER)
    if _is_returned(report):
        return _failure(report)
    is_desk = _local_part(headers) in _TABLE["complaints_desks"]
    if report.attached and is_desk and _says(headers, "complaint_subjects"):
        return _feedback(report)
    if _is_automatic(headers):
        return Explanation(BounceKind.AUTOMATIC)
    is_machine = _is_machine(headers)
    return Explanation(BounceKind.OTHER if is_machine else BounceKind.NONE)


def _feedback(report: BounceReport) -> Explanation:
    fields = report.feedback
    kind = fields.first("feedback-type").lower().strip()
    if kind.startswith(_NO_COMPLAINTS):
        return Explanation(BounceKind.OTHER)
    named = addresses(
        " ".join(
            [
                *fields.all("original-rcpt-to"),
                *fields.all("removal-recipient"),
                report.returned.first(OUTLOOKS_READER),
            ]
        )
    ) or addresses(report.returned.first("to"))
    recipients = [Recipient(each, BounceKind.COMPLAINT) for each in named]
    return Explanation(BounceKind.COMPLAINT, tuple(recipients))


def _is_returned(report: BounceReport) -> bool:
    """Whether an email came back: a mail system must have written it, and say that an email wasn't
    delivered.
    """
    headers = report.headers
    subject = headers.first("subject").lower().strip()
    if subject.startswith(tuple(_TABLE["passed_on"])):
        return False
    # A person may pass on the status of another email, but not in a report.
    is_report = "multipart/report" in report.types
    has_status = is_report and report.types & STATUS_TYPES
    if has_status or headers.first("x-failed-recipients"):
        return True
    is_machine = _is_machine(headers)
    signs = _signs(report)
    if is_machine or _is_automatic(headers) or signs < _SIGNS_NEEDED:
        return is_machine and signs > 0
    # Parcels aren't delivered either, and administrators write mail as well.
    returns_mail = bool(report.returned.pairs)
    return _has_null_sender(headers) or (
        returns_mail and _may_be_machine(headers)
    )


def _signs(report: BounceReport) -> int:
    """Return how many signs there are, from 0 to 3, that an email came back."""
    beginning = comparable(report.text[:BEGINNING])
    kind = kind_of_phrases("certain", report.text)
    return (
        _says(report.headers, "bounce_subjects")
        + contains_any(beginning, _TABLE["bounce_texts"])
        + (kind in {BounceKind.DEAD, BounceKind.FULL})
    )


# --- The recipients of an email that came back


def _failure(report: BounceReport) -> Explanation:
    found = _by_fields(report) or _by_words(report)
    if report.attached and not any(each.kind in FAILURES for each in found):
        # Some mail systems attach the report that they got from another one.
        found = _by_fields(take_apart(report.attached)) or found
    # An email is what the first recipient with a known reason says.
    kinds = [recipient.kind for recipient in found]
    known = (kind for kind in kinds if kind is not BounceKind.OTHER)
    return Explanation(next(known, BounceKind.OTHER), found)


def _by_fields(report: BounceReport) -> tuple[Recipient, ...]:
    """Return what the machine-readable fields of a report say, together with its words."""
    sections = {
        address.lower(): said
        for address, said in find_sections(report.text).items()
    }
    # What the text says without naming an address is about the only recipient.
    unnamed = report.text[:LONGEST_TEXT] if len(report.deliveries) == 1 else ""
    found = []
    for each in report.deliveries:
        words = (
            sections.get(each.recipient.lower())
            or sections.get(each.original.lower())
            or unnamed
        )
        kind = kind_of_failure(each.diagnostic, each.status, words)
        kind = kind or BounceKind.OTHER
        if each.action in _DONE:
            kind = BounceKind.OTHER
        elif each.action == "delayed" and kind in {
            BounceKind.DEAD,
            BounceKind.OTHER,
        }:
            # It is tried again: what has failed so far isn't final.
            kind = BounceKind.TEMPORARY
        reader = _reader(each, report.returned)
        found.append(Recipient(reader, kind, first_status(each.status)))
    return tuple(found)


def _reader(delivery: Delivery, returned: DecodedFields) -> str:
    """Return the address that was on the list, rather than the one to which its email was forwarded."""
    for address in (delivery.original, delivery.recipient):
        if "@" in address[1:]:
            return address
    reached = addresses(returned.first("to"))
    return reached[0] if len(reached) == 1 else delivery.recipient


def _by_words(report: BounceReport) -> tuple[Recipient, ...]:
    """Return what a report without such fields says in words of each recipient, however it names them."""
    headers = report.headers
    whole = report.text[:LONGEST_TEXT]
    sections = find_sections(report.text, _own_addresses(headers))
    reached = addresses(report.returned.first("to"))
    named = addresses(headers.first("x-failed-recipients"))
    if named:
        said = {address.lower(): text for address, text in sections.items()}
        sections = {
            each: said.get(each.lower(), "") for each in named[:MOST_RECIPIENTS]
        }
    elif not sections and reached:
        sections = {reached[0]: ""}
    elif not sections:
        # The email may have come back to the address that was mailed.
        sections = find_sections(report.text)
    return tuple(
        Recipient(
            address,
            kind_of_words(said) or kind_of_words(whole) or BounceKind.OTHER,
            first_status(said) or first_status(whole),
        )
        for address, said in sections.items()
    )


def _own_addresses(headers: DecodedFields) -> set[str]:
    """Return the addresses of the mail system, and the one that the email came back to."""
    values = [
        value
        for name in ("from", "return-path", *_OWN_FIELDS)
        for value in headers.all(name)
    ]
    return {address.lower() for address in addresses(" ".join(values))}


# --- Who wrote an email: a mail system, a program that answers for a reader, or a person


def _is_machine(headers: DecodedFields) -> bool:
    """Whether an email comes from a mail system by its address: MAILER-DAEMON, or none at all."""
    local = _local_part(headers)
    is_daemon = local.startswith("mailer-daemon")
    return is_daemon or local in {"", *_TABLE["machines"]}


def _may_be_machine(headers: DecodedFields) -> bool:
    """Whether an email may come from a mail system, by parts of its sender's address and name. Both
    are imitated.
    """
    name = headers.first("from").lower().rpartition("<")[0]
    local = _local_part(headers)
    return any(each in name for each in _TABLE["machine_names"]) or any(
        each in local for each in _TABLE["machine_parts"]
    )


def _local_part(headers: DecodedFields) -> str:
    """Return what is before the @ of the sender's address, or all of it if there is no @."""
    sender = headers.first("from").lower()
    address = _LOCAL_PART.search(sender)
    return address[1] if address else sender.rpartition("<")[2].strip(' >"')


def _has_null_sender(headers: DecodedFields) -> bool:
    """Whether an email must not be answered (RFC 5321, 4.5.5): its sender is empty, or what some
    servers write instead.
    """
    return any(
        path.strip(" \t<>").lower().partition("@")[0]
        in {"", "null", "mailer-daemon"}
        for path in headers.all("return-path")
    )


def _is_automatic(headers: DecodedFields) -> bool:
    """Whether a program answers for a reader (RFC 3834, and many without its header field).

    Apple's apps mark a reader's unsubscribe email like this; it is the reader's wish.
    """
    if headers.first("x-apple-unsubscribe"):
        return False
    submitted = headers.first("auto-submitted").lower().strip()
    precedence = headers.first("precedence").lower().strip()
    return (
        bool(submitted and not submitted.startswith("no"))
        or any(map(headers.first, _TABLE["automatic_headers"]))
        or precedence in _TABLE["automatic_precedences"]
        or _says(headers, "automatic_subjects")
    )


def _says(headers: DecodedFields, name: str) -> bool:
    """Whether the subject contains one of the phrases under a name in speaker.toml."""
    return contains_any(comparable(headers.first("subject")), _TABLE[name])
