"""Where the next sync goes on is remembered, and days that the server can't have meant do no harm."""

import datetime as dt
import stat

import pytest

from briefing.errors import FileError
from briefing.newsletter import Newsletter
from briefing.syncing.server import server_position
from briefing.syncing.server.server_position import (
    FILE,
    ServerPosition,
    believable,
)

TODAY = dt.date(2020, 10, 12)


class TestFile:
    def test_it_is_read_as_it_was_written_and_private(
        self, newsletter: Newsletter
    ) -> None:
        assert server_position.read(newsletter) == ServerPosition()
        position = ServerPosition(
            "f" * 16, 7, "x", "2020-10-09", (2, 5), (1, 3), 1
        )
        server_position.write(newsletter, position)
        assert server_position.read(newsletter) == position
        mode = (newsletter.state / FILE).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    @pytest.mark.parametrize(
        "text", ["", "{}", "[]", '{"store": "", "last": "x"}']
    )
    def test_a_damaged_one_is_reported(
        self, newsletter: Newsletter, text: str
    ) -> None:
        newsletter.state.mkdir(0o700, exist_ok=True)
        (newsletter.state / FILE).write_text(text, "utf-8")
        with pytest.raises(FileError, match="delete it"):
            server_position.read(newsletter)


class TestDays:
    @pytest.mark.parametrize(
        ("given", "earliest", "believed"),
        [
            pytest.param("", "", "", id="none"),
            pytest.param("05 05 07", "", "05 05 07", id="all are right"),
            pytest.param("05 03 07", "", "05 05 07", id="set back"),
            pytest.param("03 07", "05", "05 07", id="set back since a sync"),
            pytest.param("05 99 99 07", "", "05 07 07 07", id="ahead"),
            pytest.param("05 99", "", "05 12", id="ahead until now"),
            pytest.param("05 99 03 07", "", "05 05 05 07", id="both"),
            pytest.param("05 07", "99", "05 07", id="ahead at the last sync"),
        ],
    )
    def test_none_is_in_the_future_or_before_an_earlier_one(
        self, given: str, earliest: str, believed: str
    ) -> None:
        days = [_day(day) for day in given.split()]
        result = believable(days, earliest and _day(earliest), TODAY)
        assert [f"{day:%d}" for day in result] == believed.split()


def _day(day: str) -> str:
    """Return a day of October, or of a year far ahead."""
    return "2999-01-01" if day == "99" else f"2020-10-{day}"
