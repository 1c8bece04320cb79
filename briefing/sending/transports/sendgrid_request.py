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
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from json.encoder import encode_basestring_ascii as _json
from typing import Any

from briefing.configuration.settings import Settings
from briefing.configuration.values import NamedAddress
from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail import headers
from briefing.mail.message import (
    Envelope,
    Message,
    content_id,
    with_content_ids,
)
from briefing.mail.unsubscribe import (
    AT_SENDGRID,
    UnsubscribeLinks,
    make_unsubscribe_links,
)
from briefing.photos.pictures import Picture
from briefing.rendering.rendered import UNSUBSCRIBE, Slot, Slotted
from briefing.subscribers.suppression import token_maker

from .base import Mail

Json = dict[str, Any]

MOST_SUBSTITUTIONS = 150
"""For one reader (SendGrid, errors of mail/send)."""
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

_COMMA = b", "
_TAIL = b"]}"


class UnsendableError(Exception):
    """This reader can't be mailed through SendGrid; the text says why."""


@dataclass(slots=True)
class ReaderPart:
    """One reader's part of a request."""

    mail: Mail
    content: bytes = field(repr=False)
    """JSON."""


class SendGridRequests:
    """Builds the requests of one edition. What its readers share is encoded once."""

    def __init__(self, message: Message, settings: Settings, key: Key) -> None:
        """Raises TransportError for an edition with more slots than a request can fill."""
        nonce = key.name("slots", message.rendered.digest)
        page = Slotted(()) if message.text_only else message.rendered.html
        in_text = _tags("t", message.rendered.text, nonce)
        in_html = _tags("h", page, nonce)
        if settings.unsubscribe.is_at_sendgrid:
            # SendGrid looks for it in the texts, unescaped.
            in_text = _with_sendgrids_page(in_text)
            in_html = _with_sendgrids_page(in_html)
        if len(in_text) + len(in_html) > MOST_SUBSTITUTIONS:
            raise TransportError(
                f"the templates fill in more values for each reader than SendGrid allows ({MOST_SUBSTITUTIONS}, "
                "those of the text and of the HTML together); remove some of them"
            )
        self._reader = _ReaderTemplate(message, settings, key, in_text, in_html)
        common = _common(
            message, settings, _filled(message.rendered.text, in_text)
        )
        if not message.text_only:
            _add_html(
                common,
                _filled(page, in_html),
                message.rendered.pictures,
                settings.newsletter.sender.domain,
            )
        if settings.unsubscribe.is_at_sendgrid:
            group = settings.sendgrid.unsubscribe_group
            common["asm"] = {"group_id": group}
        request = json.dumps({**common, "personalizations": []}).encode("ascii")
        self._head = request.removesuffix(_TAIL)

    def part(self, mail: Mail) -> ReaderPart:
        """Return one reader's part: exactly one address, and what is theirs alone. Raises
        UnsendableError.
        """
        return ReaderPart(mail, self._reader.fill(mail.envelope))

    def request(self, parts: Sequence[ReaderPart]) -> bytes:
        """Return the body of a request."""
        # Joined at once: a copy of a large request takes as long as filling in its readers' names.
        contents = [part.content for part in parts]
        contents[0] = self._head + contents[0]
        contents[-1] += _TAIL
        return _COMMA.join(contents)


