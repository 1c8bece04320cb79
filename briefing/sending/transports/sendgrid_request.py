"""The body of a request to SendGrid (v3, mail/send): once an edition what all readers share, and each reader's own.

The texts travel once a request, with a tag in each open place; a reader's `substitutions` say what stands there for
them. SendGrid puts the values in as they are, into text and HTML alike: so each has tags of its own, and those of the
HTML get values that are escaped already. A tag holds a keyed digest of the edition: nobody can guess one, no text holds
one, and the same edition is the same request.

Substitutions aren't documented to reach into headers: what stands there is written out for each reader.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from briefing.errors import TransportError
from briefing.keys import Key
from briefing.mail import headers
from briefing.mail.message import Message, list_id
from briefing.mail.unsubscribe import way_out
from briefing.pictures import Picture
from briefing.rendering.rendered import UNSUBSCRIBE, Slot, Slotted
from briefing.sending.schema import Schedule
from briefing.sending.transports.base import Mail
from briefing.settings import Mailbox, Settings

MOST_BYTES = 30_000_000
"""A request must stay below that (SendGrid, errors of mail/send)."""
MOST_SUBSTITUTIONS = 150
"""Of one reader (the same page)."""
MOST_BYTES_OF_SUBSTITUTIONS = 10_000
"""Of one reader, tags and values together, in UTF-8 (SendGrid's OpenAPI file; the page above allows more)."""

TRACKING_OFF = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
"""Each of them named: what is left out is as the account has it."""

_WIDEST = 6  # bytes of JSON that a byte of UTF-8 becomes at most: \u0001, or two such for four bytes
_SEPARATORS = re.compile("[;,]")  # SendGrid used to forbid them in the names of readers

Json = dict[str, Any]


class TooLongError(Exception):
    """A reader's own values are more than SendGrid takes; its text says so."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One reader's part of a request."""

    mail: Mail
    personalization: Json = field(repr=False)
    weight: int
    """Bytes of JSON, at most."""


class Edition:
    """The requests of one edition."""

    def __init__(self, message: Message, settings: Settings, key: Key) -> None:
        """Raises TransportError for an edition with more open places than a request can fill."""
        self._message = message
        self._unsubscribe = settings.unsubscribe
        self._key = key
        nonce = key.name("slots", message.rendered.digest)
        page = Slotted(()) if message.text_only else message.rendered.html
        in_text = _tags("t", message.rendered.text, nonce)
        in_html = _tags("h", page, nonce)
        if len(in_text) + len(in_html) > MOST_SUBSTITUTIONS:
            raise TransportError(
                f"the issue has more places that differ by reader than SendGrid fills ({MOST_SUBSTITUTIONS}, those of "
                "the text and of the HTML together); leave some out of the templates"
            )
        self._places = [(slot, in_text.get(slot), in_html.get(slot)) for slot in {**in_text, **in_html}]
        self._common = _common(message, settings, _filled(message.rendered.text, in_text))
        if not message.text_only:
            self._add_html(_filled(page, in_html), settings.newsletter.sender.domain)
        self._weight = len(json.dumps(self._common))

    def letter(self, mail: Mail) -> Letter:
        """One reader's part: exactly one address, and what is theirs alone. Raises TooLongError."""
        envelope = mail.envelope
        leave = way_out(self._unsubscribe, self._key, envelope.identity)
        columns = {**envelope.columns, UNSUBSCRIBE: leave.address}
        substitutions: dict[str, str] = {}
        for slot, in_text, in_html in self._places:
            value = headers.one_line(slot.value(columns))
            if in_text:
                substitutions[in_text] = value
            if in_html:
                substitutions[in_html] = html.escape(value)
        size = _size(*substitutions, *substitutions.values())
        if size > MOST_BYTES_OF_SUBSTITUTIONS:
            raise TooLongError(
                f"what the list has for this reader is too long: {size:,} bytes, where SendGrid takes "
                f"{MOST_BYTES_OF_SUBSTITUTIONS:,}"
            )
        own = {"Message-ID": f"<{self._message.message_id(envelope.identity)}>"}
        if ways := [f"<{way}>" for way in (leave.url, leave.mailto) if way]:
            own["List-Unsubscribe"] = ", ".join(ways)
        if leave.url:
            own["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        to = _mailbox(Mailbox(_SEPARATORS.sub(" ", envelope.columns.get("name", "")), envelope.address))
        personalization: Json = {"to": [to], "headers": own, "substitutions": substitutions}
        # What isn't counted, the names of the fields and the marks between, is less than what is counted sixfold.
        size += _size(*to.values(), *own.values())
        return Letter(mail, personalization, _WIDEST * size)

    def split(self, letters: Iterable[Letter]) -> list[list[Letter]]:
        """The letters of each request, in their order: one request unless that could be too large."""
        requests: list[list[Letter]] = []
        free = 0
        for letter in letters:
            if not requests or letter.weight > free:
                requests.append([])
                free = MOST_BYTES - self._weight
            requests[-1].append(letter)
            free -= letter.weight
        return requests

    def body(self, letters: Sequence[Letter], schedule: Schedule | None = None) -> Json:
        """A request; with a schedule it is sent at that time, and can be called back till then."""
        when = {"send_at": schedule.send_at, "batch_id": schedule.batch} if schedule else {}
        return {**self._common, **when, "personalizations": [letter.personalization for letter in letters]}

    def _add_html(self, page: str, domain: str) -> None:
        """The HTML and its pictures, which get the Content-IDs that they have in every other mail (mail.message)."""
        pictures = self._message.rendered.pictures
        for picture in pictures:
            page = page.replace(f'"cid:{picture.name}"', f'"cid:{picture.name}@{domain}"')
        self._common["content"].append({"type": "text/html", "value": page})
        if pictures:
            self._common["attachments"] = [_attachment(picture, domain) for picture in pictures]


def _common(message: Message, settings: Settings, text: str) -> Json:
    """What all readers of an edition share, with the text alone for now."""
    newsletter, rendered = settings.newsletter, message.rendered
    common: Json = {"from": _mailbox(newsletter.sender)}
    if newsletter.reply_to:
        common["reply_to"] = _mailbox(newsletter.reply_to)
    identifier = headers.mailbox("List-Id", Mailbox(newsletter.name, list_id(settings)))
    common |= {
        "subject": headers.clean(rendered.subject),
        "headers": {
            "List-Id": identifier.decode("ascii").partition(": ")[2].replace("\r\n", ""),  # SendGrid folds
            "Content-Language": rendered.lang,
        },
        "content": [{"type": "text/plain", "value": text}],
        "tracking_settings": TRACKING_OFF,
    }
    return common


def _mailbox(mailbox: Mailbox) -> dict[str, str]:
    name = headers.clean(mailbox.name)
    return {"email": mailbox.address, "name": name} if name else {"email": mailbox.address}


def _size(*texts: str) -> int:
    return len("".join(texts).encode())


def _attachment(picture: Picture, domain: str) -> Json:
    return {
        "content": base64.b64encode(picture.data).decode("ascii"),
        "type": picture.type,
        "filename": picture.name,
        "disposition": "inline",
        "content_id": f"{picture.name}@{domain}",
    }


def _tags(kind: str, text: Slotted, nonce: str) -> dict[Slot, str]:
    slots = dict.fromkeys(part for part in text.parts if isinstance(part, Slot))
    return {slot: f"-{kind}{number}-{nonce}-" for number, slot in enumerate(slots)}


def _filled(text: Slotted, tags: Mapping[Slot, str]) -> str:
    return "".join(part if isinstance(part, str) else tags[part] for part in text.parts)
