"""Recognise which images on a page can be photos of its article: by their size, origin and place.

Statistics services count visitors with images that nobody sees. Fetching one would report the
editor's visit, so an image that only might be a photo isn't taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from briefing.collecting.text.comparing import compact
from briefing.collecting.web.blocks import TextBlock
from briefing.collecting.web.page import Page, text_of
from briefing.markup import is_hidden, style_declarations

_LENGTH = re.compile(r"\s*+(\d{1,5})(?:\.\d+)?\s*+(px|r?em)?\s*+")
_SIZE_IN_NAME = re.compile(r"(?:^|[-_])(\d{1,4})x(\d{1,4})(?=[^/\d])")
_OFF_SCREEN = re.compile(r"(?:left|top|right|text-indent)\s*:\s*-\d{3,}")
_PHOTO_FILE = re.compile(
    r"\.(?:jpe?g|jpe|jfif|png|webp|avif|heic)\b", re.IGNORECASE
)
_WHOLE_PAGE = {"body", "html"}

_MAX_HEADINGS = 60
_MIN_SIDE = 250
"""Pixels of the longer side."""
_LETTER = 16
"""Pixels of one em: the usual size of text in browsers."""
_MAX_RATIO = 5
"""A longer image is a banner."""


def is_large(image: Any) -> bool:
    """Whether an image is large, or the page doesn't declare its size."""
    sizes = _sizes(image, image.get("src") or "")
    return not sizes or max(sizes) >= _MIN_SIDE


def is_photo_of_article(image: Any, address: str) -> bool:
    """Whether the size and origin of an image are those of a photo: a photo's file, or the size of
    one; visible, and no banner.
    """
    if is_hidden(image.attrib) or _OFF_SCREEN.search(image.get("style") or ""):
        return False
    sizes = _sizes(image, address)
    if not sizes:
        return _PHOTO_FILE.search(unquote(urlsplit(address).path)) is not None
    is_banner = len(sizes) > 1 and max(sizes) > _MAX_RATIO * min(sizes)
    return max(sizes) >= _MIN_SIDE and not is_banner


def _sizes(image: Any, address: str) -> list[int]:
    """Return the pixels of the sides that the page declares: in attributes, else in the style, else in the
    file's name (`photo-640x426.jpg`).
    """
    style = style_declarations(image.get("style") or "")
    return _lengths(image.attrib) or _lengths(style) or _sizes_in_name(address)


def _lengths(declared: Mapping[str, str]) -> list[int]:
    """Return the pixels of the width and height among attributes or a style's declarations."""
    sides = (declared.get("width", ""), declared.get("height", ""))
    lengths = filter(None, map(_LENGTH.fullmatch, sides))
    return list(map(_pixels, lengths))


def _sizes_in_name(address: str) -> list[int]:
    _, _, name = address.rpartition("/")
    sizes = _SIZE_IN_NAME.search(name)
    return list(map(int, sizes.groups())) if sizes else []


def _pixels(length: re.Match[str]) -> int:
    is_in_letters = (length[2] or "px") != "px"
    return int(length[1]) * (_LETTER if is_in_letters else 1)


def images_in_article(
    page: Page, images: Sequence[Any], title: str, blocks: Sequence[TextBlock]
) -> Iterator[Any]:
    """Yield those of the images that stand with the article: around or below its headline, and not
    below its last block of text.
    """
    text = [block.element for block in blocks]
    starts = _headline(page, title) + text[:1]
    if not starts:
        return
    order = {element: number for number, element in enumerate(page.root.iter())}
    first = min(order[element] for element in [*starts, *_around(starts)])
    last = len(order)
    if text:
        last = max(order[element] for element in text[-1].iter())
    for image in images:
        if first <= order[image] <= last:
            yield image


def _headline(page: Page, title: str) -> list[Any]:
    """Return the heading with the headline, or else the first one."""
    headings = list(islice(page.root.iter("h1", "h2"), _MAX_HEADINGS))
    key = compact(title)
    same = [heading for heading in headings if compact(text_of(heading)) == key]
    return (same or headings)[:1]


def _around(starts: Sequence[Any]) -> list[Any]:
    """Return the smallest element around both headline and text, unless that is the whole page."""
    first, last = starts[0], starts[-1]
    inside = {last, *last.iterancestors()}
    for element in first.iterancestors():
        if element in inside:
            return [] if element.tag in _WHOLE_PAGE else [element]
    return []
