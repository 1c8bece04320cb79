"""A page's lead picture: its address, its credit, its alternative text, and the caption below it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote, urlsplit

from briefing.collecting.web.credits import bare, credit_in
from briefing.collecting.web.linked_data import is_article, nested, texts, types_of
from briefing.collecting.web.page import Page, naming_words, text_of
from briefing.markup import tidy_spaces

_METAS = (
    *("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"),
    *("image", "thumbnail", "sailthru.image.full", "parsely-image-url"),
)
# The name of a picture's file that is the site's, not the piece's.
_OF_SITE = re.compile(
    r"(?:^|[^a-z])(?:(?:site|main|brand|header|footer|publisher|social|share|company)?[-_]?logo(?:s|type|[-_]\w+)?"
    r"|place-?_?holder|sprites?|spacer|blank|pixel|1x1|transparent|favicon|apple-touch-icon|avatars?|gravatar"
    r"|no-?_?(?:image|photo|picture|img|thumb)"
    r"|default[-_]?(?:image|img|share|social|og|thumb\w*|photo|picture|facebook)?"
    r"|(?:og|share|social|facebook|twitter)[-_]?(?:default|fallback)|fallback|missing|loading|loader)(?=[^a-z]|$)",
    re.IGNORECASE,
)
_NO_PHOTO = re.compile(r"\.(?:svgz?|ico|cur|bmp|tiff?|pdf|mp4|webm|m3u8)$", re.IGNORECASE)
_CAPTION = re.compile(r"caption|bildunterschrift|legende|(?:^|[\s_-])(?:cap|descrip\w*)(?:[\s_-]|$)")
_CREDIT = re.compile(
    r"credit|copyright|photograph(?:er|y)|fotograf|bildnachweis|bildquelle|foto-?autor|photo-?author|attribution"
    r"|(?:image|photo|media|img|figure|picture)[-_]*(?:source|by|author)|rights"
)
_CREDITED = frozenset(("copyrightHolder", "creditText", "author"))
_FRAME = frozenset(("nav", "footer", "aside", "form", "button"))
_LAZY = (
    *("data-src", "data-lazy-src", "data-original", "data-hi-res-src", "data-full-src", "data-url", "data-large-file"),
    *("data-lazy", "src"),
)
_NO_LEAD = re.compile(
    r"avatar|author|byline|logo|icon|gravatar|profile|emoji|badge|sponsor|advert|related|teaser|thumb|widget"
)
_SHORTEST_ALT = 4
_SMALLEST = 250  # pixels of the longer side
_MOST_IMAGES = 300
_LONGEST_CAPTION = 500


@dataclass(frozen=True, slots=True)
class LeadPicture:
    """What is known of a page's lead picture; every field may be empty."""

    address: str = ""
    credit: str = ""
    alt: str = ""
    """Its alternative text; the caption where the page gives none."""
    caption: str = ""
    has_own_alt: bool = False
    """Whether the page gives the alternative text, so that it isn't the caption."""


def find_lead_picture(page: Page, title: str = "") -> LeadPicture:
    """The picture that the page shows itself with, and what it says of it."""
    images = [*_images(page)]
    address = next(_told(page), "")
    if address:
        image = next((one for one in images if _stem(_address(page, one)) == _stem(address)), None)
    else:
        image = next((one for one in images if _is_large(one) and _address(page, one)), None)
        address = _address(page, image) if image is not None else ""
    if not address:
        return LeadPicture()
    caption, credit = _below(image) if image is not None else ("", "")
    told_caption, told_credit = _of_linked_data(page, address)
    caption, credit = caption or told_caption, credit or told_credit
    told = [] if image is None else [tidy_spaces(image.get("alt") or "")]
    told += [*page.metas.get("og:image:alt", ()), *page.metas.get("twitter:image:alt", ())]
    alt = next((one for one in told if _says_something(one, title)), "")
    found, alt = credit_in(alt)
    credit = credit or found
    if not credit and image is None:
        credit = _of_first_figure(images)
    return LeadPicture(address, credit, alt or caption, caption, bool(alt))


def _told(page: Page) -> Iterator[str]:
    """The addresses of pictures that the page's head gives, without those of the site."""
    publishers = [one for node in page.linked_data for one in nested(node.get("publisher"))]
    logos = {_stem(page.absolute(one)) for publisher in publishers for one in texts(publisher.get("logo"))}
    raw = [value for name in _METAS for value in page.metas.get(name, ())]
    for node in page.linked_data:
        if is_article(node):
            raw += [*texts(node.get("image")), *texts(node.get("thumbnailUrl"))]
    for one in (*raw, *page.links("image_src")):
        address = page.absolute(one)
        if _is_photo(address) and _stem(address) not in logos:
            yield address


def _is_photo(address: str) -> bool:
    path = unquote(urlsplit(address).path)
    return bool(path.strip("/")) and not _NO_PHOTO.search(path) and not _OF_SITE.search(path.rpartition("/")[2])


