"""Parse the CSS that makes an email readable or not: colours, backgrounds and their contrast."""

import re
from collections.abc import Mapping

from lxml import html as lxml_html

Colour = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""
Overrides = Mapping[lxml_html.HtmlElement, Mapping[str, str]]
"""Declarations that take precedence over an element's own style."""
BLACK = (0, 0, 0)
WHITE = (255, 255, 255)
_IN_HEX = re.compile("#[0-9a-f]{6}", re.IGNORECASE)
_NO_COLOUR = {"", "inherit", "transparent", "initial", "currentcolor", "unset"}


def without_css_comments(css: str) -> str:
    return re.sub(r"/\*.*?(?:\*/|\Z)", "", css, flags=re.DOTALL)


def parse_colour(value: str) -> tuple[int, ...] | None:
    """Return red, green, blue and perhaps alpha, from 0 to 255; None if no valid colour is set."""
    if value in _NO_COLOUR:
        return None
    if _IN_HEX.fullmatch(value):
        return from_hex(value)
    from PIL import ImageColor  # noqa: PLC0415  # slow to load; the package's templates need none of it

    try:
        return _translucent(value) or ImageColor.getrgb(value)
    except ValueError:
        return None


def _translucent(value: str) -> tuple[int, ...] | None:
    """Parse `rgba(0, 0, 0, 0.5)`, which Pillow can't read. Raises ValueError."""
    name, _, rest = value.partition("(")
    numbers = rest.removesuffix(")").split(",")
    if name not in {"rgb", "rgba"} or len(numbers) != 4:
        return None
    red, green, blue = (_byte(float(number)) for number in numbers[:3])
    return red, green, blue, _byte(255 * float(numbers[3]))


def _byte(value: float) -> int:
    return max(0, min(round(value), 255)) if abs(value) < float("inf") else 255


def parse_background(value: str) -> tuple[int, ...] | None:
    """Return the colour in a value of `background`, which may also contain a picture and a
    position.
    """
    for words in (value, *value.split()):
        colour = parse_colour(words)
        if colour:
            return colour
    return None


def over(colour: tuple[int, ...], background: Colour) -> Colour:
    """Blend a translucent colour with the opaque one behind it."""
    alpha = colour[3] / 255 if len(colour) > 3 else 1.0
    red, green, blue = (
        round(alpha * top + (1 - alpha) * below)
        for top, below in zip(colour, background, strict=False)
    )
    return red, green, blue


def from_hex(text: str) -> Colour:
    """Parse `#rrggbb`, the form used in [look]."""
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def to_hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def contrast(first: Colour, second: Colour) -> float:
    """Return the contrast by WCAG 2.2: from 1 (the same colour) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    """Return the relative luminance by WCAG 2.2."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: int) -> float:
    """Convert a value of sRGB to the share of light that it represents."""
    share = value / 255
    return (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    )
