"""The records beside a list, empty."""

from pathlib import Path

import pytest

from briefing.subscribers.moves import Moves
from briefing.subscribers.suppression import Suppression


@pytest.fixture
def suppression(tmp_path: Path) -> Suppression:
    return Suppression(tmp_path / "private" / "suppressions.csv")


@pytest.fixture
def moves(tmp_path: Path) -> Moves:
    return Moves(tmp_path / "private" / "moves.csv")
