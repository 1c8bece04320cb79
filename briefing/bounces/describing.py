"""Say in a sentence what an email is."""

from .kinds import BounceKind, Explanation, Recipient

_OF_RECIPIENTS = {
    BounceKind.DEAD: "{} no longer exists",
    BounceKind.FULL: "the mailbox of {} is full",
    BounceKind.REFUSED: "the server of {} refused the email",
    BounceKind.TEMPORARY: "{} couldn't be reached this time",
    BounceKind.COMPLAINT: "{} reported the email as spam",
    BounceKind.OTHER: "the report about {} calls for no action",
}
_OF_MAILS = {
    BounceKind.AUTOMATIC: "an automatic reply; no email was returned",
    BounceKind.NONE: "an ordinary email; no email was returned",
    BounceKind.OTHER: "a report about email; it names no reader",
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
