"""Recognise alternative texts that describe nothing."""

_PICTURE_ENDINGS = (
    ".jpg",
    ".jpeg",
    ".png",
    ".gif",
    ".webp",
    ".bmp",
    ".tif",
    ".tiff",
    ".heic",
    ".svg",
)
_CAMERA_NAMES = {"img", "dsc"}
_GENERIC = {"image", "picture", "photo", "foto", "bild", "grafik", "resim", "logo"}


def describes(alt: str) -> bool:
    """Whether an alternative text can describe a picture: neither a file name nor just "image 3"."""
    return not is_file_name(alt) and _without_number(alt) not in _GENERIC


def is_file_name(alt: str) -> bool:
    """Whether an alternative text is only the name of a file: "vigil.jpg", "IMG_2041"."""
    is_named = alt.lower().endswith(_PICTURE_ENDINGS) and " " not in alt
    return is_named or _without_number(alt) in _CAMERA_NAMES


def _without_number(alt: str) -> str:
    return alt.lower().rstrip("0123456789").rstrip(" _-")
