"""The pictures that a browser saved with a page."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from briefing.errors import PictureError
from briefing.photos.pictures import read_photo
from briefing.storage import files


def read_picture(address: str, folder: Path) -> bytes | None:
    """Return the file in a page's own folder that a browser saved from a picture's address; None if
    there is none. Symbolic links are not followed out of the folder.
    """
    name = unquote(urlsplit(address).path).rpartition("/")[2]
    try:
        path = files.inside(folder, name)
        return read_photo(path) if path else None
    except (PictureError, OSError, ValueError):
        return None
