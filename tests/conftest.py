"""Fixtures for tests of every layer."""

from pathlib import Path

import pytest

from briefing.newsletter import Newsletter


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    """A newsletter's folder as `briefing init` makes it, in English, without an issue."""
    return Newsletter.create(
        tmp_path / "brief",
        name="Weekly Brief",
        organisation="Example Watch",
        sender="Weekly Brief <brief@example.org>",
    )
