"""The text of a page's bytes.

Strict UTF-8 is tried before anything that the page declares: bytes that are UTF-8 by chance are rare, wrong
declarations aren't. Then the byte-order mark, the HTTP header, the page's own `<meta>`, and a guess.
"""

from briefing.collecting.text.charsets import declared_in, known, marked

_HEAD = 8192


def decoded(data: bytes, charset: str = "") -> str:
    """`data` as text, whatever it is in; `charset` is what the HTTP header says."""
    if mark := marked(data):
        return data.decode(mark, "replace")
    declared = [one for one in (known(charset), known(declared_in(data))) if one]
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
    name = known(best.encoding) if best else ""
    return name if name and name != "utf-8" else "cp1252"
