"""Recognise which images on a page can be photos of its article: by their size, origin and place.

Statistics services count visitors with images that nobody sees. Fetching one would report the
editor's visit, so an image that only might be a photo isn't taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from briefing.collecting.text.comparing import compact, contains_any
from briefing.collecting.text.hosts import host_of, site_of
from briefing.collecting.text.wordlists import load_data, words_in_order
from briefing.photos.alt_texts import describes
from briefing.photos.pictures import is_tiny
from briefing.text.markup import is_hidden, style_declarations

from .blocks import TextBlocks
from .page import Page, text_of

_PARTS = load_data(__file__, "page_parts")["boilerplate"]
_SCREEN_READERS = words_in_order(_PARTS["screen_readers"])

_LENGTH = re.compile(r"\s*+(\d{1,5})(?:\.\d+)?\s*+(px|r?em)?\s*+")
_SIZE_IN_NAME = re.compile(r"(?:^|[-_])(\d{1,4})x(\d{1,4})(?=[^/\d])")
# "left: -9999px" or "clip: rect(0,0,0,0)": what is meant only for screen readers.
_OFF_SCREEN = re.compile(
    r"(?:left|top|right|text-indent)\s*:\s*-\d{3,}|\bclip\s*:\s*rect\("
)
_PHOTO_FILE = re.compile(
    r"\.(?:jpe?g|jpe|jfif|png|webp|avif|heic)\b", re.IGNORECASE
)
_WHOLE_PAGE = {"body", "html"}
_PICTURES = {"figure", "picture"}
_SIDES = ("width", "height")
_CONTENT_ATTRIBUTES = ("srcset", "data-srcset", "data-src", "data-lazy-src")

_MAX_HEADINGS = 60
_MAX_AROUND = 8
"""Elements around an image that may hide it."""
_MIN_SIDE = 250
"""Pixels of the longer side."""
_MIN_ALT = 4
_LETTER = 16
"""Pixels of one em: the usual size of text in browsers."""
_MAX_RATIO = 5
"""A longer image is a banner."""


def is_large(image: Any) -> bool:
    """Whether an image is large, or the page doesn't declare its size."""
    sizes = _sizes(image, image.get("src") or "")
    return not sizes or max(sizes) >= _MIN_SIDE


def is_declared_tiny(width: Any, height: Any) -> bool:
    """Whether a page declares sides of a picture, and they are smaller than any photo's."""
    lengths = _lengths({"width": str(width), "height": str(height)})
    return bool(lengths) and is_tiny(*lengths)


def is_photo_of_article(page: Page, image: Any, address: str) -> bool:
    """Whether the size and origin of an image are those of a photo: visible, no banner, and as large as a
    photo; where the page declares no size, a photo's file that it shows as a photo.
    """
    if _is_out_of_sight(image):
        return False
    sizes = _sizes(image, address)
    if not sizes:
        return _is_photo_file(address) and _is_shown(page, image, address)
    is_banner = len(sizes) > 1 and max(sizes) > _MAX_RATIO * min(sizes)
    return max(sizes) >= _MIN_SIDE and not is_banner


def _is_out_of_sight(image: Any) -> bool:
    """Whether an image, or an element around it, is hidden, off the screen or hardly a dot."""
    around = islice(image.iterancestors(), _MAX_AROUND)
    return any(map(_hides, (image, *around)))


def _hides(element: Any) -> bool:
    if is_hidden(element.attrib):
        return True
    if contains_any(element.get("class", ""), _SCREEN_READERS):
        return True
    style = element.get("style") or ""
    if _OFF_SCREEN.search(style):
        return True
    sides = style_declarations(style)
    return is_declared_tiny(sides.get("width"), sides.get("height"))


def _is_photo_file(address: str) -> bool:
    path, _, _ = address.partition("?")
    return _PHOTO_FILE.search(unquote(path)) is not None


def _is_shown(page: Page, image: Any, address: str) -> bool:
    """Whether a page shows an image as a part of its content: from its own site, with a description, in
    several sizes, across its column, once it is scrolled to, in a figure, or as a link to a larger one.
    What only counts visitors has none of these.
    """
    is_own = site_of(host_of(address)) == site_of(host_of(page.url))
    # A query could report who looks at the page, even to the site itself.
    is_named = is_own and not urlsplit(address).query
    return is_named or _is_described(image) or _is_in_picture(page, image)


def _is_described(image: Any) -> bool:
    if any(map(image.get, _CONTENT_ATTRIBUTES)):
        return True
    if (image.get("width") or "").endswith("%"):
        return True
    alt = image.get("alt") or ""
    return len(alt) >= _MIN_ALT and describes(alt)


def _is_in_picture(page: Page, image: Any) -> bool:
    """Whether an image is in a figure or links to a larger one."""
    for element in islice(image.iterancestors(), 3):
        larger = page.absolute(element.get("href") or "")
        if element.tag in _PICTURES or _is_photo_file(larger):
            return True
    return False


def _sizes(image: Any, address: str) -> list[int]:
    """Return the pixels of the sides that the page declares: the smaller ones of those in attributes and
    in the style, else those in the name of a photo's file (`photo-640x426.jpg`).
    """
    style = style_declarations(image.get("style") or "")
    # "max-width: 40px" limits a picture whatever its attributes say.
    largest = {side: style.get(f"max-{side}", "") for side in _SIDES}
    declared = filter(None, map(_lengths, (image.attrib, style, largest)))
    in_name = _sizes_in_name(address) if _is_photo_file(address) else []
    return min(declared, key=max, default=in_name)


def _lengths(declared: Mapping[str, str]) -> list[int]:
    """Return the pixels of the width and height among attributes or a style's declarations."""
    sides = (declared.get(side, "") for side in _SIDES)
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
    page: Page, images: Sequence[Any], title: str, blocks: TextBlocks
) -> Iterator[Any]:
    """Yield those of the images that belong to the article by their place: around or below its headline, and not
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
    first = starts[0]
    last = starts[-1]
    inside = {last, *last.iterancestors()}
    for element in first.iterancestors():
        if element in inside:
            return [] if element.tag in _WHOLE_PAGE else [element]
    return []
