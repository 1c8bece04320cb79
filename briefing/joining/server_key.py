"""The server's own key, in a file that only its user can read."""

import secrets
from pathlib import Path

from briefing.errors import BriefingError, display_path
from briefing.storage import files

from .seals import KEY_LENGTH

FILE = "joining.key"


def load(state: Path) -> bytes:
    """Return the key, and make it on first use. A lost one costs little: the links in emails of the last
    days stop working, and people ask for new ones.

    Raises BriefingError if it is damaged or can't be read.
    """
    path = files.make_private_folder(state) / FILE
    files.refuse_links(path)
    try:
        key = files.read(path)
    except FileNotFoundError:
        key = secrets.token_bytes(KEY_LENGTH)
        files.create(path, key, mode=files.PRIVATE_FILE)
    except OSError as error:
        raise BriefingError(
            f"{display_path(path)}: can't be read: {error.strerror}"
        ) from error
    if len(key) != KEY_LENGTH:
        raise BriefingError(
            f"{display_path(path)}: is damaged; delete it, and the server makes a new one (links in the emails of "
            "the last few days will stop working)"
        )
    return key
