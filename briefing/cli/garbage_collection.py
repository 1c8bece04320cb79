"""How often Python's garbage collector looks for reference cycles. By default, it does after every 700
new objects, and among all objects when the process ends.
"""

import atexit
import gc

RARELY = 500_000
"""New objects. Only a command that reads a long list makes more, and few of those are in cycles."""
NOW_AND_THEN = 50_000


def run_rarely() -> None:
    """For a command: with Python's defaults, a check takes a fifth longer and a send to many readers a
    twentieth.
    """
    gc.set_threshold(RARELY)
    atexit.register(gc.freeze)


def run_now_and_then() -> None:
    """For a server, whose memory must not grow."""
    gc.set_threshold(NOW_AND_THEN)
