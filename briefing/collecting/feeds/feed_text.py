"""What stands in a feed: its bytes as text, its markup as plain text, its dates as days."""

import html
import re

from lxml import etree
from lxml import html as lxml_html

from briefing.decoding import declared_in_content_type, declared_in_markup, decode

LONGEST_SUMMARY = 900
LONGEST_TITLE = 500

_OWN_ENTITIES = re.compile(r"<!DOCTYPE[^\[>]*\[.*?\]\s*>", re.DOTALL)
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th"),
    *("tr", "ul"),
}
_UNREAD = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title"}
_TAG = re.compile(
    r"</?(?:a|b|br|cite|div|em|font|h[1-6]|i|img|p|q|script|small|span|strong|style|sub|sup|u)\b[^<>]*>",
    re.IGNORECASE,
)
# Controls, marks that turn the direction of what follows, soft hyphens, byte-order marks.
_HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\xad\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
# What WordPress puts below every summary.
_APPENDED = re.compile(r"\s*The post .{1,300} (?:first )?appeared (?:first )?on .{1,200}\.\Z")
# An end of a sentence; after a full stop only behind a word of three letters (not "Mr.", "U.S.", "3.") and before
# something that can begin one.
_END = re.compile(r"(?:[!?…。！？؟۔।]|(?:\w{3}|[\"'”’»)\]])\.)[\"'”’»)\]]*(?=\s+[^\sa-z]|(?<=[。！？]))")


def decoded(data: bytes, content_type: str) -> str:
    """The text of a feed, whatever encoding it claims; without the characters that XML must not hold.

    What is UTF-8, or nearly, is read so; else by the header's charset, the XML declaration's, or as Windows-1252.
    """
    text = _NOT_XML.sub("", decode(data, declared_in_content_type(content_type), declared_in_markup(data))).lstrip(
        "\ufeff \t\r\n"
    )
    # An entity of a feed's own is a trap: a large one, used often, or a file of this computer.
    start = text.find("<!DOCTYPE")
    own = _OWN_ENTITIES.match(text, start) if start >= 0 else None
    return text[:start] + text[own.end() :] if own else text


def plain(text: str, *, markup: bool) -> str:
    """The words of a text on one line; `markup`: it is HTML. Tags are taken out of other text, too, where they stand.

    Nothing is left that hides, or that turns the direction of what follows.
    """
    text = _HIDDEN.sub("", " ".join(text.split()))
    text = _without_tags(text) if markup or _TAG.search(text) else text
    return " ".join(_HIDDEN.sub("", " ".join(text.split())).split())


def _without_tags(text: str) -> str:
    try:
        tree = lxml_html.fragment_fromstring(re.sub(r"\A\s*<\?[^>]*>", "", text), create_parent="div")
    except (etree.LxmlError, ValueError):  # nothing but comments, say
        return html.unescape(re.sub(r"<[^>]*>", " ", text))
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in _UNREAD:
            element.text = ""
            for child in list(element):
                element.remove(child)
        if element.tag in _BLOCKS or not isinstance(element.tag, str):
            element.text = f" {element.text or ''}" if isinstance(element.tag, str) else ""
            element.tail = f" {element.tail or ''}"
    return str(tree.text_content())


def summary(text: str) -> str:
    """The plain text of a summary, without what a site's software adds, at most LONGEST_SUMMARY characters of it."""
    return shortened(_APPENDED.sub("", text), LONGEST_SUMMARY)


def shortened(text: str, most: int) -> str:
    """As many whole sentences from the start as there is room for; of a single long one the words, and a "…"."""
    if len(text) <= most:
        return text
    ends = [match.end() for match in _END.finditer(text[: most + 2]) if match.end() <= most]
    if ends:
        return text[: ends[-1]]
    room = text[: most - 1]
    return f"{room.rpartition(' ')[0] or room}…"
