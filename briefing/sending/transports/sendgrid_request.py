"""The body of a request to SendGrid (v3, mail/send): what all readers of an edition share, and each
reader's own part.

The texts are in a request once, with a tag for each slot; a reader's `substitutions` hold the
values. SendGrid inserts values unchanged into text and HTML alike, so each has separate tags, and
values for the HTML are escaped here. A tag holds a keyed digest of the edition: it can't be
guessed, no text contains it, and the same edition makes the same request.

Substitutions aren't documented to work in headers, so these are written out for each reader.
"""

import base64
import html
import json
from collections.abc import Mapping, Sequence

from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail import headers
from briefing.mail.message import Message, content_id, list_id, with_content_ids
from briefing.mail.unsubscribe import UnsubscribeLinks, make_unsubscribe_links
from briefing.pictures import Picture
from briefing.rendering.rendered import UNSUBSCRIBE, Slot, Slotted
from briefing.sending.schema import Schedule
from briefing.sending.transports.base import Mail
from briefing.sending.transports.http_delivery import (
    Json,
    ReaderPart,
    RequestBuilder,
    UnsendableError,
)
from briefing.settings import Settings
from briefing.values import Mailbox

MOST_BYTES = 30_000_000
"""The size of a request must stay below this (SendGrid, errors of mail/send)."""
MOST_SUBSTITUTIONS = 150
"""For one reader (the same page)."""
MOST_BYTES_OF_SUBSTITUTIONS = 10_000
"""For one reader, tags and values together, in UTF-8 (SendGrid's OpenAPI file; the page above
allows more).
"""

TRACKING_OFF = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
"""All of them, since the account's own settings apply to any that is left out."""

_WIDEST = 6
"""Bytes of JSON that a byte of UTF-8 becomes at most: `\\u0001`, or two such for four bytes."""
_SEPARATORS = str.maketrans(";,", "  ")
"""SendGrid used to forbid them in readers' names."""