class _ReaderTemplate:
    """One reader's part of a request: JSON that is encoded once, with a place for each value that
    differs by reader.
    """

    def __init__(
        self,
        message: Message,
        settings: Settings,
        key: Key,
        in_text: Mapping[Slot, str],
        in_html: Mapping[Slot, str],
    ) -> None:
        """`in_text` and `in_html` are the tags of the slots."""
        self._message_id = message.message_id
        self._make_token = token_maker(key)
        # A place begins as a value that nothing else in the JSON contains.
        self._nonce = key.name("places", message.rendered.digest)
        self._slots: list[tuple[Slot, str, str]] = []
        links = make_unsubscribe_links(
            settings.unsubscribe, self._place("token")
        )
        shared: dict[str, str] = {}
        own: dict[str, str] = {}
        for slot in {**in_text, **in_html}:
            tags = in_text.get(slot, ""), in_html.get(slot, "")
            if AT_SENDGRID in tags:
                continue
            if slot.column == UNSUBSCRIBE:
                address = slot.value({UNSUBSCRIBE: links.address})
                shared |= zip(tags, _for_text_and_html(address), strict=True)
            else:
                self._slots.append((slot, *tags))
                own |= {tag: self._place(tag) for tag in tags}
        for substitutions in (shared, own):
            # For a slot that is in the text or HTML only.
            substitutions.pop("", None)
        part: Json = {
            "to": [{"email": self._place("email")}],
            "headers": {
                "Message-ID": self._place("id"),
                **_unsubscribe_headers(links),
            },
            "substitutions": shared | own,
        }
        self._without_name = self._cut(part)
        part["to"][0]["name"] = self._place("name")
        self._with_name = self._cut(part)

    def fill(self, envelope: Envelope) -> bytes:
        """Return a reader's part. Raises UnsendableError."""
        columns = envelope.columns
        # SendGrid has taken a comma in a name for the end of an address (sendgrid-python on GitHub, issue 578).
        name = columns.get("name", "").replace(";", " ").replace(",", " ")
        name = headers.clean(name)
        values = {
            "email": _json(envelope.address),
            "name": _json(name),
            "id": _json(f"<{self._message_id(envelope.identity)}>"),
            "token": self._make_token(envelope.identity),
        }
        for slot, in_text, in_html in self._slots:
            text, escaped = _for_text_and_html(slot.value(columns))
            values[in_text] = _json(text)
            values[in_html] = _json(escaped)
        pieces = (self._with_name if name else self._without_name).copy()
        pieces[1::2] = [values[place] for place in pieces[1::2]]
        part = "".join(pieces)
        # No text is shorter in JSON than in UTF-8.
        if len(part) > MOST_BYTES_OF_SUBSTITUTIONS:
            _refuse_too_long(part)
        return part.encode("ascii")

    def _place(self, name: str) -> str:
        return f"{self._nonce}{name}{self._nonce}"

    def _cut(self, part: Json) -> list[str]:
        """Return a part as JSON, cut at its places: every second piece is the name of a place."""
        # The token's place is within a value, the others are whole values.
        token = self._place("token")
        pieces = re.split(
            f'("{self._nonce}.*?{self._nonce}"|{token})', json.dumps(part)
        )
        pieces[1::2] = [
            place.strip('"').replace(self._nonce, "") for place in pieces[1::2]
        ]
        return pieces


def _refuse_too_long(part: str) -> None:
    """Raise UnsendableError if the substitutions in a reader's part, which is JSON, are too long."""
    substitutions = json.loads(part)["substitutions"]
    size = len("".join(chain(*substitutions.items())).encode())
    if size > MOST_BYTES_OF_SUBSTITUTIONS:
        raise UnsendableError(
            f"this reader's columns on the list are too long: {size:,} bytes, and SendGrid accepts "
            f"{MOST_BYTES_OF_SUBSTITUTIONS:,}"
        )


def _for_text_and_html(value: str) -> tuple[str, str]:
    line = headers.one_line(value)
    return line, html.escape(line)


def _common(message: Message, settings: Settings, text: str) -> Json:
    """Return what all readers of an edition share, with the text alone for now."""
    newsletter = settings.newsletter.in_language(message.rendered.lang)
    common: Json = {"from": _named_address(newsletter.sender)}
    if newsletter.reply_to:
        common["reply_to"] = _named_address(newsletter.reply_to)
    common |= {
        "subject": headers.clean(message.subject),
        "headers": dict(map(_unfolded, message.list_fields)),
        "content": [{"type": "text/plain", "value": text}],
        "tracking_settings": TRACKING_OFF,
    }
    return common


def _unfolded(field: bytes) -> tuple[str, str]:
    """Return the name and the value of a field on one line: SendGrid folds it."""
    line = field.decode("ascii").replace("\r\n", "")
    name, _, value = line.partition(": ")
    return name, value


def _add_html(
    common: Json, page: str, pictures: Sequence[Picture], domain: str
) -> None:
    """Add the HTML and its pictures, with the same Content-IDs as in every other email
    (mail.message).
    """
    page = with_content_ids(page, pictures, domain)
    common["content"].append({"type": "text/html", "value": page})
    if pictures:
        common["attachments"] = [
            _attachment(picture, domain) for picture in pictures
        ]


def _unsubscribe_headers(unsubscribe: UnsubscribeLinks) -> dict[str, str]:
    """Return the headers of RFC 2369 and RFC 8058."""
    fields = {}
    if unsubscribe.in_brackets:
        fields["List-Unsubscribe"] = ", ".join(unsubscribe.in_brackets)
    if unsubscribe.url:
        fields["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return fields


def _named_address(address: NamedAddress) -> dict[str, str]:
    fields = {"email": address.address}
    if name := headers.clean(address.name):
        fields["name"] = name
    return fields


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
    return {
        slot: f"-{kind}{number}-{nonce}-" for number, slot in enumerate(slots)
    }


def _with_sendgrids_page(tags: dict[Slot, str]) -> dict[Slot, str]:
    """Return the tags with SendGrid's own in place of the reader's unsubscribe address."""
    return {
        slot: AT_SENDGRID if slot.column == UNSUBSCRIBE else tag
        for slot, tag in tags.items()
    }


def _filled(text: Slotted, tags: Mapping[Slot, str]) -> str:
    return "".join(
        part if isinstance(part, str) else tags[part] for part in text.parts
    )
