"""Recognise alternative texts that describe nothing."""

import re
from pathlib import Path

from briefing.data_files import load_table

_TABLE = load_table(Path(__file__).with_name("alt_texts.toml"))
_PICTURE_ENDINGS = tuple(_TABLE["endings"])
_ENCODED_NAME = re.compile(
    r"(?=.*[\d_])[!-~]{6,}|[^\W_]++(?:[-_]++[^\W_]++){2,}", re.ASCII
)
"""Without spaces, with a number or several parts: "afp_20201008", "vigil-at-the-court"."""


def describes(alt: str) -> bool:
    """Whether an alternative text can describe a picture: neither a file name, nor just "image 3",
    nor what a button does.
    """
    if is_file_name(alt) or alt.lower().strip(" .:!…") in _TABLE["buttons"]:
        return False
    return _without_number(alt) not in _TABLE["generic"]


def is_file_name(alt: str) -> bool:
    """Whether an alternative text is only the name of a file: "vigil.jpg", "IMG_2041", "afp_20201"."""
    is_named = alt.lower().endswith(_PICTURE_ENDINGS) and " " not in alt
    if (
        _ENCODED_NAME.fullmatch(alt)
        and _without_number(alt) not in _TABLE["generic"]
    ):
        return True
    return is_named or _without_number(alt) in _TABLE["cameras"]


def _without_number(alt: str) -> str:
    return alt.lower().rstrip("0123456789").rstrip(" _-")
