"""An email: encoded once per edition, with slots for the bytes that differ by reader.

    multipart/alternative
    ├── text/plain
    └── multipart/related           (only text/html if there are no pictures)
        ├── text/html
        └── image/…                 referred to as cid:NAME

or only the text/plain part, for readers who prefer that.

The MIME tree is the standard library's; the slots are ours (`text_body`), because building each email
separately takes a hundred times as long (benchmarks/messages.py). The tree is written once, with a
marker in place of each text and picture, and cut there. Nothing else in a tree contains a marker,
since our own header fields don't. Pictures are encoded by us as well: the standard library goes
through their lines one by one.
"""

import base64
import datetime as dt
import html
import re
from collections.abc import Callable, Iterable, Mapping
from email.message import MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache, partial
from typing import NamedTuple

from briefing.configuration.settings import Settings
from briefing.configuration.values import NamedAddress
from briefing.keys import Key
from briefing.photos.pictures import Picture
from briefing.rendering.rendered import (
    UNSUBSCRIBE,
    RenderedIssue,
    Slotted,
    with_references,
)
from briefing.subscribers.suppression import token_maker

from . import headers
from .text_body import TextBody, encode
from .unsubscribe import UnsubscribeLinks, make_unsubscribe_links

TEST = "[Test]"
"""Before the subject of a test, whatever the language: it is for the editors."""

_TEXT = b"=text"
_PICTURE = b"=picture"
"""The markers."""


class Envelope(NamedTuple):  # a frozen data class takes twice as long to make
    """One email to one reader: its addresses, and what fills its slots."""

    address: str
    identity: str
    """Identifies the reader across lists and issues; never shown."""
    columns: Mapping[str, str]
    """The reader's row of the list, `name` among its columns."""
    sender: str
    """The envelope sender (RFC 5321 2.3.1), which bounces go to."""

    def __repr__(self) -> str:
        """Leave out who the reader is, so that no traceback reveals it."""
        return f"{type(self).__name__}()"


SAMPLE_READER = Envelope(
    "reader@example.org",
    "reader@example.org",
    {"name": "Amina Example"},
    sender="brief@example.org",
)
"""A made-up reader, for looking at an issue as a reader gets it."""


class Message:
    """The email of one edition, ready to be filled in for any number of readers."""

    def __init__(
        self,
        rendered: RenderedIssue,
        settings: Settings,
        key: Key,
        clock: Callable[[], float],
        *,
        text_only: bool = False,
        is_test: bool = False,
    ) -> None:
        """`clock` says when an email is handed over, each time that one is filled in, in seconds since
        1970: its Date. A test differs from the email that readers get only by its subject and its
        Message-ID.
        """
        self.rendered = rendered
        self.subject = (
            f"{TEST} {rendered.subject}" if is_test else rendered.subject
        )
        self.text_only = text_only
        self._make_token = token_maker(key)
        self._message_name = key.namer("message", rendered.id)
        self._clock = clock
        self._unsubscribe = settings.unsubscribe
        self._domain = settings.newsletter.sender.domain
        self.list_fields = self._list_fields(settings)
        """What the header says about the newsletter and the edition, for all readers: a provider that
        writes the header itself must be given these fields, too.
        """
        self._headers = self._common_headers(settings)
        body = _Body(rendered, self._domain)
        self._texts, self._end = body.cut(text_only=text_only)

    def fill(self, envelope: Envelope) -> bytes:
        """Return one reader's complete email, with CRLF line endings, to be handed over now."""
        links = self._links(envelope)
        columns = {**envelope.columns, UNSUBSCRIBE: links.address}
        pieces = [self._reader_headers(envelope, links), self._headers]
        for before, body in self._texts:
            pieces.append(before)
            pieces += body.pieces(columns)
        pieces.append(self._end)
        return b"".join(pieces)

    def columns(self, envelope: Envelope) -> dict[str, str]:
        """Return the values that fill a reader's slots."""
        return {**envelope.columns, UNSUBSCRIBE: self._links(envelope).address}

    def message_id(self, identity: str) -> str:
        """Return the Message-ID, without angle brackets.

        It is the same for the same issue and reader, and doesn't reveal who that is.
        """
        return f"{self._message_name(identity)}@{self._domain}"

    def _common_headers(self, settings: Settings) -> bytes:
        newsletter = settings.newsletter.in_language(self.rendered.lang)
        fields = [headers.named_address("From", newsletter.sender)]
        if newsletter.reply_to:
            fields.append(
                headers.named_address("Reply-To", newsletter.reply_to)
            )
        fields += [
            headers.field("Subject", self.subject),
            *self.list_fields,
            headers.field("MIME-Version", "1.0"),
        ]
        return b"".join(fields)

    def _list_fields(self, settings: Settings) -> list[bytes]:
        newsletter = settings.newsletter.in_language(self.rendered.lang)
        list_name = NamedAddress(newsletter.name, list_id(settings))
        fields = [headers.named_address("List-Id", list_name)]
        if self.rendered.archive:
            archive = f"<{self.rendered.archive}>"
            fields.append(headers.folded("List-Archive", [archive]))
        fields += [
            headers.field("Content-Language", self.rendered.lang),
            headers.field(*headers.NO_AUTOMATIC_REPLIES),
        ]
        return fields

    def _links(self, envelope: Envelope) -> UnsubscribeLinks:
        token = self._make_token(envelope.identity)
        return make_unsubscribe_links(self._unsubscribe, token)

    def _reader_headers(
        self,
        envelope: Envelope,
        links: UnsubscribeLinks,
    ) -> bytes:
        name = envelope.columns.get("name", "")
        to = headers.named_address("To", NamedAddress(name, envelope.address))
        message_id = f"Message-ID: <{self.message_id(envelope.identity)}>\r\n"
        date = _date(int(self._clock()))
        return to + message_id.encode("ascii") + date + links.header()


