"""Turn photos and logos from untrusted files into small pictures without metadata.

Only the pixels are encoded, so no EXIF, GPS, XMP, IPTC, colour profile, comment or trailing byte of
the original survives.
"""

import contextlib
import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from briefing.errors import PictureError
from briefing.jpeg_scans import MOST_SCANS, count_scans

COLUMN = 552
"""Width of a photo in a mail, in CSS pixels: the mail's 600 less its margins."""
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 65_000
"""Pixels. JPEG doesn't allow much more."""
MOST_COLOURS = 4096
"""A picture with more colours than this is a photo, and is never smaller as PNG than as JPEG."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

TOO_MANY_PIXELS = f"has more than {MOST_PIXELS // 1_000_000} megapixels; make it smaller first"

STEPS = (
    (82, 2.0),
    (72, 2.0),
    (62, 2.0),
    (62, 1.5),
    (50, 1.5),
    (50, 1.2),
    (40, 1.0),
)
"""Ways to make pictures smaller, for a mail within its budget: JPEG quality and pixels per CSS
pixel, best first.
"""

SUFFIXES = {"jpg": "image/jpeg", "png": "image/png"}
"""The types of pictures, by `Picture.suffix`."""

UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    Image.DecompressionBombError,
)
"""What Pillow raises for damaged files."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be put into a mail."""

    data: bytes
    type: str
    """`image/jpeg` or `image/png`."""
    width: int
    """In CSS pixels; the data has up to twice as many."""
    height: int

    @property
    def suffix(self) -> str:
        return "png" if self.type == "image/png" else "jpg"

    @property
    def name(self) -> str:
        """A file name that depends only on the bytes."""
        return f"{hashlib.sha256(self.data).hexdigest()[:20]}.{self.suffix}"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in full size: upright, in sRGB, without metadata."""

    image: Image.Image
    path: Path

    def shown(self, width: int, step: int = 0) -> Picture:
        """Return the picture for a place `width` CSS pixels wide, at one of STEPS. Small pictures
        aren't enlarged.
        """
        quality, density = STEPS[step]
        shown_width = min(width, self.image.width)
        pixels = round(shown_width * density)
        image = self._resized(min(pixels, self.image.width))
        data, kind = _encode(image, quality)
        return Picture(data, kind, shown_width, self._height_for(shown_width))

    def _height_for(self, width: int) -> int:
        height = round(self.image.height * width / self.image.width)
        return max(1, height)

    def _resized(self, width: int) -> Image.Image:
        if width == self.image.width:
            return self.image
        return self.image.resize(
            (width, self._height_for(width)),
            Image.Resampling.LANCZOS,
        )


def open_photo(path: Path) -> Photo:
    """Open a picture file. Raises PictureError if it is missing, too large, damaged, or in a format
    that mail programs don't show.
    """
    return photo_in(read_photo(path), path)


def read_photo(path: Path) -> bytes:
    """Return the bytes of a picture file, to be opened by photo_in. Raises PictureError if it is
    missing or can't be read.
    """
    if path.exists() and not path.is_file():
        raise PictureError(path, "isn't a file; put a picture in its place")
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        message = "there is no such picture; put it next to the issue file, or remove its 'image:' line"
        raise PictureError(path, message) from None
    except OSError as error:
        raise PictureError(path, f"can't be read: {error.strerror}") from error


def photo_in(data: bytes, path: Path) -> Photo:
    """Open the bytes of a picture file, like open_photo. `path` is its name in errors."""
    if len(data) > MOST_BYTES:
        raise PictureError(
            path,
            f"is larger than {MOST_BYTES // 1024 // 1024} MB; make it smaller first",
        )
    if count_scans(data) > MOST_SCANS:
        raise PictureError(
            path,
            "is built in a way that takes too long to open; save it again as JPEG",
        )
    try:
        with warnings.catch_warnings():
            # About badly written metadata, and about sizes that are refused below.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _check_size(image, path)
                image.load()
                return Photo(_pixels_only(image), path)
    except Image.DecompressionBombError as error:
        raise PictureError(path, TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PictureError(
            path, "isn't a picture that a mail can show; save it as JPEG or PNG"
        ) from error
    except UNREADABLE as error:
        raise PictureError(
            path, "is damaged or cut off; get it again"
        ) from error


def _check_size(image: Image.Image, path: Path) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(path, TOO_MANY_PIXELS)
    if max(image.size) > LONGEST_SIDE:
        raise PictureError(
            path,
            f"has a side of more than {LONGEST_SIDE} pixels; cut it into pieces",
        )


def _pixels_only(image: Image.Image) -> Image.Image:
    """Return an upright sRGB copy of only the pixels, with transparency only if some need it."""
    profile = image.info.get("icc_profile")
    transparent = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if transparent else "RGB"
    # Damaged metadata can raise anything; then the photo isn't rotated.
    with contextlib.suppress(Exception):
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        # 16 bits per pixel, which convert() alone would clip to white.
        image = image.point(lambda value: value / 256).convert("L")
    if transparent or image.mode == "P":
        image = image.convert(mode)
    if profile:
        image = _in_srgb(image, profile, mode)
    pixels = image.convert(mode)
    if transparent and pixels.getchannel("A").getextrema() == (255, 255):
        pixels = pixels.convert("RGB")
    return Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())


def _in_srgb(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """Apply a colour profile. One that is damaged or for other colours is ignored, as in browsers."""
    from PIL import ImageCms  # noqa: PLC0415  # slow to load; kept pictures need none of it

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return (
            ImageCms.profileToProfile(image, source, target, outputMode=mode)
            or image
        )
    except (ImageCms.PyCMSError, OSError):
        return image


def _encode(image: Image.Image, quality: int) -> tuple[bytes, str]:
    """Return the bytes and their type: PNG if it is transparent or smaller as PNG, else JPEG."""
    if image.mode == "RGBA":
        return _png(image), "image/png"
    jpeg = io.BytesIO()
    image.save(jpeg, "JPEG", quality=quality, optimize=True, progressive=True)
    is_photo = image.getcolors(MOST_COLOURS) is None
    if is_photo:  # compressing it as PNG would waste a second
        return jpeg.getvalue(), "image/jpeg"
    png = _png(image)
    if len(png) <= jpeg.tell():
        return png, "image/png"
    return jpeg.getvalue(), "image/jpeg"


def _png(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()
