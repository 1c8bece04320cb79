"""Decide what a mail is: returned, a complaint, an automatic answer, or none of these."""

from collections import Counter

from briefing.bounces import speaker
from briefing.bounces.kinds import FAILURES, Explanation, Kind, Recipient
from briefing.bounces.mime import parse
from briefing.bounces.report import Report, take_apart
from briefing.bounces.sections import addresses
from briefing.bounces.tokens import find_tokens
from briefing.bounces.verdicts import (
    recipients_of_fields,
    recipients_of_words,
)

LONGEST = 2_000_000
"""Bytes of a mail that are read; the report and the returned header stand at its beginning."""

_NO_COMPLAINTS = ("auth-failure", "dmarc", "not-spam", "virus")
_RECEIPTS = {
    "message/disposition-notification",
    "disposition-notification",
    "message/tracking-status",
}
_OTHER_REPORTS = {"tlsrpt", "application/tlsrpt+gzip", "application/tlsrpt+json"}


def explain(data: bytes) -> Explanation:
    """Return what a mail is and whom it is about. Any bytes give an answer."""
    report = take_apart(parse(data[:LONGEST]))
    tokens = find_tokens(report.headers, report.returned)
    kind, recipients = _decide(report)
    return Explanation(kind, recipients, tokens)


def _decide(report: Report) -> tuple[Kind, tuple[Recipient, ...]]:
    if report.feedback is not None or "feedback-report" in report.other_types:
        return _feedback(report)
    if report.other_types & (_RECEIPTS | _OTHER_REPORTS):
        return Kind.OTHER, ()
    if report.has_status and not speaker.is_passed_on(report.headers):
        return _failures(recipients_of_fields(report))
    if _is_returned(report):
        found = recipients_of_fields(report) or recipients_of_words(report)
        return _failures(found)
    if speaker.is_automatic(report.headers):
        return Kind.AUTOMATIC, ()
    return (Kind.OTHER if speaker.is_machine(report.headers) else Kind.NONE), ()


def _feedback(report: Report) -> tuple[Kind, tuple[Recipient, ...]]:
    fields = report.feedback
    kind = fields.first("feedback-type").lower().strip() if fields else ""
    if kind.startswith(_NO_COMPLAINTS):
        return Kind.OTHER, ()
    named: list[str] = []
    for name in ("original-rcpt-to", "removal-recipient"):
        values = fields.all(name) if fields else []
        named += addresses(" ".join(values))
    named = named or addresses(report.returned.first("to"))
    unique = dict.fromkeys(named)
    recipients = tuple(Recipient(each, Kind.COMPLAINT) for each in unique)
    return Kind.COMPLAINT, recipients


def _is_returned(report: Report) -> bool:
    """Whether a mail without machine-readable fields came back: a mail system must speak, and of
    that.
    """
    headers = report.headers
    if speaker.is_passed_on(headers):
        return False
    if headers.first("x-failed-recipients"):
        return True
    machine = speaker.is_machine(headers)
    null = speaker.has_null_sender(headers)
    says_so = speaker.sounds_returned(headers)
    tells = speaker.speaks_of_delivery(report.text)
    if machine:
        return says_so or tells
    return null and says_so and not speaker.is_automatic(headers)


def _failures(
    recipients: tuple[Recipient, ...],
) -> tuple[Kind, tuple[Recipient, ...]]:
    """Return the kind that most recipients have."""
    kinds = Counter(recipient.kind for recipient in recipients)
    failures = [kind for kind, _ in kinds.most_common() if kind in FAILURES]
    return (failures[0] if failures else Kind.OTHER), recipients
