"""Open a file in the program that this computer uses for it."""

import subprocess
import sys
from pathlib import Path

LONGEST = 5.0
"""Seconds after which the program must be running: some desktops return only when it is closed."""


def open_file(path: Path) -> bool:
    """Whether a program opened the file. What it prints is dropped, as is the desktop's list of all
    the programs that it tried.
    """
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    try:
        process = subprocess.Popen(  # noqa: S603  # the desktop's own program
            [opener, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        return process.wait(LONGEST) == 0
    except subprocess.TimeoutExpired:
        return True
    except OSError:
        return False
