"""A mail: encoded once an edition, with byte slots for what differs by reader.

    multipart/alternative
    ├── text/plain
    └── multipart/related           (text/html alone where there are no pictures)
        ├── text/html
        └── image/…                 referred to as cid:NAME

or the text/plain part alone, for readers who want it so.

Texts are quoted-printable (RFC 2045 6.7). In it a literal `=` is always followed by two hexadecimal digits or the end
of the line, so that `=slot-0` can mark an open place: no text can be mistaken for one. A place stands on a line of its
own, closed by a soft line break, so that no value makes a line longer than 76 columns.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import MIMEPart
from email.policy import SMTP
from email.quoprimime import body_encode
from email.utils import format_datetime

from briefing.keys import Key
from briefing.mail import headers
from briefing.mail.unsubscribe import WayOut, way_out
from briefing.rendering.rendered import UNSUBSCRIBE, RenderedIssue, Slot, Slotted
from briefing.settings import Mailbox, Settings

_POLICY = SMTP.clone(max_line_length=76)
_PLACE = re.compile(rb"=slot-(\d+)")
_PLAIN = re.compile(r"(?!\.)(?:[ -<>-~]*[!-<>-~])?")  # what quoted-printable leaves as it is
_DOTS = re.compile(r"^\.+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One mail to one reader: where it goes, where it comes back to, and what its open places are filled with."""

    address: str
    identity: str
    """What makes this reader one and the same in every list and every issue; never shown."""
    columns: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The reader's own row of the list, `name` among them."""
    sender: str = field(kw_only=True)
    """The envelope sender (RFC 5321 2.3.1), where bounces go."""


SAMPLE_READER = Envelope(
    "reader@example.org", "reader@example.org", {"name": "Amina Example"}, sender="brief@example.org"
)
"""Nobody: for looking at an issue as a reader gets it."""


@dataclass(frozen=True, slots=True)
class _Place:
    slot: Slot
    escape: Callable[[str], str]


class Message:
    """The mail of one edition, ready to be filled for any number of readers."""

    def __init__(
        self, rendered: RenderedIssue, settings: Settings, key: Key, date: dt.datetime, *, text_only: bool = False
    ) -> None:
        """`date` is when the issue was frozen; it goes into every mail, so that the same mail is the same bytes."""
        self.rendered = rendered
        self.text_only = text_only
        self._key = key
        self._unsubscribe = settings.unsubscribe
        self._domain = settings.newsletter.sender.domain
        places: list[_Place] = []
        body = (
            _text_part("plain", rendered.text, str, places).as_bytes()
            if text_only
            else _body(rendered, self._domain, places)
        )
        # Only the body is cut: in the headers, which aren't quoted-printable, the mark could be anybody's words.
        self._parts: list[bytes | _Place] = [_common_headers(rendered, settings, date)]
        self._parts += [places[int(piece)] if n % 2 else piece for n, piece in enumerate(_PLACE.split(body))]

    def fill(self, envelope: Envelope) -> bytes:
        """The whole mail for one reader, lines ended with CRLF."""
        leave = way_out(self._unsubscribe, self._key, envelope.identity)
        columns = {**envelope.columns, UNSUBSCRIBE: leave.address}
        parts = [self._own_headers(envelope, leave)]
        for part in self._parts:
            parts.append(part if isinstance(part, bytes) else _line(part.escape(part.slot.value(columns))))
        return b"".join(parts)

    def columns(self, envelope: Envelope) -> dict[str, str]:
        """What a reader's open places are filled with."""
        return {**envelope.columns, UNSUBSCRIBE: way_out(self._unsubscribe, self._key, envelope.identity).address}

    def message_id(self, identity: str) -> str:
        """The same for the same issue and reader, and tells nobody who that is; without angle brackets."""
        return f"{self._key.name('message', self.rendered.id, identity)}@{self._domain}"

    def _own_headers(self, envelope: Envelope, leave: WayOut) -> bytes:
        to = headers.mailbox("To", Mailbox(envelope.columns.get("name", ""), envelope.address))
        message_id = f"Message-ID: <{self.message_id(envelope.identity)}>\r\n".encode("ascii")
        return to + message_id + leave.header()


