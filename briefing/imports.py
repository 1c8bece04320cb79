"""Import a library without another one that it never needs here, or find its file without importing
it. Some take longer to load than a whole check.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any


def empty(name: str, **contents: object) -> AbstractContextManager[None]:
    """Let imports in this block find a module `name` with nothing in it but `contents`, unless it is
    loaded already. Other threads that import it meanwhile find the same.
    """
    module = ModuleType(name)
    vars(module).update(contents)
    return _replaced(name, module)


def later(
    name: str, load: Callable[[], ModuleType]
) -> AbstractContextManager[None]:
    """Let imports in this block find a module `name`, unless it is loaded already, that is loaded with
    `load` each time something in it is used. Only `import NAME` works with it, not `from NAME import …`.
    """
    return _replaced(name, _LaterModule(name, load))


class _LaterModule(ModuleType):
    def __init__(self, name: str, load: Callable[[], ModuleType]) -> None:
        super().__init__(name)
        self._load = load

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)


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


def file_of(name: str) -> Path:
    """Return the file of an installed module; only the packages that it is in are imported."""
    spec = find_spec(name)
    assert spec
    assert spec.origin
    return Path(spec.origin)


@contextmanager
def lasting() -> Iterator[None]:
    """Import much in this block, for as long as the program runs: Python doesn't look for garbage in
    it, then or later, which takes it a tenth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
