"""Turn photos and logos from untrusted files into small pictures without metadata.

Only the pixels are encoded, so no EXIF, GPS, XMP, IPTC, colour profile, comment or trailing byte of
the original survives.
"""

import contextlib
import io
import math
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from briefing.errors import PictureError

from .jpeg_scans import MOST_SCANS, count_scans
from .pictures import (
    COLUMN,
    ISO_FILE,
    MOST_BYTES,
    STEPS,
    TALLEST,
    Picture,
    is_heic,
)

MOST_MEGAPIXELS = {"JPEG": 210, "MPO": 210, "AVIF": 65, "HEIF": 65}
"""By format: as many as phones make. A JPEG is decoded at a fraction of its size."""
OTHER_MEGAPIXELS = 25
"""For formats that phones don't use for photos."""
LONGEST_SIDE = 65_000
"""Pixels. JPEG doesn't allow much more."""
MOST_COLOURS = 4096
"""A picture with more colours than this is a photo, and is never smaller as PNG than as JPEG."""
FORMATS: tuple[str, ...] = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""The formats that are opened wherever a photo is from; HEIC only if an editor put it into the folder. Few
pages have HEIC photos, since few browsers show them, and their decoder is attacked more often than others.
"""
ANIMATED_FORMATS = {"GIF", "PNG", "WEBP", "AVIF"}
"""Several pictures in a JPEG or HEIC are taken by cameras: a depth map, a burst."""

# Image.open itself would refuse photos of 200 megapixels; _check_size refuses what is too large.
Image.MAX_IMAGE_PIXELS = max(MOST_MEGAPIXELS.values()) * 1_000_000


_AVIF_FILE = b"ftypavif"

_UNKNOWN = "isn't an image that emails can show; save it as JPEG or PNG"
_HEIC_ELSEWHERE = (
    "is a HEIC photo, which is opened only from the issue's folder; "
    "save it there and write its name after 'image:', or save it as JPEG"
)
_DAMAGED = "is damaged or cut off; get it again"

GAP = 1.5
"""A photo first keeps this many times the pixels that are needed in each direction, so that scaling it
in two steps can't be seen.
"""

UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    RuntimeError,
    Image.DecompressionBombError,
)
"""What Pillow raises for damaged files."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that is upright, in sRGB and without metadata."""

    image: Image.Image
    """In full size, or with enough pixels for an email."""
    path: Path
    size: tuple[int, int]
    """The full width and height, in pixels."""
    is_still: bool = False
    """Whether it is the first frame of an animation."""

    def on_paper(self, colour: str) -> "Photo":
        """Return the picture with a colour in place of transparency: where a mail app darkens
        the background, black letters on it would vanish.
        """
        if self.image.mode != "RGBA":
            return self
        ground = Image.new("RGBA", self.image.size, colour)
        opaque = Image.alpha_composite(ground, self.image)
        return replace(self, image=opaque.convert("RGB"))

    def shown(self, width: int = COLUMN, step: int = 0) -> Picture:
        """Return the picture for a place `width` CSS pixels wide and TALLEST high, at one of STEPS.
        Small pictures aren't enlarged.
        """
        quality, density = STEPS[step]
        scale = _scale_into(self.size, width)
        image = self._resized(min(1.0, scale * density))
        data, kind = _encode(image, quality)
        shown = _scaled(self.size, scale)
        return Picture(data, kind, *shown, quality, self.is_still)

    def _resized(self, scale: float) -> Image.Image:
        size = _scaled(self.size, scale)
        if size == self.image.size:
            return self.image
        return self.image.resize(size, Image.Resampling.LANCZOS)


def _scale_into(size: tuple[int, int], width: int) -> float:
    """Return the factor by which a picture fits into a place `width` wide and TALLEST high."""
    return min(1.0, width / size[0], TALLEST / size[1])


def _scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    width, height = size
    return max(1, round(width * scale)), max(1, round(height * scale))


def photo_in(data: bytes, path: Path, *, allow_heic: bool = False) -> Photo:
    """Open the bytes of a picture file; `path` is its name in errors. Raises PictureError if it is too
    large, damaged, or in a format that mail apps don't show.
    """
    _check_bytes(data, path)
    formats = _formats_of(data, path, allow_heic)
    try:
        with warnings.catch_warnings():
            # About badly written metadata, and about sizes that are refused below.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=formats) as image:
                _check_size(image, path)
                return _photo(image, path)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(path, max(MOST_MEGAPIXELS.values())) from error
    except UnidentifiedImageError as error:
        is_known = is_heic(data) or data[4:12] == _AVIF_FILE
        raise PictureError(path, _DAMAGED if is_known else _UNKNOWN) from error
    except UNREADABLE as error:
        raise PictureError(path, _DAMAGED) from error


