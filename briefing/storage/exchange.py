"""Exchange two files in one step, with renameat2 (Linux) or renamex_np (macOS): Python has no function for
it.

Renaming a file over another loses what was saved there since the last look at it. After an exchange,
that file is still there.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

_CURRENT_FOLDER = -100
"""AT_FDCWD: what relative paths are relative to."""
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux (renameat2(2)), and RENAME_SWAP of macOS (renamex_np(2))."""

_Exchange = Callable[[bytes, bytes], int]


def exchange(first: Path, second: Path) -> bool:
    """Exchange two files of a folder; return whether that was possible.

    It isn't where the file system or the operating system can't do it. Raises FileNotFoundError if a
    file is missing.
    """
    function = _system_function()
    if function is None:
        return False
    if function(os.fsencode(first), os.fsencode(second)) == 0:
        return True
    error = ctypes.get_errno()
    # Looking for the files ourselves could find one that was created since.
    if error == errno.ENOENT:
        raise FileNotFoundError(error, os.strerror(error), str(first))
    return False


def _system_function() -> _Exchange | None:
    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            rename = library.renamex_np
            return lambda first, second: int(rename(first, second, _EXCHANGE))
        rename = library.renameat2
    except AttributeError:
        return None
    return lambda first, second: int(
        rename(_CURRENT_FOLDER, first, _CURRENT_FOLDER, second, _EXCHANGE)
    )