def _stem(address: str) -> str:
    """What stays of a picture's address in all its sizes."""
    name = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2]
    name = re.sub(r"\.(?:jpe?g|png|webp|gif|avif).*$", "", name, flags=re.IGNORECASE)
    name = re.sub(r"[-_.@](?:\d{2,4}x\d{2,4}|\d{2,4}w?|scaled|large|medium|small|thumb\w*|master|\dx)$", "", name)
    return name.casefold() if len(name) > 3 else address


def _images(page: Page) -> Iterator[Any]:
    """The pictures that may be a lead: not of the frame, not portraits of authors, not teasers."""
    for image in islice(page.root.iter("img"), _MOST_IMAGES):
        around = [*islice(image.iterancestors(), 8)]
        in_frame = any(one.tag in _FRAME or (one.tag == "header" and one.find(".//h1") is None) for one in around)
        if not in_frame and not any(_NO_LEAD.search(naming_words(one)) for one in (image, *around[:2])):
            yield image


def _address(page: Page, image: Any) -> str:
    sources = image.get("srcset") or image.get("data-srcset") or ""
    raw = [image.get(name) or "" for name in _LAZY] + [sources.rpartition(",")[2].strip().partition(" ")[0]]
    return next((address for address in map(page.absolute, filter(None, raw)) if _is_photo(address)), "")


def _is_large(image: Any) -> bool:
    """Whether it isn't said to be a small one."""
    sizes = [re.match(r"\d{1,5}", image.get(one) or "") for one in ("width", "height")]
    known = [int(size[0]) for size in sizes if size]
    return not known or max(known) >= _SMALLEST


def _figure(image: Any) -> Any:
    """What holds a picture and the words that belong to it."""
    for one in islice(image.iterancestors(), 5):
        if one.tag == "figure":
            return one
        parts = islice(one.iter("div", "p", "span", "figcaption"), 1, 20) if one.tag == "div" else ()
        if any(_CAPTION.search(naming_words(part)) for part in parts):
            return one
    return None


def _below(image: Any) -> tuple[str, str]:
    """The caption and the credit of a picture on the page."""
    figure = _figure(image)
    if figure is None:
        return "", ""
    parts = [*islice(figure.iter("figcaption", "div", "p", "span", "small", "cite", "em", "a"), 60)]
    credited = [one for one in parts if _CREDIT.search(naming_words(one)) or one.get("itemprop") in _CREDITED]
    credit = next((found for found in (_credit(text_of(one)) for one in credited) if found), "")
    captions = [*figure.iter("figcaption")] or [one for one in parts if _CAPTION.search(naming_words(one))]
    caption = next((text for text in map(text_of, captions) if text), "")
    for one in credited:
        caption = caption.removesuffix(text_of(one)).rstrip(" (|–—-")
    found, rest = credit_in(caption)
    if found:
        caption, credit = rest, credit or found
    return caption[:_LONGEST_CAPTION], credit


def _of_first_figure(images: list[Any]) -> str:
    """The credit of the first figure: the same photo is often shown under another name than it is shared with."""
    first = next((one for one in images[:12] if _figure(one) is not None and _is_large(one)), None)
    return _below(first)[1] if first is not None else ""


def _credit(text: str) -> str:
    return (credit_in(text)[0] or bare(text)) if len(text) <= 160 else ""


def _of_linked_data(page: Page, address: str) -> tuple[str, str]:
    """The caption and the credit that JSON-LD gives the picture."""
    for node in page.linked_data:
        for image in (*nested(node.get("image")), *([node] if "ImageObject" in types_of(node) else [])):
            named = [one for name in ("url", "contentUrl", "@id") for one in texts(image.get(name))]
            addresses = {_stem(page.absolute(one)) for one in named}
            if _stem(address) in addresses:
                told = [tidy_spaces(one) for name in ("caption", "description") for one in texts(image.get(name))]
                found, rest = credit_in(told[0] if told else "")
                names = ("creditText", "copyrightHolder", "creator", "author", "copyrightNotice")
                credited = [
                    tidy_spaces(one) for name in names for one in texts(image.get(name)) if not one.startswith("http")
                ]
                return rest[:_LONGEST_CAPTION], bare(credited[0]) if credited else found
    return "", ""


def _says_something(alt: str, title: str) -> bool:
    """Whether an alternative text is one: not the name of a file, not "image", not the headline once more."""
    bare_alt = re.sub(r"[\W_]+", "", alt).casefold()
    return (
        len(alt) >= _SHORTEST_ALT
        and not re.search(r"\.(?:jpe?g|png|webp|gif)$|^https?:|^(?:IMG|DSC)[_-]?\d+", alt, re.IGNORECASE)
        and not re.fullmatch(r"(?:article|featured|lead|hero|main)?(?:image|photo|foto|bild|picture|logo)", bare_alt)
        and bare_alt != re.sub(r"[\W_]+", "", title).casefold()
    )
