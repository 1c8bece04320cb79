"""What in a mail contacts someone or runs when the mail is opened."""

import re
from collections.abc import Iterator

from lxml import html as lxml_html

from briefing.checks import tables
from briefing.rendering.styles import without_comments

_ACTIVE = tables.table("active_html")
_ELEMENTS = frozenset(_ACTIVE["elements"])
_ATTRIBUTES = frozenset(_ACTIVE["attributes"])


def active_parts(element: lxml_html.HtmlElement) -> Iterator[tuple[str, str]]:
    """What an element loads or runs, each with the words by which its template is found."""
    if element.tag in _ELEMENTS or _is_refresh(element):
        yield f"<{element.tag}>", f"<{element.tag}"
    for name, value in element.items():
        if name.startswith("on") or (name in _ATTRIBUTES and not _is_attached(name, value)):
            yield f"the attribute {name} of <{element.tag}>", value
    styles = [element.get("style", "")]
    if element.tag == "style":
        styles.append(element.text or "")
    for css in map(_loading_css, styles):
        if css:
            yield f"'{css}' in a style of <{element.tag}>", css


def _is_refresh(element: lxml_html.HtmlElement) -> bool:
    return bool(element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh")


def _is_attached(name: str, value: str) -> bool:
    """Whether it is a picture that travels in the mail."""
    return name == "src" and value.strip().lower().startswith("cid:")


def _loading_css(css: str) -> str:
    """What in a style loads or runs something; empty if nothing does."""
    plain = re.sub(r"\s+:", ":", _unescaped(css))
    for loading in _ACTIVE["css"]:
        if loading in plain:
            return str(loading)
    return ""


def _unescaped(css: str) -> str:
    r"""CSS in lower case, without comments and escapes, which can hide anything: `\75rl(…)`."""
    plain = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", _character, without_comments(css))
    return plain.replace("\\", "").lower()


def _character(escape: re.Match[str]) -> str:
    return chr(min(int(escape[1], 16), 0x10FFFF))
