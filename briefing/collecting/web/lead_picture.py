"""Find a page's lead picture, with its credit, alternative text and caption."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from briefing.collecting.text.comparing import compact
from briefing.collecting.text.hosts import host_of, site_name
from briefing.collecting.text.wordlists import load_data, words, words_in_order
from briefing.photos.alt_texts import describes
from briefing.text.markup import tidy_spaces

from .article_images import (
    images_in_article,
    is_declared_tiny,
    is_large,
    is_photo_of_article,
)
from .blocks import TextBlocks
from .credits import split_credit, split_credit_in_lines, strip_label
from .linked_data import (
    Object,
    addresses_in,
    objects_in,
    texts_of,
    types_of,
)
from .page import Page, is_named, lines_of, naming_parts, naming_words, text_of
from .photo_addresses import is_photo_address, may_count_visits, stem_of

_PARTS = load_data(__file__, "page_parts")["lead_picture"]
_NOT_LEAD = words_in_order(_PARTS["others"])
_CAPTIONS = words_in_order(_PARTS["captions"])
_CREDITS = words_in_order(_PARTS["credits"])
_CREDITED_MEDIA = re.compile(_PARTS["credited_media"])

_METAS = words_in_order(
    """
    og:image:secure_url og:image og:image:url twitter:image twitter:image:src image thumbnail sailthru.image.full
    parsely-image-url
    """
)
_SOURCES = words_in_order(
    """
    data-src data-lazy-src data-original data-hi-res-src data-full-src data-url data-large-file data-lazy src
    """
)
_CREDIT_PROPERTIES = words("copyrightHolder creditText author")
_CREDIT_FIELDS = words_in_order(
    "creditText copyrightHolder creator author copyrightNotice"
)
_TEXT_TAGS = words_in_order("figcaption div p span small cite em a")
_CAPTION_TAGS = words_in_order("div p span figcaption")
_FRAME_TAGS = words("nav footer aside form button")
_GENERIC_PREFIXES = ("article", "featured", "lead", "hero", "main")

_MIN_ALT = 4
_MAX_CAPTION = 500
_MAX_CREDIT_LINE = 160
_MAX_IMAGES = 300
_MAX_PARTS = 60


@dataclass(frozen=True, slots=True)
class LeadPicture:
    """A page's lead picture; every field may be empty."""

    address: str = ""
    credit: str = ""
    own_alt: str = ""
    """The page's alternative text for it."""
    caption: str = ""

    @property
    def alt(self) -> str:
        """Its alternative text; the caption where the page has none."""
        return self.own_alt or self.caption


def find_lead_picture(
    page: Page, title: str, blocks: TextBlocks
) -> LeadPicture:
    """Return the page's lead picture, with the page's texts about it; `blocks` are its article's
    text.
    """
    images = list(_content_images(page))
    address = next(_declared_addresses(page), "")
    if address:
        image = _image_of(page, images, address)
    else:
        own = images_in_article(page, images, title, blocks)
        address, image = _first_photo(page, own)
    if not address:
        return LeadPicture()
    texts = _texts_about(page, address, image)
    credit_in_alt, own_alt = split_credit(_alternative_text(page, image, title))
    credit = texts.credit or credit_in_alt
    if not credit and image is None:
        credit = _credit_of_first_figure(images)
    return LeadPicture(address, credit, own_alt, texts.caption)


@dataclass(frozen=True, slots=True)
class _PictureTexts:
    """A page's texts about a picture."""

    caption: str = ""
    credit: str = ""


def _first_photo(page: Page, images: Iterable[Any]) -> tuple[str, Any]:
    """Return the address and the element of the first image that is a photo."""
    for image in images:
        source = _source(page, image)
        if source and is_photo_of_article(page, image, source):
            return source, image
    return "", None


def _image_of(page: Page, images: Sequence[Any], address: str) -> Any:
    """Return the image that shows the picture of an address; None if there is none."""
    stem = stem_of(address)
    for image in images:
        if stem_of(_source(page, image)) == stem:
            return image
    return None


# --- Addresses


