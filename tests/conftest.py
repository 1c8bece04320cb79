"""Fixtures for tests of every layer."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from briefing.newsletter import Newsletter

TESTS = Path(__file__).parent
TOGETHER = {
    "the judges": TESTS / "judges",
    "the installed package": TESTS / "test_installed.py",
    "the preview in a browser": TESTS / "preview" / "test_reload.py",
}
"""Groups of tests that share a slow setup: pytest-xdist runs each group in one process."""


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the marks in the same hook
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        for group, place in TOGETHER.items():
            if item.path.is_relative_to(place):
                item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    """A newsletter's folder as `briefing init` makes it, in English, without an issue."""
    return Newsletter.create(
        tmp_path / "brief",
        name="Weekly Brief",
        organisation="Example Watch",
        sender="Weekly Brief <brief@example.org>",
    )
