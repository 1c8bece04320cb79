"""Bytes that somebody declared to be in some charset, as text: declarations are often wrong."""

import codecs
import re

# WHATWG Encoding Standard: what pages name so, browsers read as the wider one.
_WIDER = {
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
# Never what a page is in, whatever it declares: they hide markup, or aren't of text at all.
_REFUSED = {"utf-7", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "rot13", "hex", "base64"}
# Their bytes are ASCII, so that they look like UTF-8.
_ESCAPING = re.compile(r"(?:iso2022|hz)")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),  # XML without a mark, by its declaration
    (b"\0<\0?", "utf-16-be"),
)
# ğ, ı, ş and their capitals in Windows-1254; the Icelandic letters that Windows-1252 has there are rarer in a brief.
_TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_HEAD = 8192


def decoded(data: bytes, declared: str = "") -> str:
    r"""`data` as text, with lines ended by "\n" and without NUL.

    By a byte-order mark, else UTF-8 if it is that strictly, whatever is declared; else as `declared`, else as Windows
    wrote it. What is broken all the same has U+FFFD in the place of its broken bytes.
    """
    codec = known(declared)
    candidates = ["utf-8", codec, "cp1254" if _TURKISH.search(data) else "cp1252"]
    certain = marked(data) or _utf_16(data)
    if certain:
        candidates = [certain]
    elif _ESCAPING.match(codec):
        candidates.insert(0, codec)
    for name in filter(None, candidates):
        try:
            return _tidy(data.decode(name))
        except UnicodeError:
            continue
    return _tidy(data.decode(next(filter(None, [marked(data), codec, "utf-8"])), "replace"))


def declared_in(markup: bytes) -> str:
    """The charset that the head of a page, or of an XML file, declares; "" where none is declared."""
    match = _DECLARED.search(markup[:_HEAD].replace(b"\0", b""))
    return match[1].decode("ascii", "replace") if match else ""


def known(declared: str) -> str:
    """Python's name of a charset; empty for one that nobody knows, or that no text is in."""
    try:
        found = codecs.lookup(declared.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    if found.name in _REFUSED or not getattr(found, "_is_text_encoding", True) or found.name.startswith("utf-16"):
        return ""
    return _WIDER.get(found.name, found.name)


def marked(data: bytes) -> str:
    """The charset that a byte-order mark tells, whose codec takes the mark off; empty where there is none."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), "")


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
