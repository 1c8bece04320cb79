"""A built email, parsed again: rules check its bytes, so an organisation's own templates are
covered.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import errors, policy
from email.message import EmailMessage
from email.message import Message as Part
from email.parser import BytesHeaderParser
from functools import cached_property

from lxml.html import HtmlElement

from briefing.configuration.settings import Settings
from briefing.keys import LENGTH, Key
from briefing.mail.message import SAMPLE_READER, Message
from briefing.rendering.plain_text import WIDE
from briefing.rendering.rendered import RenderedIssue
from briefing.text.markup import parse_html

from .visible_text import visible_texts

_CONDITIONAL_COMMENT = re.compile(
    r"<!(?:--)?\[if[^\]]*\](?:>(?:<!)?--|)>|<!(?:--<!)?\[endif\](?:--)?>"
)
_HEADERS = BytesHeaderParser(policy=policy.default)
_LETTER = r"[^\W\d_]"
_WORD = re.compile(rf"(?:(?!{WIDE}){_LETTER}){{2,}}|(?={WIDE}){_LETTER}")


@dataclass(frozen=True)
class BuiltMail:
    """One reader's email as bytes; empty if the edition can't be rendered."""

    data: bytes

    @property
    def head(self) -> bytes:
        """The header as it is sent."""
        return self.data.partition(b"\r\n\r\n")[0]

    @cached_property
    def parts(self) -> list[EmailMessage]:
        """The email itself, then all its parts in order."""
        return list(_parts(self.data))

    @property
    def message(self) -> EmailMessage:
        """The email itself, with its header."""
        return self.parts[0]

    def fields(self, name: str) -> list[str]:
        """The values of a header field, decoded."""
        return list(map(str, self.message.get_all(name, [])))

    @cached_property
    def html(self) -> str:
        return self._text("text/html")

    @cached_property
    def plain(self) -> str:
        return self._text("text/plain")

    @cached_property
    def visible_words(self) -> list[str]:
        """The words of the HTML part that readers see."""
        texts = visible_texts(self.document)
        return words_in(" ".join(text.words for text in texts))

    @cached_property
    def plain_words(self) -> list[str]:
        """The words of the text part."""
        return words_in(self.plain)

    @property
    def html_size(self) -> int:
        """The size of the HTML part in bytes, decoded."""
        return len(self.html.encode())

    @cached_property
    def document(self) -> HtmlElement:
        """The HTML part as a tree, including the contents of conditional comments, which Outlook
        reads.
        """
        return parse_html(_CONDITIONAL_COMMENT.sub("", self.html))

    @property
    def elements(self) -> Iterator[HtmlElement]:
        """All elements of `document`, visible or not."""
        for element in self.document.iter():
            if isinstance(element.tag, str):
                yield element

    def _text(self, content_type: str) -> str:
        for part in self.parts:
            if part.get_content_type() == content_type:
                return content_of(part).decode("utf-8", "replace")
        return ""


def sample_mail(
    rendered: RenderedIssue,
    settings: Settings,
    now: dt.datetime,
    columns: Mapping[str, str] = SAMPLE_READER.columns,
) -> BuiltMail:
    """Return the email that a made-up reader would get at a time; `columns` is their row of the list."""
    # A key of zeros: the real key shouldn't sign the tokens of an email that is never sent.
    key = Key(bytes(LENGTH))
    message = Message(rendered, settings, key, now.timestamp)
    return BuiltMail(message.fill(SAMPLE_READER._replace(columns=columns)))


def _parts(data: bytes) -> Iterator[EmailMessage]:
    """Yield an email or part, then the parts in it. What violates MIME (RFC 2046) is among their
    `defects`.

    The standard library parses only the header: it would go through every line of every picture.
    """
    head, _, body = data.partition(b"\r\n\r\n")
    part = _HEADERS.parsebytes(head + b"\r\n\r\n")
    assert isinstance(part, EmailMessage)
    yield part
    if part.get_content_maintype() != "multipart":
        part.set_payload(body.decode("ascii", "surrogateescape"))
        return
    delimiter = f"\r\n--{part.get_boundary('')}".encode()
    _, *pieces = (b"\r\n" + body).split(delimiter)
    if not pieces:
        part.defects.append(errors.StartBoundaryNotFoundDefect())
    elif not pieces.pop().startswith(b"--"):
        part.defects.append(errors.CloseBoundaryNotFoundDefect())
    for piece in pieces:
        yield from _parts(piece.removeprefix(b"\r\n"))


def words_in(text: str) -> list[str]:
    """Return words of two or more letters, but Chinese, Japanese and Korean character by character:
    the text part breaks their lines anywhere.
    """
    return _WORD.findall(text.casefold())


def content_of(part: Part) -> bytes:
    """Return the content of a part, its transfer encoding undone."""
    data: object = None
    with contextlib.suppress(LookupError, TypeError, ValueError):
        # An encoding or charset that doesn't exist.
        data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
