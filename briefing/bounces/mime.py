"""Read the MIME structure of any email, however broken: nothing here raises an error.

Reports are read as raw text, which the standard library's parser doesn't keep: it takes
message/delivery-status apart.
"""

import binascii
import html
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from briefing.text.decoding import declared_in_content_type, decode
from briefing.text.header_fields import decode_words, split_fields

from .undeclared import likely_encoding

MOST_DEPTH = 8
MOST_PARTS = 100
LONGEST_PART = 500_000
"""Bytes of a part that are read as text."""

LONGEST_HEAD = 200_000

_PARAMETER = re.compile(
    r";\s{0,20}([\w-]{1,30})\s{0,4}=\s{0,4}(\"[^\"]{0,200}\"|[^\s;\"]{1,200})"
)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]{0,2000}>")
_LINE_TAG = re.compile(
    r"<(?:/?(?:p|div|tr|li|h[1-6]|table|pre|blockquote)|br)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_UNSHOWN = re.compile(
    r"<(style|script|title)\b[^<>]{0,500}>[^<]{0,20000}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DecodedFields:
    """The header fields of an email or part, in order: names in lower case, values unfolded.

    The encoding of their text is guessed, which `mailbox.headers` never does: it reads what proves a sender.
    """

    pairs: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """The decoded values of all fields with a name."""
        return [decode_words(value) for key, value in self.pairs if key == name]

    def raw(self, name: str) -> str:
        """The value of the first field with a name, with its encoded words; "" if there is none."""
        return next((value for key, value in self.pairs if key == name), "")

    def first(self, name: str) -> str:
        """The decoded value of the first field with a name; "" if there is none."""
        return decode_words(self.raw(name))


@dataclass(frozen=True, slots=True)
class MimePart:
    """An email or a part of one."""

    headers: DecodedFields
    body: bytes
    content_type: str
    parameters: dict[str, str]
    children: tuple["MimePart", ...]

    def walk(self) -> Iterator["MimePart"]:
        """This part and all below it, in order, except what is in attached emails."""
        yield self
        if self.content_type.startswith("multipart/"):
            for child in self.children:
                yield from child.walk()

    @property
    def text(self) -> str:
        """The body as plain text, decoded; of HTML, what a reader sees."""
        body = _decoded_body(self.body, self.headers)[:LONGEST_PART]
        charset = declared_in_content_type(self.headers.first("content-type"))
        escaping = "iso2022_jp" if b"\x1b$" in body else ""
        text = decode(body, escaping, likely_encoding(body, charset), charset)
        return _plain(text) if self.content_type == "text/html" else text


def parse(data: bytes, depth: int = 0) -> MimePart:
    """Return an email's structure; attached emails are parsed as children of their parts."""
    head, body = _split_head(data)
    headers = _headers(head)
    value = headers.first("content-type")
    content_type = value.partition(";")[0].strip().lower() or "text/plain"
    parameters = {
        name.lower(): text.strip('"')
        for name, text in _PARAMETER.findall(value)
    }
    children: tuple[MimePart, ...] = ()
    if depth < MOST_DEPTH:
        pieces = _pieces(content_type, parameters, body, headers)
        children = tuple(parse(piece, depth + 1) for piece in pieces)
    if not children and content_type.startswith("multipart/"):
        # What can be read of an email whose parts can't be found is its whole body.
        content_type = "text/plain"
    return MimePart(headers, body, content_type, parameters, children)


def parse_fields(text: str) -> DecodedFields:
    """Return the fields of a block in a report, which is written like an email's header."""
    return _headers(text.encode())


def _split_head(data: bytes) -> tuple[bytes, bytes]:
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if data.startswith(b"\n"):
        return b"", data[1:]
    head, _, body = data.partition(b"\n\n")
    return head[:LONGEST_HEAD], body


def _headers(head: bytes) -> DecodedFields:
    pairs = [(name, _value(lines)) for name, lines in split_fields(head)]
    return DecodedFields(tuple(pairs))


def _value(lines: list[bytes]) -> str:
    value = b" ".join(line.strip() for line in lines)
    return decode(value, "iso2022_jp" if b"\x1b$" in value else "")


def _pieces(
    content_type: str,
    parameters: dict[str, str],
    body: bytes,
    headers: DecodedFields,
) -> list[bytes]:
    """Return the bytes of the parts in a part."""
    if content_type in {"message/rfc822", "message/global"}:
        return [_decoded_body(body, headers)]
    boundary = parameters.get("boundary", "")
    if not content_type.startswith("multipart/") or not boundary:
        return []
    return _between(body, boundary.encode())


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    """Return what is between the boundary lines (RFC 2046, 5.1.1); the last part may have no
    end.
    """
    pieces = (b"\n" + body).split(b"\n--" + boundary)
    found = []
    for piece in pieces[1 : MOST_PARTS + 1]:
        if piece.startswith(b"--"):
            break
        found.append(piece.partition(b"\n")[2])
    return found


def _decoded_body(body: bytes, headers: DecodedFields) -> bytes:
    encoding = headers.first("content-transfer-encoding").strip().lower()
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            return body
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    return body


def _plain(markup: str) -> str:
    markup = _UNSHOWN.sub("", markup)
    markup = _LINE_TAG.sub("\n", markup)
    return html.unescape(_TAG.sub("", markup)).replace("\xa0", " ")
