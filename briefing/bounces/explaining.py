"""Decide what an email is: returned, a complaint, an automatic answer, or none of these."""

from dataclasses import replace

from . import speaker
from .kinds import FAILURES, BounceKind, Explanation, Recipient
from .mime import parse
from .notifications import recipients_of_notification
from .report import (
    FEEDBACK_REPORT,
    OUTLOOKS_READER,
    STATUS_TYPES,
    BounceReport,
    take_apart,
)
from .sections import addresses
from .tokens import find_tokens
from .verdicts import recipients_of_fields, recipients_of_words
from .wording import certain_kind

LONGEST_EMAIL = 2_000_000
"""Bytes of an email that are read; the report and the returned header are at its beginning."""

_SIGNS_NEEDED = 2
"""Signs of returned mail, if the sender isn't surely a mail system."""
_WRITTEN_BY_READERS = {BounceKind.AUTOMATIC, BounceKind.NONE}
_NO_COMPLAINTS = ("auth-failure", "dmarc", "not-spam", "virus")
_FEEDBACK_TYPES = {FEEDBACK_REPORT, "feedback-report"}
_RECEIPTS = {
    "message/disposition-notification",
    "disposition-notification",
    "message/tracking-status",
}
_OTHER_REPORTS = {
    "tlsrpt",
    "application/tlsrpt+gzip",
    "application/tlsrpt+json",
}


def explain(data: bytes) -> Explanation:
    """Return what an email is and which recipients it names. Any bytes give an answer."""
    report = take_apart(parse(data[:LONGEST_EMAIL].lstrip(b"\r\n")))
    found = _by_structure(report) or _by_speaker(report)
    # What a person quotes or passes on may contain another reader's token.
    is_readers_own = found.kind in _WRITTEN_BY_READERS
    returned = None if is_readers_own else report.returned
    return replace(found, tokens=find_tokens(report.headers, returned))


def _by_structure(report: BounceReport) -> Explanation | None:
    """Decide by the parts that are written for programs; None for an email without such parts."""
    types = report.types
    if _is_feedback(report):
        return _feedback(report)
    if types & _RECEIPTS and speaker.rejects(report.headers):
        return _failures(recipients_of_words(report))
    if types & (_RECEIPTS | _OTHER_REPORTS):
        return Explanation(BounceKind.OTHER)
    notified = recipients_of_notification(report.text)
    if notified is not None:
        return _failures(notified)
    if types & STATUS_TYPES and _reports_status(report):
        return _failures(_returned_to(report))
    return None


def _reports_status(report: BounceReport) -> bool:
    """Whether its delivery status is the email's own, not one that a person passes on."""
    headers = report.headers
    if speaker.is_passed_on(headers):
        return False
    is_report = "multipart/report" in report.types
    return (
        is_report
        or speaker.is_machine(headers)
        or speaker.has_null_sender(headers)
    )


def _by_speaker(report: BounceReport) -> Explanation:
    """Decide by who seems to have written the email."""
    if _is_returned(report):
        return _failures(_returned_to(report))
    if report.attached and speaker.is_complaints_desk(report.headers):
        return _feedback(report)
    if speaker.is_automatic(report.headers):
        return Explanation(BounceKind.AUTOMATIC)
    is_machine = speaker.is_machine(report.headers)
    return Explanation(BounceKind.OTHER if is_machine else BounceKind.NONE)


def _returned_to(report: BounceReport) -> tuple[Recipient, ...]:
    """Return the recipients of an email that came back."""
    found = recipients_of_fields(report) or recipients_of_words(report)
    if any(each.kind in FAILURES for each in found) or report.attached is None:
        return found
    # Some mail systems attach the report that they got from another one.
    inner = take_apart(report.attached)
    return recipients_of_fields(inner) or found


def _is_feedback(report: BounceReport) -> bool:
    is_declared = not report.types.isdisjoint(_FEEDBACK_TYPES)
    return is_declared or bool(report.headers.first(OUTLOOKS_READER))


def _feedback(report: BounceReport) -> Explanation:
    fields = report.feedback
    kind = fields.first("feedback-type").lower().strip()
    if kind.startswith(_NO_COMPLAINTS):
        return Explanation(BounceKind.OTHER)
    named: list[str] = []
    for name in ("original-rcpt-to", "removal-recipient"):
        named += addresses(" ".join(fields.all(name)))
    named += addresses(report.returned.first(OUTLOOKS_READER))
    named = named or addresses(report.returned.first("to"))
    unique = dict.fromkeys(named)
    recipients = tuple(Recipient(each, BounceKind.COMPLAINT) for each in unique)
    return Explanation(BounceKind.COMPLAINT, recipients)


def _is_returned(report: BounceReport) -> bool:
    """Whether an email without machine-readable fields came back: a mail system must have written it,
    and say that an email wasn't delivered.
    """
    headers = report.headers
    if speaker.is_passed_on(headers):
        return False
    if headers.first("x-failed-recipients"):
        return True
    signs = (
        speaker.sounds_returned(headers),
        speaker.speaks_of_delivery(report.text),
        certain_kind(report.text) in {BounceKind.DEAD, BounceKind.FULL},
    )
    if speaker.is_machine(headers):
        return any(signs)
    if speaker.is_automatic(headers) or sum(signs) < _SIGNS_NEEDED:
        return False
    return speaker.has_null_sender(headers) or _may_return_mail(report)


def _may_return_mail(report: BounceReport) -> bool:
    """Whether the sender may be a mail system, and returns an email: parcels aren't delivered either."""
    headers = report.headers
    may_be = speaker.may_be_machine(headers) or speaker.is_no_reply(headers)
    return may_be and bool(report.returned.pairs)


def _failures(recipients: tuple[Recipient, ...]) -> Explanation:
    """Explain an email that couldn't be delivered by the first recipient with a known reason."""
    kinds = [recipient.kind for recipient in recipients]
    known = (kind for kind in kinds if kind is not BounceKind.OTHER)
    return Explanation(next(known, BounceKind.OTHER), recipients)
