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

from briefing.text.decoding import decode
from briefing.text.header_fields import decode_words, split_fields

MOST_DEPTH = 8
MOST_PARTS = 100
LONGEST_PART = 500_000
"""Bytes of a part that are read as text."""

_ESCAPING = "iso2022_jp"
"""An encoding that is often not declared; its escape sequences give it away."""
_PARAMETER = re.compile(
    r";\s{0,20}([\w-]{1,30})\s{0,4}=\s{0,4}(\"[^\"]{0,200}\"|[^\s;\"]{1,200})"
)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]{0,2000}>")
_LINE_TAG = re.compile(
    r"<(?:/?(?:p|div|tr|li|h[1-6]|table|pre|blockquote)|br)\b[^<>]{0,500}>",
    re.IGNORECASE,
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

    def first(self, name: str) -> str:
        """The decoded value of the first field with a name; "" if there is none."""
        return next(iter(self.all(name)), "")


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
        text = decode(body, self.parameters.get("charset", ""), _ESCAPING)
        if self.content_type != "text/html":
            return text
        bare = _TAG.sub("", _LINE_TAG.sub("\n", text))
        return html.unescape(bare).replace("\xa0", " ")


def parse(data: bytes, depth: int = 0) -> MimePart:
    """Return an email's structure; attached emails are parsed as children of their parts."""
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # A part may begin with the empty line below its header.
    head, _, body = (b"\n" + data).partition(b"\n\n")
    headers = parse_fields(head)
    value = headers.first("content-type")
    content_type = value.partition(";")[0].strip().lower() or "text/plain"
    parameters = {
        name.lower(): text.strip('"')
        for name, text in _PARAMETER.findall(value)
    }
    boundary = parameters.get("boundary", "").encode()
    pieces: list[bytes] = []
    if content_type in {"message/rfc822", "message/global"}:
        pieces = [_decoded_body(body, headers)]
    elif content_type.startswith("multipart/") and boundary:
        pieces = _between(body, boundary)
    children: tuple[MimePart, ...] = ()
    if depth < MOST_DEPTH:
        children = tuple(parse(piece, depth + 1) for piece in pieces)
    if not children and content_type.startswith("multipart/"):
        # What can be read of an email whose parts can't be found is its whole body.
        content_type = "text/plain"
    return MimePart(headers, body, content_type, parameters, children)


def parse_fields(head: bytes) -> DecodedFields:
    """Return the fields of a header, or of a block in a report, which is written like one."""
    pairs = []
    for name, lines in split_fields(head):
        value = b" ".join(line.strip() for line in lines)
        pairs.append((name, decode(value, _ESCAPING)))
    return DecodedFields(tuple(pairs))


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    """Return what is between the boundary lines (RFC 2046, 5.1.1); the last part may have no
    end.
    """
    found = []
    pieces = (b"\n" + body).split(b"\n--" + boundary)
    for piece in pieces[1 : MOST_PARTS + 1]:
        if piece.startswith(b"--"):
            break
        found.append(piece.partition(b"\n")[2])
    return found


def _decoded_body(body: bytes, headers: DecodedFields) -> bytes:
    encoding = headers.first("content-transfer-encoding").strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error:
            pass
    return body
