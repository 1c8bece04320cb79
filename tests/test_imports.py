"""Libraries are imported without others that they would load and never need."""

import gc
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from types import ModuleType

import pytest

from briefing import imports

ABSENT = "xdrlib_of_briefing"
"""A name that no library has."""


def test_an_empty_module_stands_for_one_only_in_the_block() -> None:
    with imports.stub(ABSENT):
        assert not hasattr(import_module(ABSENT), "get")
    with pytest.raises(ModuleNotFoundError):
        import_module(ABSENT)


def test_a_module_can_have_only_what_is_needed_of_it() -> None:
    with imports.stub(ABSENT, double=lambda number: 2 * number):
        module = import_module(ABSENT)
    assert module.double(2) == 4
    assert not hasattr(module, "triple")


def test_a_module_is_loaded_later_when_something_in_it_is_used() -> None:
    loaded: list[ModuleType] = []

    def load() -> ModuleType:
        loaded.append(import_module("colorsys"))
        return loaded[-1]

    with imports.lazy(ABSENT, load):
        module = import_module(ABSENT)
    assert not loaded
    assert module.rgb_to_hsv is import_module("colorsys").rgb_to_hsv
    assert loaded


def test_the_file_of_a_module_is_found_without_importing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    file = imports.file_of("colorsys")
    assert "def rgb_to_hsv" in file.read_text("utf-8")
    assert "colorsys" not in sys.modules


def test_garbage_is_collected_again_after_imports_that_last() -> None:
    with imports.gc_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_module_is_missing_only_in_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with imports.missing("colorsys"), pytest.raises(ModuleNotFoundError):
        import_module("colorsys")
    assert import_module("colorsys").rgb_to_hsv


@pytest.mark.parametrize("replaced", [imports.stub, imports.missing])
def test_a_module_that_is_loaded_stays(
    replaced: Callable[[str], AbstractContextManager[None]],
) -> None:
    with replaced("json"):
        assert import_module("json").dumps
    assert sys.modules["json"].dumps
