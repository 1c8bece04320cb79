"""Say in a sentence what an email is."""

from .kinds import Explanation, Kind, Recipient

_OF_RECIPIENTS = {
    Kind.DEAD: "{} no longer exists",
    Kind.FULL: "the mailbox of {} is full",
    Kind.REFUSED: "the server of {} rejected the email",
    Kind.TEMPORARY: "{} couldn't be reached this time",
    Kind.COMPLAINT: "{} reported the email as spam",
    Kind.OTHER: "the report about {} gives no reason to act",
}
_OF_MAILS = {
    Kind.AUTOMATIC: "an automatic reply; no email was returned",
    Kind.NONE: "an ordinary email; no email was returned",
    Kind.OTHER: "a report about email; it names no reader",
}
_NOBODY = "an unnamed address"


def describe(explanation: Explanation) -> list[str]:
    """Return a line for each recipient that an email names, or a single line if it names none."""
    if explanation.recipients:
        return [_of_recipient(each) for each in explanation.recipients]
    kind = explanation.kind
    if kind in _OF_MAILS:
        return [f"{kind}: {_OF_MAILS[kind]}"]
    return [_of_recipient(Recipient("", kind))]


def _of_recipient(recipient: Recipient) -> str:
    sentence = _OF_RECIPIENTS[recipient.kind].format(
        recipient.address or _NOBODY
    )
    status = f" ({recipient.status})" if recipient.status else ""
    return f"{recipient.kind}: {sentence}{status}"
