"""Parse HTML from strangers safely, and extract the text that a reader sees.

lxml's HTML parser opens no files or connections and expands only HTML's own entities; libxml2 stops
at 2,048 nested elements. `parse_html` returns a tree for any input.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from .normal_forms import normalized

MAX_CHARACTERS = 4_000_000
"""The most markup that is parsed; the rest is cut off."""

_BLOCK_TAGS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody
    td tfoot th thead tr ul
"""
BLOCK_TAGS = frozenset(_BLOCK_TAGS.split())
"""Elements that start on a line of their own."""

_TEXTLESS_TAGS = """
    applet audio canvas embed head iframe map math noframes noscript object script style svg template title video
"""
TEXTLESS_TAGS = frozenset(_TEXTLESS_TAGS.split())
"""Elements whose text is never part of a page's visible text."""

_ZERO_WIDTH = "\u200b\u2060\ufeff"
_JOINERS = "\u200c\u200d"
"""They stand between letters; page editors leave them in paragraphs that are empty."""
_SPACES_FOR_ZERO_WIDTH = dict.fromkeys(map(ord, _ZERO_WIDTH), " ")
# XML doesn't allow control characters, and no page needs them. Bidirectional overrides and isolates
# can make text seem to say something else (UTS #36, "Trojan Source").
_UNSAFE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
_QUOTED_VALUE = r"""=\s*+(?:"[^"]*+"|'[^']*+')"""
# Linear: after a quotation mark that is never closed there is no further one.
_ATTRIBUTES = rf"((?:[^>=]++|{_QUOTED_VALUE}|=)*+)"
# The first form ends before </script>, since a "<" in a script begins no tag.
_TAG = re.compile(
    rf"<(?:script|style)(?![^\s<>=]){_ATTRIBUTES}(?:[^<]++|<(?!/(?:script|style)))*+"
    rf"|<[a-z][^\s<>=]*+{_ATTRIBUTES}",
    re.IGNORECASE,
)
_MAX_ATTRIBUTES = 500
"""libxml2 compares each attribute of an element with all others."""
_MAX_HIDDEN = 500
_SOFT_HYPHEN = "\xad"
_REFERENCE = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d?);", re.IGNORECASE
)
_EMPTY_PAGE = b"<html><body></body></html>"


def parse_html(markup: str | bytes, *, comments: bool = False) -> Any:
    """Return the `<html>` element of a page or a fragment; bytes are read as UTF-8.

    Comments and processing instructions are dropped unless `comments` is set. Markup that is empty
    or can't be parsed becomes an empty page.
    """
    if isinstance(markup, bytes):
        markup = markup.decode("utf-8", "replace")
    markup = without_unsafe(markup[:MAX_CHARACTERS])
    data = _TAG.sub(_without_excess_attributes, markup).encode()
    parser = _parser(comments=comments)
    try:
        root = lxml_html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, AssertionError):
        # The document is empty, or so broken that libxml2 lost its root.
        return lxml_html.document_fromstring(_EMPTY_PAGE)
    return (
        root
        if root.tag == "html"
        else lxml_html.document_fromstring(_EMPTY_PAGE)
    )


def _without_excess_attributes(tag: re.Match[str]) -> str:
    """Return a tag without its attributes if they are more than any page needs."""
    attributes = tag[1] or tag[2] or ""
    if len(attributes) <= 2 * _MAX_ATTRIBUTES:
        return tag[0]
    count = len(re.sub(_QUOTED_VALUE, "", attributes).split())
    if count <= _MAX_ATTRIBUTES:
        return tag[0]
    return tag[0].replace(attributes, "", 1)


def _parser(*, comments: bool) -> Any:
    return lxml_html.HTMLParser(
        encoding="utf-8",
        remove_comments=not comments,
        remove_pis=not comments,
        no_network=True,
        huge_tree=True,  # a data: URL may be longer than libxml2's usual limit for a text
    )


def style_declarations(style: str) -> dict[str, str]:
    """Return the declarations of a `style` attribute in lower case, without `!important`; the last
    one for a property wins.
    """
    declarations = {}
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            value = value.lower().replace("!important", "")
            declarations[name.strip().lower()] = value.strip()
    return declarations


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element with these attributes is hidden, by itself or by its inline style."""
    if attributes.get("hidden") is not None:
        return True
    style = attributes.get("style")
    return bool(style) and hides(style_declarations(style or ""))


def hides(declarations: Mapping[str, str]) -> bool:
    """Whether this style makes an element invisible."""
    if declarations.get("display") == "none":
        return True
    if declarations.get("visibility") == "hidden":
        return True
    if _is_zero(declarations.get("opacity", "")):
        return True
    is_cut = declarations.get("overflow") == "hidden"
    return is_cut and _is_zero(declarations.get("max-height", ""))


def _is_zero(length: str) -> bool:
    number = length.removesuffix("px")
    return number.startswith("0") and not number.strip("0.")


def unescape_again(text: str) -> str:
    """Return a text with its characters instead of HTML's references to them, since some pages and feeds
    escape them twice: "Q &#x26; A".
    """
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), text)


def visible_text(element: Any) -> str:
    """Return the text that a reader sees in an element, on one line, with spaces between blocks."""
    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walker:
        if event == "start":
            pieces.append(_separator(node))
            if _is_skipped(node):
                walker.skip_subtree()
            else:
                pieces.append(node.text or "")
        else:
            pieces.append(_separator(node))
            if node is not element:
                pieces.append(node.tail or "")
    return tidy_spaces("".join(pieces))


def _is_skipped(node: Any) -> bool:
    return node.tag in TEXTLESS_TAGS or is_hidden(node.attrib)


def _separator(node: Any) -> str:
    return " " if node.tag in BLOCK_TAGS or node.tag == "br" else ""


def tidy_spaces(text: str) -> str:
    """Return `text` on one line, composed (NFC), without invisible characters."""
    visible = without_unsafe(text).replace(_SOFT_HYPHEN, "")
    spaced = visible.translate(_SPACES_FOR_ZERO_WIDTH)
    line = " ".join(spaced.split()).lstrip(f" {_JOINERS}")
    return normalized("NFC", line)


def reveal_address(code: str) -> str:
    """Return the email address that Cloudflare hid in `data-cfemail`; "" if there is none.

    The attribute contains bytes in hexadecimal, each XORed with the first.
    """
    try:
        key, *letters = bytes.fromhex(code[:_MAX_HIDDEN])
        return without_unsafe(
            bytes(letter ^ key for letter in letters).decode()
        )
    except ValueError:
        return ""


def without_unsafe(text: str) -> str:
    """Return `text` without control characters, lone surrogates and marks that reverse the
    direction of text.
    """
    return _UNSAFE.sub("", text)
