"""Photos and logos: an untrusted file in, a small clean picture out.

The result is encoded anew from its pixels alone, so that no EXIF, GPS, XMP, IPTC, colour profile, comment or trailing
byte of the original survives.
"""

import contextlib
import hashlib
import html
import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, ImageOps, IptcImagePlugin, UnidentifiedImageError

from briefing.errors import PictureError

COLUMN = 552
"""CSS pixels that a photo in a mail is wide: the mail's 600 less its margins."""
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 25_000_000
TOO_MANY_PIXELS = f"has more than {MOST_PIXELS // 1_000_000} megapixels; make it smaller first"
LONGEST_CREDIT = 120
LONGEST_SIDE = 65_000
"""JPEG has room for little more."""
DRAWING = 4096
"""Colours that a picture has at most of which PNG could be the smaller form."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

# Control characters and those that turn the direction of writing: no credit needs them.
_STEERS = re.compile("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# How much a picture is made smaller to keep a mail within its budget: (JPEG quality, pixels a CSS pixel), best first.
STEPS = ((82, 2.0), (72, 2.0), (62, 2.0), (62, 1.5), (50, 1.5), (50, 1.2), (40, 1.0))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to travel in a mail."""

    data: bytes
    type: str
    """`image/jpeg` or `image/png`."""
    width: int
    """As shown, in CSS pixels; the data has up to twice as many."""
    height: int

    @property
    def name(self) -> str:
        """The same bytes have the same name; a file name with its ending."""
        ending = "png" if self.type == "image/png" else "jpg"
        return f"{hashlib.sha256(self.data).hexdigest()[:20]}.{ending}"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture file once opened: upright, sRGB, without its metadata, still in full size."""

    image: Image.Image
    path: Path

    def shown(self, width: int, step: int = 0) -> Picture:
        """The picture for a place `width` CSS pixels wide, at one of STEPS; a small one is not blown up."""
        quality, density = STEPS[step]
        shown = min(width, self.image.width)
        pixels = min(round(shown * density), self.image.width)
        height = max(1, round(self.image.height * pixels / self.image.width))
        image = (
            self.image if pixels == self.image.width else self.image.resize((pixels, height), Image.Resampling.LANCZOS)
        )
        data, kind = _encoded(image, quality)
        return Picture(data, kind, shown, max(1, round(self.image.height * shown / self.image.width)))


def open_photo(path: Path) -> Photo:
    """Open a picture file. Raises PictureError with the cure: too large, cut off, of a kind that mails don't show."""
    if path.exists() and not path.is_file():
        raise PictureError(path, "is no file; put a picture there")
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise PictureError(
            path, "there is no such picture; put it beside the issue, or take out its 'image:' line"
        ) from None
    except OSError as error:
        raise PictureError(path, f"can't be read: {error.strerror}") from error
    return photo_in(data, path)


def photo_in(data: bytes, path: Path) -> Photo:
    """A photo out of the bytes of its file, as open_photo; `path` is what an error calls it."""
    if len(data) > MOST_BYTES:
        raise PictureError(path, f"is larger than {MOST_BYTES // 1024 // 1024} MB; make it smaller first")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of badly written notes, which are left out, and of a size that is refused
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise PictureError(path, TOO_MANY_PIXELS)
                if max(image.size) > LONGEST_SIDE:
                    raise PictureError(path, f"has a side of more than {LONGEST_SIDE} pixels; cut it into pieces")
                image.load()
                return Photo(_pixels_only(image), path)
    except Image.DecompressionBombError as error:
        raise PictureError(path, TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PictureError(path, "is no picture that a mail can show; save it as JPEG or PNG") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise PictureError(path, "is damaged or cut off; get it once more") from error


def credit_in(data: bytes) -> str:
    """Who is to be named for a picture, as its file says it: IPTC's credit, copyright or by-line, XMP's, EXIF's.

    Empty where it says nothing, or can't be read. Read before the picture is made clean, which takes all of it away.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                found = [*_iptc(image), *_xmp(image), *(str(image.getexif().get(tag, "")) for tag in (33432, 315))]
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError):
        return ""
    lines = (" ".join(_STEERS.sub(" ", text).split()) for text in found)
    return next((line[:LONGEST_CREDIT] for line in lines if line), "")


def _iptc(image: Image.Image) -> list[str]:
    """Credit, copyright notice, by-line (IPTC IIM 4.2: 2:110, 2:116, 2:80)."""
    assert isinstance(image, ImageFile.ImageFile), "it was opened just now"
    fields = IptcImagePlugin.getiptcinfo(image) or {}
    values = (fields.get((2, number), b"") for number in (110, 116, 80))
    return [(value[0] if isinstance(value, list) else value).decode("utf-8", "replace") for value in values]


def _xmp(image: Image.Image) -> list[str]:
    """The same of XMP, by its words: a parser for the little that is wanted would be one more way in."""
    packet = image.info.get("xmp", b"")
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)
    found = []
    for name in ("photoshop:Credit", "dc:rights", "dc:creator"):
        match = re.search(rf'{name}="([^"<>]+)"|<{name}>(?:\s*<[^<>]+>)*\s*([^<>]+)', text[:200_000])
        found.append(html.unescape(match[1] or match[2]) if match else "")
    return found


def _pixels_only(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    transparent = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if transparent else "RGB"
    with contextlib.suppress(Exception):  # damaged notes raise what comes; then the photo is shown as it lies
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits, which convert would cut off at white
    if transparent or image.mode == "P":
        image = image.convert(mode)
    if profile:
        # A damaged profile or one of other colours is left out: the numbers are taken for sRGB, as browsers do.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode) or image
    pixels = image.convert(mode)
    if transparent and pixels.getchannel("A").getextrema() == (255, 255):
        pixels = pixels.convert("RGB")
    return Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())


def _encoded(image: Image.Image, quality: int) -> tuple[bytes, str]:
    """PNG where transparency needs it or it is smaller, JPEG else."""
    jpeg, png = io.BytesIO(), io.BytesIO()
    if image.mode != "RGBA":
        image.save(jpeg, "JPEG", quality=quality, optimize=True, progressive=True)
        if image.getcolors(DRAWING) is None:  # a photo: its PNG would be many times larger, and takes a second
            return jpeg.getvalue(), "image/jpeg"
    image.save(png, "PNG", optimize=True)
    if image.mode == "RGBA" or png.tell() <= jpeg.tell():
        return png.getvalue(), "image/png"
    return jpeg.getvalue(), "image/jpeg"
