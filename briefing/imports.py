"""Import a library without another one that it never needs here, or find its file without importing
it. Some libraries take longer to load than a whole check.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any


def stub(name: str, **contents: object) -> AbstractContextManager[None]:
    """Let imports in this block find a module `name` that has only `contents`, unless it is loaded
    already. So do imports in other threads during that time.
    """
    module = ModuleType(name)
    vars(module).update(contents)
    return _replaced(name, module)


def lazy(
    name: str, load: Callable[[], ModuleType]
) -> AbstractContextManager[None]:
    """Let imports in this block find a module `name` that calls `load` whenever something in it is used,
    unless it is loaded already. Only `import NAME` works with it, not `from NAME import …`.
    """
    return _replaced(name, _LazyModule(name, load))


class _LazyModule(ModuleType):
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
def gc_paused() -> Iterator[None]:
    """Import much in this block, for as long as the program runs. Python doesn't look for garbage during
    the imports, which would take a tenth of their time, nor later in what they loaded.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
