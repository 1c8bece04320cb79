"""How often Python looks for objects that refer to each other in a circle and are used by nothing
else: by itself after every 700 new objects, and in all of them at its end.
"""

import atexit
import gc

RARELY = 500_000
"""New objects. A command makes fewer, unless its list is long; then few of them are in circles."""
NOW_AND_THEN = 50_000


def look_rarely() -> None:
    """For a command: with Python's own numbers a check takes a fifth longer, and a send to many
    readers a twentieth.
    """
    gc.set_threshold(RARELY)
    atexit.register(gc.freeze)


def look_now_and_then() -> None:
    """For a server, whose memory must not grow."""
    gc.set_threshold(NOW_AND_THEN)