def _declared_addresses(page: Page) -> Iterator[str]:
    """Yield the addresses of photos that the page's head declares, without the publisher's logo and
    pictures of a few pixels.
    """
    signs = {*_logo_stems(page), *_tiny_stems(page), _site_stem(page)}
    has_size = bool(page.meta("og:image:width"))
    for address in _raw_addresses(page):
        absolute = page.absolute(address)
        # Pages don't declare the size of a picture that only counts visits.
        is_counter = may_count_visits(absolute) and not has_size
        is_sign = is_counter or stem_of(absolute) in signs
        if is_photo_address(absolute) and not is_sign:
            yield absolute


def _raw_addresses(page: Page) -> Iterator[str]:
    yield from page.contents(*_METAS)
    for node in page.articles:
        yield from addresses_in(node.get("image"), page.objects)
        yield from addresses_in(node.get("thumbnailUrl"), page.objects)
    yield from page.links("image_src")


def _site_stem(page: Page) -> str:
    """Return the stem of a picture that is named like the site: "harbourpost_200x200.png" is its logo."""
    return site_name(host_of(page.url)).casefold()


def _logo_stems(page: Page) -> Iterator[str]:
    for node in page.linked_data:
        for publisher in objects_in(node.get("publisher"), page.objects):
            for logo in addresses_in(publisher.get("logo"), page.objects):
                yield stem_of(page.absolute(logo))


def _tiny_stems(page: Page) -> set[str]:
    """Return the stems of pictures that the page's head declares to be too small for a photo. Publishing
    systems declare one pixel where they don't know a size, and some declare the real one elsewhere.
    """
    tiny: set[str] = set()
    larger: set[str] = set()
    for stem, width, height in _declared_sizes(page):
        if is_declared_tiny(width, height):
            tiny.add(stem)
        elif width and height:
            larger.add(stem)
    return tiny - larger


def _declared_sizes(page: Page) -> Iterator[tuple[str, Any, Any]]:
    """Yield the stems of the pictures that the page's head declares, with their width and height."""
    in_open_graph = stem_of(page.absolute(page.meta("og:image")))
    yield (
        in_open_graph,
        page.meta("og:image:width"),
        page.meta("og:image:height"),
    )
    for image in _images_in_linked_data(page):
        for stem in _image_stems(page, image):
            yield stem, image.get("width"), image.get("height")


def _images_in_linked_data(page: Page) -> Iterator[Object]:
    """Yield the objects of a page's JSON-LD that describe pictures."""
    for node in page.linked_data:
        yield from objects_in(node.get("image"), page.objects)
        if "ImageObject" in types_of(node):
            yield node


def _source(page: Page, image: Any) -> str:
    """Return the address of a photo that an image shows; "" if it shows none."""
    sources = [image.get(name) or "" for name in _SOURCES]
    absolute = map(page.absolute, (*sources, _largest_source(image)))
    return next(filter(is_photo_address, absolute), "")


def _largest_source(image: Any) -> str:
    # "harbour-320.jpg 320w, harbour-640.jpg 640w": the largest is usually the last.
    candidates = image.get("srcset") or image.get("data-srcset") or ""
    _, _, largest = candidates.rpartition(",")
    address, _, _ = largest.strip().partition(" ")
    return str(address)


# --- Images on the page


def _content_images(page: Page) -> Iterator[Any]:
    """Yield the images that may be the lead picture: none in the page's frame, no portraits of
    authors, no teasers.
    """
    for image in islice(page.root.iter("img"), _MAX_IMAGES):
        around = list(islice(image.iterancestors(), 8))
        if any(map(_is_frame, around)):
            continue
        nearest = (image, *around[:2])
        if not any(is_named(element, _NOT_LEAD) for element in nearest):
            yield image


def _is_frame(element: Any) -> bool:
    # A header with the headline belongs to the article, any other one to the site.
    if element.tag == "header":
        return element.find(".//h1") is None
    return element.tag in _FRAME_TAGS


def _alternative_text(page: Page, image: Any, title: str) -> str:
    candidates = []
    if image is not None:
        candidates.append(tidy_spaces(image.get("alt") or ""))
    candidates += page.contents("og:image:alt", "twitter:image:alt")
    fitting = (alt for alt in candidates if _describes(alt, title))
    return next(fitting, "")