def list_id(settings: Settings) -> str:
    """Return the newsletter's List-Id (RFC 2919): its name in small letters, then the sender's
    domain. It is the same in all editions, since readers' filters go by it.
    """
    newsletter = settings.newsletter
    words = re.findall("[a-z0-9]+", newsletter.name.lower())
    label = "-".join(words) or "brief"
    return f"{label}.{newsletter.sender.domain}"


def content_id(picture: Picture, domain: str) -> str:
    """Return a picture's name with the sender's domain: a Content-ID has the form of an address
    (RFC 2392).
    """
    return f"{picture.name}@{domain}"


def with_content_ids(
    page: str,
    pictures: Iterable[Picture],
    domain: str,
) -> str:
    """Return HTML whose pictures are referred to by their Content-IDs instead of their names."""
    addresses = {
        picture.name: f"cid:{content_id(picture, domain)}"
        for picture in pictures
    }
    return with_references(page, addresses)


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    """Return the Date of emails that are handed over in a second since 1970. It is in UTC, which
    doesn't reveal the editor's time zone.
    """
    date = dt.datetime.fromtimestamp(second, dt.UTC)
    return headers.field("Date", format_datetime(date))


class _Body:
    """Builds the MIME tree of an edition, from its Content-Type on, and cuts it at its texts. In the
    header before it, a marker could be part of a title.
    """

    def __init__(self, rendered: RenderedIssue, domain: str) -> None:
        self._rendered = rendered
        self._domain = domain
        self._texts: list[TextBody] = []

    def cut(
        self,
        *,
        text_only: bool,
    ) -> tuple[list[tuple[bytes, TextBody]], bytes]:
        """Return each text with the bytes before it, and the bytes after the last one."""
        tree = self._text_part() if text_only else self._alternative()
        *before, end = tree.as_bytes().split(_TEXT)
        return list(zip(before, self._texts, strict=True)), self._with_pictures(
            end
        )

    def _with_pictures(self, end: bytes) -> bytes:
        """Return what follows the texts, with the pictures in place of their markers."""
        first, *others = end.split(_PICTURE)
        # An email of text alone has none.
        pictures = self._rendered.pictures if others else ()
        pieces = [first]
        for picture, other in zip(pictures, others, strict=True):
            pieces += [_in_base64(picture), other]
        return b"".join(pieces)

    def _alternative(self) -> MIMEPart:
        # The boundary comes from the content, so that the same edition has the same bytes.
        boundary = f"=_{self._rendered.digest[:24]}"
        message = _container(f'alternative; boundary="{boundary}a"')
        message.attach(self._text_part())
        pictures = self._rendered.pictures
        text = self._rendered.html.with_texts(
            partial(with_content_ids, pictures=pictures, domain=self._domain)
        )
        html_part = self._encoded("html", text, html.escape)
        if not pictures:
            message.attach(html_part)
            return message
        related = _container(
            f'related; type="text/html"; boundary="{boundary}r"'
        )
        related.attach(html_part)
        for picture in pictures:
            related.attach(self._picture_part(picture))
        message.attach(related)
        return message

    def _text_part(self) -> MIMEPart:
        return self._encoded("plain", self._rendered.text, str)

    def _picture_part(self, picture: Picture) -> MIMEPart:
        part = MIMEPart(SMTP)
        kind, _, subtype = picture.type.partition("/")
        part.set_content(
            b"",
            kind,
            subtype,
            disposition="inline",
            cid=f"<{content_id(picture, self._domain)}>",
        )
        part.set_payload(_PICTURE.decode())
        return part

    def _encoded(
        self,
        subtype: str,
        text: Slotted,
        escape: Callable[[str], str],
    ) -> MIMEPart:
        body = encode(text, escape)
        part = MIMEPart(SMTP)
        part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
        part["Content-Transfer-Encoding"] = body.encoding
        part.set_payload(_TEXT.decode())
        self._texts.append(body)
        return part


def _in_base64(picture: Picture) -> bytes:
    return base64.encodebytes(picture.data).replace(b"\n", b"\r\n")


def _container(content_type: str) -> MIMEPart:
    part = MIMEPart(SMTP)
    part["Content-Type"] = f"multipart/{content_type}"
    return part
