"""A send that waits for its time: which time is meant, and what ends the wait."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefing.errors import BusyError, RefusedError
from briefing.newsletter import Newsletter
from briefing.sending import waiting
from briefing.sending.waiting import Wait, WaitState, WatchedFiles

NOW = dt.datetime(2020, 10, 9, 8, 30, tzinfo=dt.UTC)
WAIT = Wait(
    issue="2020-10-09",
    at=dt.datetime(2020, 10, 10, 8, tzinfo=dt.UTC),
    via="smtp",
    count=250,
)
InZone = Callable[[str], None]


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[InZone]:
    """Sets this computer's time zone for the test."""

    def set_zone(zone: str) -> None:
        changed.setenv("TZ", zone)
        time.tzset()

    with monkeypatch.context() as changed:
        yield set_zone
    time.tzset()


# Which time is meant


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-10-10 08:00+00:00", dt.datetime(2020, 10, 10, 8, tzinfo=dt.UTC)),
        ("2020-10-10T08:00Z", dt.datetime(2020, 10, 10, 8, tzinfo=dt.UTC)),
        (
            " 2020-10-10 08:00+02:00 ",
            dt.datetime(2020, 10, 10, 6, tzinfo=dt.UTC),
        ),
    ],
)
def test_a_time_with_an_offset_is_that_time(text: str, at: dt.datetime) -> None:
    assert waiting.parse_time(text, NOW) == at


def test_without_an_offset_it_is_local_time(in_zone: InZone) -> None:
    in_zone("Asia/Urumqi")
    assert waiting.parse_time("2020-10-10 20:00", NOW) == dt.datetime(
        2020, 10, 10, 14, tzinfo=dt.UTC
    )


def test_without_a_date_it_is_today_here(in_zone: InZone) -> None:
    in_zone("Asia/Tokyo")
    late_in_utc = dt.datetime(2020, 10, 9, 20, 0, tzinfo=dt.UTC)
    assert waiting.parse_time("18:30", late_in_utc) == dt.datetime(
        2020, 10, 10, 9, 30, tzinfo=dt.UTC
    )


def test_a_time_that_has_passed_is_refused(in_zone: InZone) -> None:
    in_zone("UTC")
    with pytest.raises(RefusedError, match="2020-10-09 08:30 UTC has passed"):
        waiting.parse_time("8:30", NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "25:00",
        "2020-10-10",
        "20201010",
        "2020-13-01 08:00",
        "8",
        "08:00 pm",
    ],
)
def test_text_that_isnt_a_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(
        RefusedError, match="isn't a time; write '18:30' for today"
    ):
        waiting.parse_time(text, NOW)


@pytest.mark.parametrize(
    ("zone", "text", "problem", "nearest"),
    [
        (
            "Europe/Berlin",
            "2021-03-28 02:10",
            "doesn't exist",
            "2021-03-28 01:59",
        ),
        (
            "Europe/Berlin",
            "2021-03-28 02:50",
            "doesn't exist",
            "2021-03-28 03:00",
        ),
        (
            "Europe/Berlin",
            "2020-10-25 02:00",
            "exists twice",
            "2020-10-25 01:59",
        ),
        (
            "Europe/Berlin",
            "2020-10-25 02:59",
            "exists twice",
            "2020-10-25 03:00",
        ),
        (
            "America/New_York",
            "2020-11-01 01:31",
            "exists twice",
            "2020-11-01 02:00",
        ),
        (
            "Australia/Lord_Howe",
            "2021-10-03 02:10",
            "doesn't exist",
            "2021-10-03 01:59",
        ),
    ],
)
def test_a_time_at_which_the_clocks_change_is_refused_with_the_nearest_other(
    in_zone: InZone, zone: str, text: str, problem: str, nearest: str
) -> None:
    in_zone(zone)
    with pytest.raises(RefusedError, match=f"{problem} .* once is '{nearest}'"):
        waiting.parse_time(text, NOW)


def test_an_offset_says_which_of_two_equal_times_is_meant(
    in_zone: InZone,
) -> None:
    in_zone("Europe/Berlin")
    assert waiting.parse_time("2020-10-25 02:30+01:00", NOW) == dt.datetime(
        2020, 10, 25, 1, 30, tzinfo=dt.UTC
    )


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Berlin", "2020-10-10 00:30 CEST (2020-10-09 22:30 UTC)"),
        ("Europe/London", "2020-10-09 23:30 BST (22:30 UTC)"),
        ("UTC", "2020-10-09 22:30 UTC"),
    ],
)
def test_a_time_is_shown_in_local_time_and_in_utc(
    in_zone: InZone, zone: str, shown: str
) -> None:
    in_zone(zone)
    at = dt.datetime(2020, 10, 9, 22, 30, tzinfo=dt.UTC)
    assert waiting.format_time(at) == shown


# Waiting


class SleepingClock:
    """A clock that only moves while someone sleeps, and can be made to jump as when a computer is
    suspended.
    """

    def __init__(self, now: dt.datetime) -> None:
        self.time = now
        self.while_asleep: Callable[[], None] = lambda: None
        self.slept = 0.0

    def now(self) -> dt.datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.time += dt.timedelta(seconds=seconds)
        self.while_asleep()


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    """A newsletter with an issue that was begun, a list, and templates of its own."""
    made = Newsletter.create(
        tmp_path / "weekly",
        name="Weekly",
        organisation="Harbour Rights",
        sender="Weekly <weekly@example.org>",
    )
    issue = made.issues / WAIT.issue
    issue.mkdir()
    (issue / "issue.md").write_text("# Weekly\n")
    (made.root / "templates").mkdir()
    (made.root / "templates" / "style.css").write_text("p { margin: 0 }\n")
    return made


