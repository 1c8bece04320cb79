"""Import a library without a library that it never uses here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def stand_in(name: str) -> Iterator[None]:
    """Let imports in this block find an empty module instead of `name`, unless that is loaded
    already.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    try:
        yield
    finally:
        del sys.modules[name]
