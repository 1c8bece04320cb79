"""Emails (.eml), and pages that a browser saved in the same format (.mhtml)."""

import codecs
import email
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from email.message import Message
from email.policy import compat32
from typing import Any
from urllib.parse import unquote

from briefing.collecting.brief.paragraphs import EmbeddedPicture
from briefing.errors import BriefingError
from briefing.text.decoding import declared_in_markup, decode

from .document import Document, from_text, joined
from .html import read_html, without_hiding_characters
from .source_file import SourceFile

_LONGEST_FIELD = 4096
_LONGEST_MBOX_LINE = 205
_LONGEST_HEAD = 200_000
_FIELD = rb"[a-z][a-z0-9-]{0,60}:[^\n]*+\n"
_FURTHER_LINE = rb"[ \t][^\S\n]*+\S[^\n]*+\n"
_EMPTY_LINE = rb"[^\S\n]*+\n"
_FIELDS = re.compile(
    b"(?:%b(?:%b)*+)*+%b" % (_FIELD, _FURTHER_LINE, _EMPTY_LINE),
    re.IGNORECASE,
)
"""The header of an email: fields, some on several lines, and the empty line below them."""
_FIELD_NAME = re.compile(rb"^([a-z][a-z0-9-]*+):", re.MULTILINE)
# email.parser compares each line that begins with "--" with the boundaries of all open parts.
_MOST_PARTS = 2_000
_MOST_BOUNDARIES = 20_000
# The time that the email package takes for a field of a part grows with the square of its length.
_PART_FIELD = re.compile(
    rb"^content-[\w-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_DATE_FIELDS = {b"date", b"message-id", b"received"}
_ENCRYPTED = {
    "multipart/encrypted",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
}
_ATTACHED = from_text("---------- Forwarded message ----------")
"""A line for above an email that was forwarded as an attachment; mail apps write it above other ones."""
_INSTEAD = "open it in your mail app and paste the text"
_TOO_MANY_PARTS = f"has too many parts for an email; {_INSTEAD}"


def recognises(source: SourceFile) -> bool:
    """Recognise an email by its head: only header fields before the first empty line, among them the
    usual ones.
    """
    names = _field_names(_without_mbox_line(source.data)[:_LONGEST_HEAD])
    if b"mime-version" in names:
        return True
    has_date = not names.isdisjoint(_DATE_FIELDS)
    return b"from" in names and has_date


def read(source: SourceFile) -> Document:
    """Read the text of an email and its pictures: HTML if there is any, else plain text; other
    attachments are ignored.

    An email that was forwarded as an attachment is read below the text of the email around it. Raises
    BriefingError if an email is encrypted, damaged or hostile.
    """
    with _damage_reported():
        message, parts = _parsed(source)
        document = _MailReader(parts).read(message)
    _refuse_encrypted(document, parts)
    return document


def read_without_attached(source: SourceFile) -> Document:
    """Read an email as `read` does, but without the emails that are attached to it."""
    with _damage_reported():
        message, parts = _parsed(source)
        for part in _mails_in(parts):
            part.set_payload([])
        document = _MailReader(parts).read(message)
    _refuse_encrypted(document, parts)
    return document


@contextmanager
def _damage_reported() -> Iterator[None]:
    try:
        yield
    except RecursionError:
        raise BriefingError(_TOO_MANY_PARTS) from None
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise BriefingError(f"is damaged; {_INSTEAD}") from error


def _parsed(source: SourceFile) -> tuple[Message, list[Message]]:
    """Return an email and all of its parts."""
    data = _without_mbox_line(source.data)
    _refuse_costly(data)
    # The newer policies parse each field in full, and raise various errors for the fields of some
    # real emails.
    message = email.message_from_bytes(data, policy=compat32)
    parts = list(message.walk())
    if len(parts) > _MOST_PARTS:
        raise BriefingError(_TOO_MANY_PARTS)
    return message, parts


def _refuse_encrypted(document: Document, parts: Iterable[Message]) -> None:
    kinds = set(map(Message.get_content_type, parts))
    if not document.paragraphs and not kinds.isdisjoint(_ENCRYPTED):
        raise BriefingError(f"is an encrypted email; {_INSTEAD}")


def _mails_in(parts: Iterable[Message]) -> Iterator[Message]:
    """Yield the emails among the parts, but not those inside another."""
    inside: set[Message] = set()
    for part in filter(_is_mail, parts):
        if part not in inside:
            yield part
        inside.update(part.walk())


def _is_mail(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822"


def _without_mbox_line(data: bytes) -> bytes:
    """Drop the "From …" line that an mbox file has above each email, and white space before it."""
    data = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not data.startswith(b"From "):
        return data
    end = data.find(b"\n", 0, _LONGEST_MBOX_LINE)
    return data[end + 1 :]


def _field_names(head: bytes) -> set[bytes]:
    """Return the names of the header fields in lower case; none if any line of the head isn't a
    field.
    """
    fields = _FIELDS.match(head + b"\n\n")
    if fields is None:
        return set()
    return set(_FIELD_NAME.findall(fields[0].lower()))


def _refuse_costly(data: bytes) -> None:
    """Raise BriefingError if parsing an email would take minutes or all memory."""
    if data.count(b"\n--") > _MOST_BOUNDARIES:
        raise BriefingError(_TOO_MANY_PARTS)
    for field in _PART_FIELD.finditer(data):
        if len(field[0]) > _LONGEST_FIELD:
            raise BriefingError(
                f"isn't an email as a mail app saves it; {_INSTEAD}"
            )


class _MailReader:
    """Reads the parts of one email, and shows each picture once."""

    def __init__(self, parts: Iterable[Message]) -> None:
        self._pictures: dict[str, Message] = {}
        self._shown: set[Message] = set()
        for part in filter(_is_picture, parts):
            for name in _names_in_html(part):
                self._pictures[name] = part

    def read(self, part: Message) -> Document:
        """Read a part and those inside it."""
        children = _children(part)
        if not children:
            return self._read_single(part)
        match part.get_content_type():
            case "multipart/alternative":
                return self.read(_best_alternative(children))
            case "multipart/related":
                return self.read(children[0])
        forwarded = list(filter(_is_mail, children))
        own = [child for child in children if child not in forwarded]
        documents = [self._read_own(own)]
        for mail in forwarded:
            inner = joined(map(self.read, _children(mail)))
            if inner.paragraphs and documents[0].paragraphs:
                documents.append(_ATTACHED)
            documents.append(inner)
        return joined(documents)

    def _read_own(self, parts: Sequence[Message]) -> Document:
        # Pictures are read last: those that the HTML shows aren't shown again below it.
        documents: dict[Message, Document] = {}
        for part in sorted(parts, key=_is_picture):
            documents[part] = self.read(part)
        return joined(documents[part] for part in parts)

    def _read_single(self, part: Message) -> Document:
        if part.get_content_disposition() == "attachment":
            return Document()
        data = _content(part)
        charset = part.get_content_charset() or ""
        if part.get_content_type() == "text/html":
            text = decode(data, charset, declared_in_markup(data))
            return read_html(text, self._find_picture)
        if part.get_content_type() == "text/plain":
            text = decode(data, charset)
            text = _unflowed(text) if _is_flowed(part) else text
            return from_text(without_hiding_characters(text))
        if _is_picture(part) and part not in self._shown:
            return Document(pictures=[EmbeddedPicture(data, 0)])
        return Document()

    def _find_picture(self, source: str) -> bytes | None:
        # An address may have the id percent-encoded (RFC 2392): "cid:photo%40example.org".
        for name in (unquote(source), source):
            part = self._pictures.get(name)
            if part:
                self._shown.add(part)
                return _content(part)
        return None


def _names_in_html(picture: Message) -> Iterator[str]:
    """Yield the names that HTML uses for a picture in the email: its id and address (RFC 2557)."""
    content_id = _field(picture, "Content-ID").strip("<>")
    if content_id:
        yield f"cid:{content_id}"
    location = _field(picture, "Content-Location")
    if location:
        yield location


def _best_alternative(children: Sequence[Message]) -> Message:
    """Return the last part with HTML in it, else the last with plain text, else the first."""
    for kind in ("text/html", "text/plain"):
        for child in reversed(children):
            if kind in map(Message.get_content_type, child.walk()):
                return child
    return children[0]


def _children(part: Message) -> list[Message]:
    payload: Any = part.get_payload()
    return payload if part.is_multipart() else []


def _is_picture(part: Message) -> bool:
    return part.get_content_maintype() == "image"


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _field(part: Message, name: str) -> str:
    value = str(part.get(name, ""))
    return "".join(value.split())


def _is_flowed(part: Message) -> bool:
    value = str(part.get_param("format", ""))
    return value.lower() == "flowed"


def _unflowed(text: str) -> str:
    """Join lines that end with a space to the next (RFC 3676), but not a signature's "-- "."""
    pieces = []
    for line in text.split("\n"):
        words = line.removeprefix(" ")
        is_continued = words.endswith(" ") and words.strip() != "--"
        pieces.append(words if is_continued else f"{words}\n")
    return "".join(pieces)
