"""Recognise alternative texts that describe nothing."""

import re

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
    ".heif",
    ".avif",
    ".svg",
)
_ENCODED_NAME = re.compile(
    r"(?=.*[\d_])[!-~]{6,}|[^\W_]++(?:[-_]++[^\W_]++){2,}", re.ASCII
)
"""Without spaces, with a number or several parts: "afp_20201008", "vigil-at-the-court"."""
_BUTTONS = frozenset(
    """
    play|play video|watch video|video|watch|listen|zoom|enlarge|enlarge image|click to enlarge|click to expand|close
    open image in gallery|view gallery|gallery|open|expand|share|share this|print|menu|search
    back|next|previous|read more|loading|image may contain|no alternative text|no description available|advertisement
    featured image|article image
    bild vergrößern|vergrößern|abspielen|video abspielen|schließen|teilen|drucken|suche|mehr|weiterlesen|titelbild
    agrandir|agrandir l'image|lire la vidéo|partager|ampliar|ampliar imagen|compartir|reproducir|закрыть|поделиться
    увеличить|смотреть видео|büyüt|paylaş|kapat|oynat
    """.strip()
    .replace("\n    ", "|")
    .split("|")
)
_CAMERA_NAMES = {"img", "dsc"}
_GENERIC = {
    "image",
    "picture",
    "photo",
    "foto",
    "bild",
    "grafik",
    "resim",
    "logo",
}


def describes(alt: str) -> bool:
    """Whether an alternative text can describe a picture: neither a file name, nor just "image 3",
    nor what a button does.
    """
    if is_file_name(alt) or alt.lower().strip(" .:!…") in _BUTTONS:
        return False
    return _without_number(alt) not in _GENERIC


def is_file_name(alt: str) -> bool:
    """Whether an alternative text is only the name of a file: "vigil.jpg", "IMG_2041", "afp_20201"."""
    is_named = alt.lower().endswith(_PICTURE_ENDINGS) and " " not in alt
    if _ENCODED_NAME.fullmatch(alt) and _without_number(alt) not in _GENERIC:
        return True
    return is_named or _without_number(alt) in _CAMERA_NAMES


def _without_number(alt: str) -> str:
    return alt.lower().rstrip("0123456789").rstrip(" _-")
