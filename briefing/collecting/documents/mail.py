"""A brief that was mailed (.eml), or a page that a browser saved in the form of a mail (.mhtml)."""

import email
import re
from collections.abc import Sequence
from email.message import Message
from email.policy import compat32
from urllib.parse import unquote

from briefing.collecting.brief.paragraphs import EmbeddedPicture
from briefing.collecting.documents.document import Document, Find, plain, together
from briefing.collecting.documents.html import cleaned, read_html
from briefing.decoding import declared_in_markup, decode
from briefing.errors import BriefingError

_LONGEST_FIELD = 4096
_MOST_PARTS = 2_000
_MOST_BOUNDARIES = 20_000
# What looks at the fields of a part takes the longer the longer they are, squared.
_FIELD = re.compile(rb"^content-[\w-]{1,40}:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_DEEP = "is made of more parts than any mail; open it in your mail program and paste the text"


def read_mail(data: bytes) -> Document:
    """The text of a mail and its pictures: HTML where there is some, else plain text; no other attachment.

    A mail that was forwarded as an attachment is read where it says more than the one that brought it. Raises
    BriefingError where a mail is encrypted or made to be unreadable.
    """
    if data.count(b"\n--") > _MOST_BOUNDARIES:
        raise BriefingError(_DEEP)
    if any(len(field[0]) > _LONGEST_FIELD for field in _FIELD.finditer(data)):
        raise BriefingError("is no mail as programs write them; open it in your mail program and paste the text")
    try:
        message = email.message_from_bytes(data, policy=compat32)
        parts = list(message.walk())
        if len(parts) > _MOST_PARTS:
            raise BriefingError(_DEEP)
        document = _Mail(parts).read(message)
    except RecursionError:
        raise BriefingError(_DEEP) from None
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise BriefingError("is a damaged mail; open it in your mail program and paste the text") from error
    if not document.paragraphs and any(part.get_content_type() in _ENCRYPTED for part in parts):
        raise BriefingError("is an encrypted mail; open it in your mail program and paste the text")
    return document


class _Mail:
    """The parts of a mail, of which each is shown once."""

    def __init__(self, parts: Sequence[Message]) -> None:
        self._pictures: dict[str, Message] = {}
        self._used: set[int] = set()
        for part in parts:
            if part.get_content_maintype() == "image":
                name = _field(part, "Content-ID").strip("<> ")
                self._pictures |= {f"cid:{name}": part} if name else {}
                self._pictures |= {place: part} if (place := _field(part, "Content-Location")) else {}

    def read(self, part: Message) -> Document:
        """What is to be read in a part and those below it."""
        kind = part.get_content_type()
        children = _children(part)
        if children:
            chosen = {"multipart/alternative": _best, "multipart/related": _first}.get(kind)
            return self.read(chosen(children)) if chosen else self._mixed(children)
        return Document() if part.get_content_disposition() == "attachment" else self._read_one(part, kind)

    def _read_one(self, part: Message, kind: str) -> Document:
        if kind == "text/html":
            data = _content(part)
            return read_html(decode(data, _charset(part), declared_in_markup(data)), self._find)
        if kind == "text/plain":
            text = decode(_content(part), _charset(part))
            flowed = str(part.get_param("format", "")).lower() == "flowed"
            return plain(cleaned(_unflowed(text) if flowed else text))
        if part.get_content_maintype() == "image" and id(part) not in self._used:
            return Document(pictures=[EmbeddedPicture(_content(part), 0)])
        return Document()

    def _mixed(self, children: Sequence[Message]) -> Document:
        own = [child for child in children if child.get_content_type() != "message/rfc822"]
        # Words first: what they show among themselves isn't shown below them again.
        read = {
            id(child): self.read(child)
            for child in sorted(own, key=lambda child: child.get_content_maintype() == "image")
        }
        document = together(read[id(child)] for child in own)
        for child in children:
            if child not in own:
                brought = together(map(self.read, _children(child)))
                document = max(document, brought, key=lambda one: one.length)
        return document

    @property
    def _find(self) -> Find:
        def find(source: str) -> bytes | None:
            part = self._pictures.get(unquote(source)) or self._pictures.get(source)
            if part is None:
                return None
            self._used.add(id(part))
            return _content(part)

        return find


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _best(children: Sequence[Message]) -> Message:
    """The form of a text to read: the last with HTML in it, else the last of plain text, else the first."""
    for kind in ("text/html", "text/plain"):
        for child in reversed(children):
            if any(part.get_content_type() == kind for part in child.walk()):
                return child
    return children[0]


def _first(children: Sequence[Message]) -> Message:
    return children[0]


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str:
    return part.get_content_charset() or ""


def _field(part: Message, name: str) -> str:
    return "".join(str(part.get(name, "")).split())


def _unflowed(text: str) -> str:
    """Text whose lines go on where they end with a space (RFC 3676); the line above a signature doesn't."""
    lines = [line.removeprefix(" ") for line in text.split("\n")]
    return "".join(line if line.endswith(" ") and line.strip() != "--" else f"{line}\n" for line in lines)
