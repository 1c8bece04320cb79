r"""Decode bytes from files, mail, feeds and web pages in any encoding, even a wrongly declared one.

Declarations are often wrong, but text in another encoding is rarely valid UTF-8. So UTF-8 is tried
before the declared encoding, and only a byte-order mark takes precedence over it.
"""

import codecs
import re
from collections.abc import Iterable
from pathlib import Path

from briefing.errors import FileError

BYTE_ORDER_MARK = "\ufeff"
"""Some programs put it before a text."""
_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    # An XML declaration without a byte-order mark (XML 1.0, appendix F)
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
# Browsers decode each of these as its superset (WHATWG Encoding Standard, "Names and labels").
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Codecs that can hide markup or don't decode text. UTF-16 without a byte-order mark is recognised
# by its zero bytes.
_IGNORED = {
    "base64",
    "hex",
    "idna",
    "punycode",
    "raw_unicode_escape",
    "rot13",
    "undefined",
    "unicode_escape",
    "utf-16",
    "utf-16-be",
    "utf-16-le",
    "utf-7",
}
# These switch alphabets with escape sequences in 7-bit bytes, so that they look like valid UTF-8.
_ESCAPE_SEQUENCES = {"iso2022": b"\x1b", "hz": b"~{"}
# Windows-1254 has Ğ, İ, Ş, ğ, ı and ş where Windows-1252 has six Icelandic letters, which are rare
# in these newsletters.
_TURKISH_LETTERS = frozenset(b"\xd0\xdd\xde\xf0\xfd\xfe")
_DECLARATION = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_CHARSET_PARAMETER = re.compile(
    r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE
)
_HEAD = 8192
_SAMPLE = 20_000
_LEAST_UTF_16 = 8


def decode(data: bytes, *declared: str, guess: bool = False) -> str:
    r"""Return `data` as text with "\n" as line end and without NUL; undecodable bytes become U+FFFD.

    `declared` are the names of encodings that were declared for it, the most trustworthy first.
    If none fits, the text is decoded as Windows-1254 or Windows-1252. With `guess` the encoding is
    guessed from letter frequencies instead, which is reliable only for a page or more of text.
    """
    codec = _detect(data, declared, guess=guess)
    return _normalize(data.decode(codec, "replace"))


def decode_utf8(data: bytes, path: Path, error: type[FileError]) -> str:
    """Decode a file that must be UTF-8. Raises `error` at the first line that isn't."""
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
    # Not raised inside the handler: a UnicodeDecodeError carries the file into the traceback.
    raise error(path, "is not UTF-8; save it again as UTF-8 text", line=line)


def decode_text_file(data: bytes) -> str:
    r"""Decode a plain text file, with line ends as in `decode`. Raises UnicodeDecodeError."""
    errors = "replace" if _is_mostly_utf_8(data) else "strict"
    return _normalize(data.decode(text_file_codec(data), errors))


def text_file_codec(data: bytes) -> str:
    """Return the codec with which an editor or spreadsheet saved plain text: utf-8-sig, utf-16 or
    cp1252.
    """
    if data.startswith(_UTF_16_MARKS):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8) or _is_mostly_utf_8(data):
        return "utf-8-sig"
    return "cp1252"


def without_lone_surrogates(text: str) -> str:
    """Return a text that can be encoded, with U+FFFD for half a character: JavaScript can cut an emoji
    in two.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def declared_in_markup(markup: bytes) -> str:
    """Return the encoding that an HTML page or XML file declares at its start; "" for none."""
    head = markup[:_HEAD].replace(b"\0", b"")
    match = _DECLARATION.search(head)
    return match[1].decode("ascii", "replace") if match else ""


def declared_in_content_type(content_type: str) -> str:
    """Return the charset parameter of a Content-Type header field; "" for none."""
    match = _CHARSET_PARAMETER.search(content_type)
    return match[1] if match else ""


def _detect(data: bytes, declared: Iterable[str], *, guess: bool) -> str:
    candidates = list(filter(None, map(_python_codec, declared)))
    codec = (
        _marked_codec(data)
        or _escaping_codec(data, candidates)
        or _unmarked_utf_16(data[:_HEAD])
    )
    if codec:
        return codec
    if _is_mostly_utf_8(data):
        return "utf-8"
    for codec in candidates:
        if _fits(data, codec):
            return codec
    return _guess(data) if guess else _windows_codec(data)


def _marked_codec(data: bytes) -> str:
    """Return the codec that a byte-order mark announces; "" if there is no mark."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return codec
    return ""


def _python_codec(declared: str) -> str:
    """Return Python's codec for a declared encoding; "" if it is unknown or not for text."""
    try:
        found = codecs.lookup(declared.strip(" \t\r\n\"'"))
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    if found.name in _IGNORED or not is_text:
        return ""
    return _SUPERSETS.get(found.name, found.name)


def _escaping_codec(data: bytes, candidates: Iterable[str]) -> str:
    """Return the candidate that uses escape sequences, if the data has any; else ""."""
    for codec in candidates:
        for family, sequence in _ESCAPE_SEQUENCES.items():
            if codec.startswith(family) and sequence in data:
                return codec
    return ""


def _unmarked_utf_16(head: bytes) -> str:
    """Return the codec of UTF-16 without a byte-order mark, in which most letters of markup are
    next to a zero byte.

    Return "" for anything else, including binary data with zero bytes in other places.
    """
    at_even = head[::2].count(0)
    at_odd = head[1::2].count(0)
    fewer, more = sorted((at_even, at_odd))
    is_utf_16 = more * 4 >= len(head) and more >= fewer * 10
    if len(head) < _LEAST_UTF_16 or not is_utf_16:
        return ""
    return "utf-16-le" if at_odd > at_even else "utf-16-be"


def _is_mostly_utf_8(data: bytes) -> bool:
    """Whether `data` is UTF-8, even if damaged: most of its non-ASCII characters are valid.

    In damaged UTF-8 that is decoded as Windows-1252, every "José" would become "JosÃ©".
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        broken, valid = _count_non_ascii(data.decode(errors="replace"))
        return valid > broken
    return True


def _fits(data: bytes, codec: str) -> bool:
    """Whether `codec` decodes `data` except for a few characters, because a page may be cut off or
    have bytes in another encoding pasted in.
    """
    broken, valid = _count_non_ascii(data.decode(codec, "replace"))
    return broken * 10 <= valid


def _count_non_ascii(text: str) -> tuple[int, int]:
    """Count the broken and the valid characters outside ASCII."""
    broken = text.count("\ufffd")
    ascii_letters = len(text.encode("ascii", "ignore"))
    return broken, len(text) - ascii_letters - broken


def _windows_codec(data: bytes) -> str:
    return "cp1252" if _TURKISH_LETTERS.isdisjoint(data) else "cp1254"


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, and rarely needed

    best = from_bytes(data[:_SAMPLE], explain=False).best()
    codec = _python_codec(best.encoding) if best else ""
    return codec if codec and codec != "utf-8" else "cp1252"


def _normalize(text: str) -> str:
    text = text.replace("\0", "")
    text = text.replace("\r\n", "\n")
    return text.replace("\r", "\n")
