"""Notifications that Amazon SES sends by email (through SNS): JSON instead of a report.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import json
from collections.abc import Iterator
from typing import Any

from .kinds import BounceKind, Recipient
from .statuses import first_status
from .verdicts import kind_of_words

_LISTS = {
    "Bounce": ("bounce", "bouncedRecipients"),
    "Complaint": ("complaint", "complainedRecipients"),
    "Delivery": ("delivery", "recipients"),
}


def recipients_of_notification(text: str) -> tuple[Recipient, ...] | None:
    """Return the recipients of a notification; None if the text isn't a notification."""
    if "notificationType" not in text or "{" not in text:
        return None
    # Long lines are broken with an exclamation mark on the way.
    unbroken = text[text.index("{") :].replace("!\n ", "")
    notification = _object(unbroken)
    message = notification.get("Message")
    if isinstance(message, str):
        notification = _object(message)
    notification_type = notification.get("notificationType")
    if not isinstance(notification_type, str):
        return None
    if notification_type not in _LISTS:
        return None
    return tuple(_recipients(notification_type, notification))


def _object(text: str) -> dict[str, Any]:
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _recipients(
    notification_type: str, notification: dict[str, Any]
) -> Iterator[Recipient]:
    event, recipients = _LISTS[notification_type]
    for recipient in _list_in(notification.get(event), recipients):
        if notification_type == "Delivery":
            yield Recipient(_text(recipient), BounceKind.OTHER)
        elif isinstance(recipient, dict):
            yield _recipient(notification_type, recipient)


def _recipient(notification_type: str, recipient: dict[str, Any]) -> Recipient:
    address = _text(recipient.get("emailAddress", ""))
    if notification_type == "Complaint":
        return Recipient(address, BounceKind.COMPLAINT)
    status = recipient.get("status", "")
    diagnostic = recipient.get("diagnosticCode", "")
    said = f"{status} {diagnostic}"
    kind = kind_of_words(said) or BounceKind.OTHER
    return Recipient(address, kind, first_status(said))


def _list_in(event: object, name: str) -> list[Any]:
    found = event.get(name) if isinstance(event, dict) else None
    return found if isinstance(found, list) else []


def _text(value: object) -> str:
    """Return a value as text that can be printed: JSON can also escape half a surrogate pair."""
    return str(value).encode("utf-8", "replace").decode()
