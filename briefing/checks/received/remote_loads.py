"""Find what a page loads from other servers when it is shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from briefing.checks.active_html import styles_of
from briefing.checks.hosts import host_of
from briefing.text.markup import style_declarations

_REMOTE = r"(?:https?:|ftp:)?//[^\s'\")>]+"
_IN_STYLES = re.compile(
    rf"(?:url\(\s*+['\"]?|@import\s++['\"])\s*+({_REMOTE})", re.IGNORECASE
)
_IN_COMMENTS = re.compile(
    rf"(?:src|background|href)\s*+=\s*+['\"]?\s*+({_REMOTE})", re.IGNORECASE
)
_LOADING = ("src", "background", "poster", "data", "lowsrc", "dynsrc")
_LOADING_BY_HREF = {"link", "image", "use"}
_NO_SIZE = {"0", "1"}
"""Sizes, in pixels, at which a picture is invisible."""


@dataclass(frozen=True, slots=True)
class RemoteLoad:
    """Something that is loaded, and the host that learns about it."""

    what: str
    host: str


def remote_loads(page: HtmlElement) -> Iterator[RemoteLoad]:
    for element in page.iter():
        if isinstance(element.tag, str):
            yield from _loads_of(element)
        else:  # a comment, which Outlook may read
            for address in _IN_COMMENTS.findall(element.text or ""):
                yield RemoteLoad("something for Outlook", destination(address))


def _loads_of(element: HtmlElement) -> Iterator[RemoteLoad]:
    for value in _loaded_by(element):
        address = value.strip()
        if re.match(_REMOTE, address, re.IGNORECASE):
            yield RemoteLoad(_kind(element), destination(address.split()[0]))
    for styles in styles_of(element):
        for address in _IN_STYLES.findall(styles):
            yield RemoteLoad("a style or a background", destination(address))


def _loaded_by(element: HtmlElement) -> Iterator[str]:
    for name in _LOADING:
        yield element.get(name) or ""
    yield from (element.get("srcset") or "").split(",")
    if element.tag in _LOADING_BY_HREF:
        yield element.get("href") or ""


def _kind(element: HtmlElement) -> str:
    if element.tag != "img":
        return f"<{element.tag}>"
    return "an invisible pixel" if _is_invisible(element) else "a picture"


def _is_invisible(image: HtmlElement) -> bool:
    style = style_declarations(image.get("style") or "")
    for side in ("width", "height"):
        lengths = (image.get(side) or "", style.get(side, ""))
        if any(
            length.strip().removesuffix("px") in _NO_SIZE for length in lengths
        ):
            return True
    return style.get("display") == "none"


def destination(address: str) -> str:
    """Return where an address leads, without the rest of it, which may identify its reader."""
    if address.lower().startswith("mailto:"):
        return "an email address"
    return host_of(address) or "elsewhere"
