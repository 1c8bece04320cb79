"""Only one process holds a lock; another one says what to do."""

from pathlib import Path

import pytest

from briefing.errors import BusyError
from briefing.storage.folder_lock import hold, while_free

BUSY = "somebody else does it; wait"


def test_the_second_one_is_refused_until_the_first_has_finished(
    tmp_path: Path,
) -> None:
    folder = tmp_path / ".briefing"
    with hold(folder, "one.lock", BUSY):
        with (
            pytest.raises(BusyError, match=BUSY),
            hold(folder, "one.lock", BUSY, sleep=lambda _seconds: None),
        ):
            pass
        with hold(folder, "another.lock", BUSY):
            pass
    with hold(folder, "one.lock", BUSY):
        pass
    assert folder.stat().st_mode & 0o777 == 0o700


def test_looking_takes_nothing(tmp_path: Path) -> None:
    with while_free(tmp_path, "one.lock") as is_free:
        assert is_free
    assert not (tmp_path / "one.lock").exists()
    with (
        hold(tmp_path, "one.lock", BUSY),
        while_free(tmp_path, "one.lock") as is_free,
    ):
        assert not is_free
