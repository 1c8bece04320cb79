"""Name the files of items' pictures, and the folder in which a browser saves those of a page."""

import re
from collections.abc import Container
from itertools import count
from pathlib import Path

from briefing.text.normal_forms import normalized

from .comparing import fold

_LONGEST_NAME = 48

_APOSTROPHE = re.compile("['’ʼ`]")
_NO_WORD = re.compile(r"[^\w\s]")
_LATIN_WORD = re.compile("[a-z0-9]+")


def picture_name(
    heading: str,
    document: str,
    suffix: str,
    taken: Container[str],
) -> str:
    """Return a file name for an item's picture that isn't taken: made from the headline, else from the
    document's name.
    """
    stem = _slug(heading) or _slug(Path(document).stem) or "photo"
    name = f"{stem}.{suffix}"
    numbers = count(2)
    while name in taken:
        name = f"{stem}-{next(numbers)}.{suffix}"
    return name


def saved_folder(page: str) -> str:
    """Return the name of the folder in which a browser saves the pictures of a page, by that of its file."""
    return f"{Path(page).stem}_files"


def _slug(text: str) -> str:
    """Return a text as a file name of lower-case Latin letters, digits and hyphens; "" if it has no Latin
    letters or digits.
    """
    words = _NO_WORD.sub(" ", _APOSTROPHE.sub("", fold(text)))
    plain = normalized("NFKD", words).encode("ascii", "ignore").decode()
    slug = ""
    for word in _LATIN_WORD.findall(plain):
        longer = f"{slug}-{word}".strip("-")
        if slug and len(longer) > _LONGEST_NAME:
            break
        slug = longer[:_LONGEST_NAME]
    return slug