class SendGridRequests(RequestBuilder):
    """Builds the requests of one edition."""

    def __init__(
        self,
        message: Message,
        settings: Settings,
        key: Key,
        *,
        schedule: Schedule | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """With a schedule the mails are sent at its time, and can be cancelled until then.

        Raises TransportError for an edition with more slots than a request can fill.
        """
        self._most_bytes = most_bytes
        self._message = message
        self._unsubscribe = settings.unsubscribe
        self._key = key
        nonce = key.name("slots", message.rendered.digest)
        page = Slotted(()) if message.text_only else message.rendered.html
        in_text = _tags("t", message.rendered.text, nonce)
        in_html = _tags("h", page, nonce)
        if len(in_text) + len(in_html) > MOST_SUBSTITUTIONS:
            raise TransportError(
                f"the templates have more places filled for each reader than SendGrid allows ({MOST_SUBSTITUTIONS}, "
                "those of the text and of the HTML together); remove some of them"
            )
        self._places = [
            (slot, in_text.get(slot), in_html.get(slot))
            for slot in {**in_text, **in_html}
        ]
        self._common = _common(
            message, settings, _filled(message.rendered.text, in_text)
        )
        if not message.text_only:
            self._add_html(_filled(page, in_html), settings.newsletter.sender.domain)
        if schedule:
            self._common |= {"send_at": schedule.send_at, "batch_id": schedule.batch}
        self._weight = len(json.dumps(self._common))

    def part(self, mail: Mail) -> ReaderPart:
        """Return one reader's part: exactly one address, and what is theirs alone. Raises
        UnsendableError.
        """
        envelope = mail.envelope
        unsubscribe = make_unsubscribe_links(
            self._unsubscribe, self._key, envelope.identity
        )
        substitutions = self._substitutions(
            {**envelope.columns, UNSUBSCRIBE: unsubscribe.address}
        )
        size = _size(*substitutions, *substitutions.values())
        if size > MOST_BYTES_OF_SUBSTITUTIONS:
            raise UnsendableError(
                f"this reader's columns in the list are too long: {size:,} bytes, and SendGrid accepts "
                f"{MOST_BYTES_OF_SUBSTITUTIONS:,}"
            )
        message_id = f"<{self._message.message_id(envelope.identity)}>"
        own_headers = {"Message-ID": message_id, **_unsubscribe_headers(unsubscribe)}
        to = _mailbox(
            Mailbox(
                envelope.columns.get("name", "").translate(_SEPARATORS),
                envelope.address,
            )
        )
        personalization: Json = {
            "to": [to],
            "headers": own_headers,
            "substitutions": substitutions,
        }
        # What isn't counted, the names of the fields and the punctuation, is less than what is
        # counted sixfold.
        size += _size(*to.values(), *own_headers.values())
        return ReaderPart(mail, personalization, _WIDEST * size)

    def split(self, parts: Sequence[ReaderPart]) -> list[list[ReaderPart]]:
        """Return the readers of each request, in their order: one request unless that could be too
        large.
        """
        requests: list[list[ReaderPart]] = []
        free = 0
        for part in parts:
            if not requests or part.weight > free:
                requests.append([])
                free = self._most_bytes - self._weight
            requests[-1].append(part)
            free -= part.weight
        return requests

    def request(self, parts: Sequence[ReaderPart]) -> Json:
        return {**self._common, "personalizations": [part.content for part in parts]}

    def _substitutions(self, columns: Mapping[str, str]) -> dict[str, str]:
        substitutions: dict[str, str] = {}
        for slot, in_text, in_html in self._places:
            value = headers.one_line(slot.value(columns))
            if in_text:
                substitutions[in_text] = value
            if in_html:
                substitutions[in_html] = html.escape(value)
        return substitutions

    def _add_html(self, page: str, domain: str) -> None:
        """Add the HTML and its pictures, with the same Content-IDs as in every other mail
        (mail.message).
        """
        pictures = self._message.rendered.pictures
        page = with_content_ids(page, pictures, domain)
        self._common["content"].append({"type": "text/html", "value": page})
        if pictures:
            self._common["attachments"] = [
                _attachment(picture, domain) for picture in pictures
            ]


def _common(message: Message, settings: Settings, text: str) -> Json:
    """Return what all readers of an edition share, with the text alone for now."""
    newsletter, rendered = settings.newsletter, message.rendered
    common: Json = {"from": _mailbox(newsletter.sender)}
    if newsletter.reply_to:
        common["reply_to"] = _mailbox(newsletter.reply_to)
    identifier = headers.mailbox("List-Id", Mailbox(newsletter.name, list_id(settings)))
    common |= {
        "subject": headers.clean(rendered.subject),
        "headers": {
            "List-Id": identifier.decode("ascii")
            .partition(": ")[2]
            .replace("\r\n", ""),  # SendGrid folds
            "Content-Language": rendered.lang,
        },
        "content": [{"type": "text/plain", "value": text}],
        "tracking_settings": TRACKING_OFF,
    }
    return common


def _unsubscribe_headers(unsubscribe: UnsubscribeLinks) -> dict[str, str]:
    """Return the headers of RFC 2369 and RFC 8058."""
    fields = {}
    if unsubscribe.in_brackets:
        fields["List-Unsubscribe"] = ", ".join(unsubscribe.in_brackets)
    if unsubscribe.url:
        fields["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return fields


def _mailbox(mailbox: Mailbox) -> dict[str, str]:
    fields = {"email": mailbox.address}
    if name := headers.clean(mailbox.name):
        fields["name"] = name
    return fields


def _size(*texts: str) -> int:
    return len("".join(texts).encode())


def _attachment(picture: Picture, domain: str) -> Json:
    return {
        "content": base64.b64encode(picture.data).decode("ascii"),
        "type": picture.type,
        "filename": picture.name,
        "disposition": "inline",
        "content_id": content_id(picture, domain),
    }


def _tags(kind: str, text: Slotted, nonce: str) -> dict[Slot, str]:
    slots = dict.fromkeys(part for part in text.parts if isinstance(part, Slot))
    return {slot: f"-{kind}{number}-{nonce}-" for number, slot in enumerate(slots)}


def _filled(text: Slotted, tags: Mapping[Slot, str]) -> str:
    return "".join(part if isinstance(part, str) else tags[part] for part in text.parts)
