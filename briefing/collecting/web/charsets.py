"""The text of a page's bytes.

Strict UTF-8 is tried before anything that the page declares: bytes that are UTF-8 by chance are rare, wrong
declarations aren't. Then the byte-order mark, the HTTP header, the page's own `<meta>`, and a guess.
"""

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
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_HEAD = 8192


def decoded(data: bytes, charset: str = "") -> str:
    """`data` as text, whatever it is in; `charset` is what the HTTP header says."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    declared = [one for one in (_known(charset), _known(_of_page(data))) if one]
    if "iso2022_jp" in declared and b"\x1b" in data:  # seven bits, so that it is UTF-8 as well
        return data.decode("iso2022_jp", "replace")
    if b"\0" in data[:_HEAD]:
        return data.decode(_utf_16(data[:_HEAD]), "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for name in declared:
        if name != "utf-8":
            return data.decode(name, "replace")
    text = data.decode("utf-8", "replace")
    return text if declared and _nearly(text) else data.decode(_guessed(data), "replace")


def _of_page(data: bytes) -> str:
    match = _DECLARED.search(data[:_HEAD])
    return match[1].decode("ascii", "replace") if match else ""


def _known(name: str) -> str:
    """Python's name of a charset; empty for one that nobody knows, or that no page is in."""
    try:
        found = codecs.lookup(name.strip().strip("\"'"))
    except (LookupError, ValueError):
        return ""
    if found.name in _REFUSED or not getattr(found, "_is_text_encoding", True) or found.name.startswith("utf-16"):
        return ""
    return _WIDER.get(found.name, found.name)


def _utf_16(head: bytes) -> str:
    """UTF-16 without a mark has a zero byte in every other place, as markup is ASCII; other data is read as UTF-8."""
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) * 4 < len(head):
        return "utf-8"
    return "utf-16-le" if odd > even else "utf-16-be"


def _nearly(text: str) -> bool:
    """Whether text that says it is UTF-8 is so but for a few bytes, as where a file was cut off or pasted into."""
    broken = text.count("\ufffd")
    return broken <= 3 or broken * 10 < sum(1 for one in text if ord(one) > 127)


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, and rarely needed

    best = from_bytes(data[:20_000], explain=False).best()
    name = _known(best.encoding) if best else ""
    return name if name and name != "utf-8" else "cp1252"