def list_id(settings: Settings) -> str:
    """The newsletter's identifier (RFC 2919): its name in small letters below the sender's domain."""
    label = re.sub(r"[^a-z0-9]+", "-", settings.newsletter.name.lower()).strip("-")
    return f"{label or 'brief'}.{settings.newsletter.sender.domain}"


def _common_headers(rendered: RenderedIssue, settings: Settings, date: dt.datetime) -> bytes:
    newsletter = settings.newsletter
    fields = [headers.mailbox("From", newsletter.sender)]
    if newsletter.reply_to:
        fields.append(headers.mailbox("Reply-To", newsletter.reply_to))
    fields += [
        headers.field("Subject", rendered.subject),
        headers.field("Date", format_datetime(date)),
        headers.mailbox("List-Id", Mailbox(newsletter.name, list_id(settings))),
        headers.field("Content-Language", rendered.lang),
        headers.field("MIME-Version", "1.0"),
    ]
    return b"".join(fields)


def _body(rendered: RenderedIssue, domain: str, places: list[_Place]) -> bytes:
    """The MIME tree from its Content-Type on, open places marked."""
    boundary = f"=_{rendered.digest[:24]}"
    page = _with_content_ids(rendered, domain)
    text = _text_part("plain", rendered.text, str, places)
    markup = _text_part("html", page, html.escape, places)
    if rendered.pictures:
        related = _container(f'related; type="text/html"; boundary="{boundary}r"')
        related.attach(markup)
        for picture in rendered.pictures:
            part = MIMEPart(_POLICY)
            kind, _, subtype = picture.type.partition("/")
            part.set_content(picture.data, kind, subtype, disposition="inline", cid=f"<{picture.name}@{domain}>")
            del part["MIME-Version"]
            related.attach(part)
        markup = related
    message = _container(f'alternative; boundary="{boundary}a"')
    message.attach(text)
    message.attach(markup)
    return message.as_bytes()


def _container(content_type: str) -> MIMEPart:
    part = MIMEPart(_POLICY)
    part["Content-Type"] = f"multipart/{content_type}"
    return part


def _with_content_ids(rendered: RenderedIssue, domain: str) -> Slotted:
    """A Content-ID looks like an address (RFC 2392), so the pictures' names get the sender's domain."""
    parts = list(rendered.html.parts)
    for picture in rendered.pictures:
        parts = [
            part.replace(f'"cid:{picture.name}"', f'"cid:{picture.name}@{domain}"') if isinstance(part, str) else part
            for part in parts
        ]
    return Slotted(tuple(parts))


def _text_part(subtype: str, text: Slotted, escape: Callable[[str], str], places: list[_Place]) -> MIMEPart:
    lines = ""
    for part in text.parts:
        if isinstance(part, str):
            lines += _quoted_printable(part)
        else:
            soft_break = "" if not lines or lines.endswith("\n") else "=\n"
            lines += f"{soft_break}=slot-{len(places)}=\n"
            places.append(_Place(part, escape))
    part_ = MIMEPart(_POLICY)
    part_["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part_["Content-Transfer-Encoding"] = "quoted-printable"
    part_.set_payload(lines)
    return part_


def _line(value: str) -> bytes:
    """A value as it stands in its place: the soft line break that closes it is part of the message."""
    if len(value) <= 75 and _PLAIN.fullmatch(value):
        return value.encode("ascii")
    return _quoted_printable(headers.one_line(value)).replace("\n", "\r\n").encode("ascii")


def _quoted_printable(text: str) -> str:
    """Lines of at most 75 columns, so that one more `=` can close any of them; none begins with a dot.

    Nothing has to be doubled then on its way through SMTP (RFC 5321 4.5.2): a file and what is sent are the same bytes.
    """
    lines = body_encode(text.encode().decode("latin-1"), maxlinelen=75)
    return _DOTS.sub(lambda dots: "=2E=\n" * len(dots[0]), lines)
