"""Bytes that somebody declared to be in some charset, as text: declarations are often wrong."""

import codecs
import re

# As browsers do: who declares the first means the second.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
# Their bytes are ASCII, so that they look like UTF-8.
_ESCAPING = re.compile(r"(?:iso2022|hz)")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# ğ, ı, ş and their capitals in Windows-1254; the Icelandic letters that Windows-1252 has there are rarer in a brief.
_TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{1,200}?(?:charset|encoding) {0,9}= {0,9}[\"']? {0,9}([\w.:-]{1,40})", re.IGNORECASE
)
_HEAD = 4096


def decoded(data: bytes, declared: str = "") -> str:
    r"""`data` as text, with lines ended by "\n" and without NUL.

    By a byte-order mark, else UTF-8 if it is that strictly, whatever is declared; else as `declared`, else as Windows
    wrote it. What is broken all the same has U+FFFD in the place of its broken bytes.
    """
    codec = _codec(declared)
    candidates = ["utf-8", codec, "cp1254" if _TURKISH.search(data) else "cp1252"]
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if marked or (unmarked := _utf_16(data)):
        candidates = [marked or unmarked]
    elif _ESCAPING.match(codec):
        candidates.insert(0, codec)
    for name in filter(None, candidates):
        try:
            return _tidy(data.decode(name))
        except UnicodeError:
            continue
    return _tidy(data.decode(next(filter(None, [marked, codec, "utf-8"])), "replace"))


def declared_in(markup: bytes) -> str:
    """The charset that the head of a page, or of an XML file, declares; "" where none is declared."""
    match = _DECLARED.search(markup[:_HEAD].replace(b"\0", b""))
    return match[1].decode("ascii", "replace") if match else ""


def _codec(declared: str) -> str:
    """Python's name of a charset for text; "" for one that isn't known, and for UTF-7, in which words hide."""
    try:
        codec = codecs.lookup(declared.strip())
        codec_is_text = isinstance(codec.decode(b"")[0], str)
    except (LookupError, ValueError, TypeError):
        return ""
    name = codec.name
    return (
        ""
        if not codec_is_text
        or name in {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape"}
        or name.startswith("utf-16")
        else _MEANT.get(name, name)
    )


def _utf_16(data: bytes) -> str:
    """The byte order of UTF-16 without its mark: every other byte of markup is zero in it."""
    head = data[:200]
    if len(head) < 8:
        return ""
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[start::2].count(0) * 10 > len(head) * 4 and not head[1 - start :: 2].count(0):
            return name
    return ""


def _tidy(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text.replace("\0", ""))
