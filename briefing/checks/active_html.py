"""Find what contacts a server or runs code when an email is opened."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from briefing.rendering.styles import without_css_comments

from . import tables

_ACTIVE = tables.table("active_html")


def active_parts(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield what an element loads or runs, each with the text to search for in the templates."""
    tag = f"<{element.tag}>"
    if element.tag in _ACTIVE["elements"] or _is_refresh(element):
        yield tag, tag.removesuffix(">")
    for name, value in element.items():
        if _is_active(name, value):
            yield f"the attribute {name} of {tag}", value
    for css in map(_loading_css, styles_of(element)):
        if css:
            yield f"'{css}' in a style of {tag}", css


def _is_refresh(element: HtmlElement) -> bool:
    purpose = element.get("http-equiv", "").lower()
    return bool(element.tag == "meta" and purpose == "refresh")


def _is_active(name: str, value: str) -> bool:
    """Whether an attribute's value is run or fetched. Attached pictures are neither."""
    if name.startswith("on"):
        return True
    is_attached = name == "src" and value.strip().lower().startswith("cid:")
    return name in _ACTIVE["attributes"] and not is_attached


def styles_of(element: HtmlElement) -> Iterator[str]:
    """Yield the CSS in an element: its own style, and the contents of a `<style>`."""
    yield element.get("style", "")
    if element.tag == "style":
        yield element.text or ""


def _loading_css(css: str) -> str:
    """Return the first construct in a style that loads or runs something; empty if there is none."""
    plain = "".join(_unescaped(css).split())
    for loading in _ACTIVE["css"]:
        if loading in plain:
            return str(loading)
    return ""


def _unescaped(css: str) -> str:
    r"""Return CSS in lower case without comments and escapes, which can disguise it: `\75rl(…)`."""
    plain = re.sub(
        r"\\([0-9a-fA-F]{1,6})\s?", _character, without_css_comments(css)
    )
    return plain.replace("\\", "").lower()


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1], 16)
    return chr(min(code, 0x10FFFF))