@pytest.fixture
def watched(newsletter: Newsletter) -> WatchedFiles:
    return WatchedFiles(newsletter, WAIT.issue, newsletter.subscribers)


def test_it_waits_until_the_time_and_shows_what_is_left(
    watched: WatchedFiles,
) -> None:
    clock = SleepingClock(NOW)
    shown: list[float] = []
    in_time = waiting.until(
        NOW + dt.timedelta(seconds=2.5),
        watched,
        lambda left: shown.append(left.total_seconds()),
        now=clock.now,
        sleep=clock.sleep,
    )
    assert in_time
    assert shown == [2.5, 1.5, 0.5]
    assert clock.slept == 2.5


@pytest.mark.parametrize(
    ("slept", "in_time"),
    [(dt.timedelta(minutes=61), True), (dt.timedelta(minutes=62), False)],
)
def test_after_the_computer_slept_it_is_in_time_within_the_hour(
    watched: WatchedFiles, slept: dt.timedelta, in_time: bool
) -> None:
    clock = SleepingClock(NOW)

    def suspend() -> None:
        clock.time = NOW + slept

    clock.while_asleep = suspend
    at = NOW + dt.timedelta(minutes=1)
    assert (
        waiting.until(
            at, watched, lambda _: None, now=clock.now, sleep=clock.sleep
        )
        is in_time
    )


def _edit_issue(newsletter: Newsletter) -> Path:
    path = newsletter.issues / WAIT.issue / "issue.md"
    path.write_text("# Weakly\n")
    return path


def _add_edition(newsletter: Newsletter) -> Path:
    path = newsletter.issues / WAIT.issue / "issue.ug.md"
    path.write_text("# Weekly\n")
    return path


def _edit_list(newsletter: Newsletter) -> Path:
    path = newsletter.subscribers
    path.write_text(path.read_text() + "new@example.org\n")
    return path


def _edit_settings(newsletter: Newsletter) -> Path:
    path = newsletter.root / "briefing.toml"
    path.write_text(path.read_text() + "\n")
    return path


def _remove_template(newsletter: Newsletter) -> Path:
    path = newsletter.root / "templates" / "style.css"
    path.unlink()
    return path


@pytest.mark.parametrize(
    "change",
    [_edit_issue, _add_edition, _edit_list, _edit_settings, _remove_template],
)
def test_a_changed_file_ends_the_wait(
    newsletter: Newsletter,
    watched: WatchedFiles,
    change: Callable[[Newsletter], Path],
) -> None:
    path = change(newsletter)
    with pytest.raises(RefusedError, match=f"{path.name} was changed while"):
        watched.require_unchanged()


def test_what_doesnt_change_the_send_doesnt_end_the_wait(
    newsletter: Newsletter, watched: WatchedFiles
) -> None:
    """The same bytes saved again, the mark of an open spreadsheet, the record of who unsubscribed."""
    issue = newsletter.issues / WAIT.issue / "issue.md"
    issue.with_name("saved").write_bytes(issue.read_bytes())
    issue.with_name("saved").replace(issue)
    (newsletter.root / ".~lock.subscribers.csv#").write_text("open")
    newsletter.state.mkdir()
    (newsletter.state / "suppressions.csv").write_text("token\n")
    watched.require_unchanged()


# What `status` shows


def test_a_wait_is_known_until_it_has_ended(newsletter: Newsletter) -> None:
    assert waiting.find(newsletter, WAIT.issue) is None
    with waiting.announce(newsletter, WAIT):
        assert waiting.find(newsletter, WAIT.issue) == WAIT
        assert waiting.find(newsletter, "2020-10-02") is None
    assert waiting.find(newsletter, WAIT.issue) is None


def test_a_second_wait_for_the_same_issue_is_refused(
    newsletter: Newsletter,
) -> None:
    with waiting.announce(newsletter, WAIT):
        with (
            pytest.raises(BusyError, match="waits to send issue 2020-10-09"),
            waiting.announce(newsletter, WAIT),
        ):
            pass
        assert waiting.find(newsletter, WAIT.issue) == WAIT


def test_a_wait_that_was_stopped_is_shown_as_stopped(
    newsletter: Newsletter,
) -> None:
    with pytest.raises(KeyboardInterrupt), waiting.announce(newsletter, WAIT):
        raise KeyboardInterrupt
    found = waiting.find(newsletter, WAIT.issue)
    assert found is not None
    assert found.state is WaitState.STOPPED


def test_a_wait_that_was_refused_is_shown_with_the_reason(
    newsletter: Newsletter,
) -> None:
    with pytest.raises(RefusedError), waiting.announce(newsletter, WAIT):
        raise RefusedError("issue.md was changed")
    found = waiting.find(newsletter, WAIT.issue)
    assert found is not None
    assert (found.state, found.reason) == (
        WaitState.REFUSED,
        "issue.md was changed",
    )


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"at": 3}'])
def test_a_damaged_record_is_ignored(
    newsletter: Newsletter, data: bytes
) -> None:
    with pytest.raises(KeyboardInterrupt), waiting.announce(newsletter, WAIT):
        raise KeyboardInterrupt
    (newsletter.state / waiting.FOLDER / "2020-10-09.json").write_bytes(data)
    assert waiting.find(newsletter, WAIT.issue) is None


def test_its_files_are_private(newsletter: Newsletter) -> None:
    with waiting.announce(newsletter, WAIT):
        folder = newsletter.state / waiting.FOLDER
        modes = {path.stat().st_mode & 0o777 for path in folder.iterdir()}
        assert modes == {0o600}
        assert folder.stat().st_mode & 0o777 == 0o700
