"""What mail apps make of an email's HTML: without pictures, without style sheets, with inverted
colours. No I/O.
"""

import re
from enum import StrEnum

from lxml import html as lxml_html

from briefing.rendering.dark_views import forced_inversion

STYLE_SHEET = re.compile(
    r"<style\b(?:[^<]++|<(?!/style))*+</style>", re.IGNORECASE
)
_COLOR_SCHEME = re.compile(
    r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE
)
_ALWAYS = "(min-width:0)"
_NEVER = "(max-width:0)"
_PICTURE = re.compile(r' src="cid:[^"]*+"')
_FRAME = re.compile(r"<(?=i?frame\b)", re.IGNORECASE)


class Variant(StrEnum):
    """The HTML that a mail app shows."""

    WHOLE = "whole"
    INVERTED = "inverted"
    """With light and dark swapped by the app: approximate, since each has rules of its own."""
    WITHOUT_IMAGES = "without-images"
    WITHOUT_STYLES = "without-styles"
    """Without the style sheet; the styles of the elements stay."""


def variant_of(html: str, variant: Variant) -> str:
    """Return an email's HTML, whose pictures aren't in it yet, as an app shows it."""
    if variant is Variant.INVERTED:
        return _inverted(html)
    if variant is Variant.WITHOUT_STYLES:
        return STYLE_SHEET.sub("", html)
    if variant is Variant.WITHOUT_IMAGES:
        # No picture, and no request for one either.
        return _PICTURE.sub(' src="data:,"', html)
    return html


def with_color_scheme(html: str, *, is_dark: bool) -> str:
    """Return an email's HTML with the styles for dark or light apps, whatever the editor's own
    system prefers.

    Frames have that preference in some browsers, and the one of the page around them in others.
    """
    wanted = "dark" if is_dark else "light"

    def decide(condition: re.Match[str]) -> str:
        return _ALWAYS if condition[1].lower() == wanted else _NEVER

    def decided(style_sheet: re.Match[str]) -> str:
        return _COLOR_SCHEME.sub(decide, style_sheet[0])

    return STYLE_SHEET.sub(decided, html)


def framed(html: str, version: str) -> str:
    """Return an email's HTML in a form that is safe in a frame of the page, which learns its version."""
    # Chromium connects to the host of a frame before it checks the policy, so frames are shown as
    # text.
    html = _FRAME.sub("&lt;", html)
    # A link would replace the email. In a new window, which the sandbox forbids, it does nothing.
    base = f'<base target="_blank" data-version="{version}">'
    return html.replace("<head>", f"<head>{base}", 1)


def _inverted(html: str) -> str:
    # Not markup.parse_html, which drops the marks of direction that the email's languages need.
    parser = lxml_html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True
    )
    document = lxml_html.document_fromstring(html.encode(), parser=parser)
    for element, changes in forced_inversion(document).items():
        declarations = "".join(
            f";{name}:{value} !important" for name, value in changes.items()
        )
        if declarations:
            element.set("style", element.get("style", "") + declarations)
    return str(
        lxml_html.tostring(
            document, encoding="unicode", doctype="<!DOCTYPE html>"
        )
    )