def _check_bytes(data: bytes, path: Path) -> None:
    if len(data) > MOST_BYTES:
        raise PictureError(
            path,
            f"is larger than {MOST_BYTES // 1024 // 1024} MB; make it smaller first",
        )
    if count_scans(data) > MOST_SCANS:
        raise PictureError(
            path,
            "takes too long to open; save it again as JPEG",
        )


def _formats_of(data: bytes, path: Path, allow_heic: bool) -> tuple[str, ...]:
    """Return the formats that a file may have, and prepare their decoders. Raises PictureError for a
    HEIC photo that isn't allowed.
    """
    if data[4:8] != ISO_FILE:
        return FORMATS
    if not is_heic(data):
        _prepare_avif()
        return FORMATS
    if not allow_heic:
        raise PictureError(path, _HEIC_ELSEWHERE)
    _prepare_heic()
    return ("HEIF",)


def _prepare_avif() -> None:
    from PIL import AvifImagePlugin  # noqa: PLC0415  # takes milliseconds, and few photos need it

    # A child process may not start threads.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def _prepare_heic() -> None:
    from pillow_heif import register_heif_opener  # noqa: PLC0415  # the same

    register_heif_opener(
        decode_threads=0,
        thumbnails=False,
        depth_images=False,
        aux_images=False,
    )


def _check_size(image: Image.Image, path: Path) -> None:
    most = MOST_MEGAPIXELS.get(image.format or "", OTHER_MEGAPIXELS)
    if image.width * image.height > most * 1_000_000:
        raise _too_many_pixels(path, most)
    if max(image.size) > LONGEST_SIDE:
        raise PictureError(
            path,
            f"is more than {LONGEST_SIDE} pixels wide or high; crop it, or make it smaller",
        )


def _too_many_pixels(path: Path, most: int) -> PictureError:
    return PictureError(
        path, f"has more than {most} megapixels; make it smaller first"
    )


def _photo(image: ImageFile, path: Path) -> Photo:
    """Decode a picture, with no more pixels than an email needs."""
    size = image.size
    is_still = _is_animated(image)
    enough = _enough(size)
    image.draft(None, enough)
    image.load()
    smaller = _reduced(_in_common_mode(image), enough)
    upright = _upright(smaller)
    if upright.size != smaller.size:
        size = size[1], size[0]
    return Photo(_pixels_only(upright), path, size, is_still)


def _is_animated(image: ImageFile) -> bool:
    if image.format not in ANIMATED_FORMATS:
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except UNREADABLE:
        # The second frame is damaged, and only the first is needed.
        return False


def _enough(size: tuple[int, int]) -> tuple[int, int]:
    """Return how many pixels of a picture are kept, in width and height, whichever way it must be
    turned.
    """
    scale = max(_scale_into(size, COLUMN), _scale_into(size[::-1], COLUMN))
    densest = max(density for _, density in STEPS)
    kept = min(1.0, scale * densest * GAP)
    return math.ceil(size[0] * kept), math.ceil(size[1] * kept)


def _reduced(image: Image.Image, enough: tuple[int, int]) -> Image.Image:
    factor = min(image.width // enough[0], image.height // enough[1])
    return image.reduce(factor) if factor > 1 else image


def _upright(image: Image.Image) -> Image.Image:
    # Damaged metadata can raise anything; then the photo isn't rotated.
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _in_common_mode(image: Image.Image) -> Image.Image:
    """Return the picture with a byte for each colour of a pixel, and transparency as a channel."""
    if "A" in image.getbands() or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        # 16 bits per pixel, which convert() alone would clip to white.
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"1", "P"}:
        return image.convert("RGB")
    return image


def _pixels_only(image: Image.Image) -> Image.Image:
    """Return an sRGB copy of only the pixels, with transparency only if some need it."""
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        image = _in_srgb(image, profile, mode)
    pixels = image.convert(mode)
    if mode == "RGBA" and pixels.getchannel("A").getextrema() == (255, 255):
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
