"""Notifications that Amazon SES sends by mail (through SNS): JSON instead of a report.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import json
from collections.abc import Iterator
from typing import Any

from briefing.bounces.kinds import Kind, Recipient
from briefing.bounces.statuses import first_status
from briefing.bounces.verdicts import kind_of_words

_LISTS = {
    "Bounce": ("bounce", "bouncedRecipients"),
    "Complaint": ("complaint", "complainedRecipients"),
    "Delivery": ("delivery", "recipients"),
}


def recipients_of_notification(text: str) -> tuple[Recipient, ...] | None:
    """Return the recipients of a notification; None if the text is none."""
    if "notificationType" not in text or "{" not in text:
        return None
    # Long lines are broken with an exclamation mark on the way.
    unbroken = text[text.index("{") :].replace("!\n ", "")
    notification = _object(unbroken)
    message = notification.get("Message")
    if isinstance(message, str):
        notification = _object(message)
    if notification.get("notificationType") not in _LISTS:
        return None
    return tuple(_recipients(notification))


def _object(text: str) -> dict[str, Any]:
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _recipients(notification: dict[str, Any]) -> Iterator[Recipient]:
    what = notification["notificationType"]
    event, recipients = _LISTS[what]
    for recipient in _a_list(notification.get(event), recipients):
        if what == "Delivery":
            yield Recipient(str(recipient), Kind.OTHER)
        elif isinstance(recipient, dict):
            yield _recipient(what, recipient)


def _recipient(what: str, recipient: dict[str, Any]) -> Recipient:
    address = str(recipient.get("emailAddress", ""))
    if what == "Complaint":
        return Recipient(address, Kind.COMPLAINT)
    said = (
        f"{recipient.get('status', '')} {recipient.get('diagnosticCode', '')}"
    )
    return Recipient(
        address, kind_of_words(said) or Kind.OTHER, first_status(said)
    )


def _a_list(event: object, name: str) -> list[Any]:
    found = event.get(name) if isinstance(event, dict) else None
    return found if isinstance(found, list) else []
