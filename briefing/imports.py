"""Import a library without another one that it would load and never need here.

Some take longer to load than a whole check.
"""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import ModuleType


def empty(name: str) -> AbstractContextManager[None]:
    """Let imports in this block find an empty module `name`, unless it is loaded already."""
    return _replaced(name, ModuleType(name))


def missing(name: str) -> AbstractContextManager[None]:
    """Let imports in this block find that `name` isn't installed, unless it is loaded already."""
    return _replaced(name, None)


@contextmanager
def _replaced(name: str, module: ModuleType | None) -> Iterator[None]:
    if name in sys.modules:
        yield
        return
    # None makes an import fail (the import system's reference, "The module cache").
    sys.modules[name] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