def _describes(alt: str, title: str) -> bool:
    """Whether an alternative text describes a picture, and doesn't just repeat the headline."""
    if len(alt) < _MIN_ALT or alt.startswith(("http:", "https:")):
        return False
    key = compact(alt)
    if key == compact(title):
        return False
    # "hero image" and "featured photo" describe nothing.
    for prefix in _GENERIC_PREFIXES:
        key = key.removeprefix(prefix)
    return describes(alt) and describes(key)


# --- Caption and credit


def _texts_about(page: Page, address: str, image: Any) -> _PictureTexts:
    """Return the texts beside the image that shows a picture, if any does, else those in JSON-LD."""
    beside = _PictureTexts() if image is None else _texts_beside(image)
    declared = _in_linked_data(page, address)
    return _PictureTexts(
        beside.caption or declared.caption, beside.credit or declared.credit
    )


def _texts_beside(image: Any) -> _PictureTexts:
    figure = _figure(image)
    if figure is None:
        return _PictureTexts()
    parts = list(islice(figure.iter(*_TEXT_TAGS), _MAX_PARTS))
    credited = list(map(text_of, filter(_is_credit, parts)))
    credit = next(filter(None, map(_credit_line, credited)), "")
    lines = _without_credits(_caption(figure, parts), credited)
    credit_in_caption, caption = split_credit_in_lines(lines)
    return _PictureTexts(caption[:_MAX_CAPTION], credit or credit_in_caption)


def _caption(figure: Any, parts: Sequence[Any]) -> list[str]:
    """Return the lines of the caption in a figure."""
    captions = list(figure.iter("figcaption")) or filter(_is_caption, parts)
    return next(filter(None, map(lines_of, captions)), [])


def _without_credits(
    lines: Sequence[str], credited: Sequence[str]
) -> Sequence[str]:
    """Return the lines of a caption without the texts at its end that are marked up as credits."""
    whole = " ".join(lines)
    rest = whole
    for text in credited:
        rest = rest.removesuffix(text).rstrip(" (|–—-")
    return lines if rest == whole else [rest]


def _figure(image: Any) -> Any:
    """Return the element that contains an image and the texts about it; None if there is none."""
    for element in islice(image.iterancestors(), 5):
        if element.tag == "figure":
            return element
        if element.tag == "div":
            parts = islice(element.iter(*_CAPTION_TAGS), 1, 20)
            if any(map(_is_caption, parts)):
                return element
    return None


def _is_caption(element: Any) -> bool:
    if is_named(element, _CAPTIONS):
        return True
    parts = naming_parts(element)
    return "cap" in parts or any(part.startswith("descrip") for part in parts)


def _is_credit(element: Any) -> bool:
    if element.get("itemprop") in _CREDIT_PROPERTIES:
        return True
    if is_named(element, _CREDITS):
        return True
    return _CREDITED_MEDIA.search(naming_words(element)) is not None


def _credit_line(text: str) -> str:
    if len(text) > _MAX_CREDIT_LINE:
        return ""
    credit, _ = split_credit(text)
    return credit or strip_label(text)


def _credit_of_first_figure(images: Sequence[Any]) -> str:
    """Return the first figure's credit: pages often share a photo under a different file name."""
    for image in images[:12]:
        if _figure(image) is not None and is_large(image):
            return _texts_beside(image).credit
    return ""


def _in_linked_data(page: Page, address: str) -> _PictureTexts:
    """Return a picture's texts in JSON-LD."""
    stem = stem_of(address)
    for image in _images_in_linked_data(page):
        if stem in _image_stems(page, image):
            return _declared_texts(image)
    return _PictureTexts()


def _image_stems(page: Page, image: Object) -> Iterator[str]:
    for address in addresses_in(image, {}):
        yield stem_of(page.absolute(address))


def _declared_texts(image: Object) -> _PictureTexts:
    descriptions = texts_of(image, "caption", "description")
    description = tidy_spaces(next(descriptions, ""))
    credit_in_caption, caption = split_credit(description)
    credit = _declared_credit(image) or credit_in_caption
    return _PictureTexts(caption[:_MAX_CAPTION], credit)


def _declared_credit(image: Object) -> str:
    for credit in texts_of(image, *_CREDIT_FIELDS):
        if not credit.startswith("http"):
            return strip_label(tidy_spaces(credit))
    return ""
