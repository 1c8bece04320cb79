"""Wait on this computer until the time of a send.

Nothing is locked or frozen meanwhile: at the time, the send is examined as if the command had been given
then. What the editor agreed to must still hold: the files are the same, and there are no more emails than
were confirmed. Fewer are right, since readers who leave get no issue.
"""

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from briefing import clock
from briefing.clock import Now
from briefing.errors import BriefingError, RefusedError, display_path
from briefing.issue import receipt
from briefing.newsletter import Newsletter
from briefing.storage import files, folder_lock

LATEST = dt.timedelta(hours=1)
"""A computer that slept past the time sends by itself for so long; later it asks."""
FOLDER = "waiting"
"""In the newsletter's private folder: a file for each issue that waits, and its lock."""

_MINUTE = dt.timedelta(minutes=1)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")


class WaitState(StrEnum):
    """What became of a wait."""

    WAITING = "waiting"
    STOPPED = "stopped"
    """The program was ended before the time; nothing was sent."""
    REFUSED = "refused"
    """Something prevented the send, or ended it early."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A send that waits, or waited, for its time."""

    issue: str
    at: dt.datetime
    via: str
    count: int
    """Emails that were confirmed."""
    state: WaitState = WaitState.WAITING
    reason: str = ""
    """What prevented it."""


# The time


def parse_time(text: str, now: dt.datetime) -> dt.datetime:
    """Return the time written as `08:00` (today), `2026-11-27 08:00`, or with an offset from UTC.

    Without an offset it is this computer's local time. Raises RefusedError for other text, for a time in the
    past, and for a local time that doesn't exist or exists twice because the clocks change.
    """
    try:
        at = _read_time(text.strip(), now)
    except ValueError:
        raise RefusedError(
            f"'{text}' isn't a time; write '18:30' for today, or '2026-11-27 08:00'"
        ) from None
    if at.tzinfo is None:
        _require_one_meaning(at)
    at = at.astimezone()
    if at <= now:
        raise RefusedError(
            f"{format_time(at)} has passed; choose a later time with its date, or leave out --at to send now"
        )
    return at


def _read_time(text: str, now: dt.datetime) -> dt.datetime:
    """Return the time in a text, without a time zone if it names none. Raises ValueError."""
    if time_of_day := _CLOCK.fullmatch(text):
        today = now.astimezone().date()
        return dt.datetime.combine(
            today, dt.time(int(time_of_day[1]), int(time_of_day[2]))
        )
    day, time_of_day_text = re.split("[T ]", text, maxsplit=1)
    return dt.datetime.fromisoformat(f"{day}T{time_of_day_text}")


def _require_one_meaning(local: dt.datetime) -> None:
    """Raise RefusedError if the clocks skip a local time, or show it twice."""
    meanings = _meanings(local)
    if len(meanings) == 1:
        return
    problem = "exists twice" if meanings else "doesn't exist"
    raise RefusedError(
        f"{local:%Y-%m-%d %H:%M} {problem} because the clocks change; "
        f"the nearest time that exists once is '{_nearest(local):%Y-%m-%d %H:%M}'"
    )


def _meanings(local: dt.datetime) -> set[dt.datetime]:
    """Return the moments, in UTC, at which this computer's clock shows a local time."""
    moments = {local.replace(fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
    return {
        moment
        for moment in moments
        if moment.astimezone().replace(tzinfo=None, fold=0) == local
    }


def _nearest(local: dt.datetime) -> dt.datetime:
    distance = _MINUTE
    while True:
        for candidate in (local + distance, local - distance):
            if len(_meanings(candidate)) == 1:
                return candidate
        distance += _MINUTE


def format_time(at: dt.datetime) -> str:
    """Return a time for people: in local time, with UTC in brackets where that differs."""
    local = at.astimezone()
    shown = f"{local:%Y-%m-%d %H:%M} {local.tzname()}"
    if local.tzname() == "UTC":
        return shown
    utc = at.astimezone(dt.UTC)
    day = "" if local.date() == utc.date() else f"{utc:%Y-%m-%d} "
    return f"{shown} ({day}{utc:%H:%M} UTC)"


# The files


class WatchedFiles:
    """The files that decide what goes out and to whom. While a send waits, none may change."""

    def __init__(
        self, newsletter: Newsletter, issue: str, readers: Path
    ) -> None:
        self._newsletter = newsletter
        self._issue = issue
        self._readers = readers
        self._contents = {path: _digest(path) for path in self._paths()}
        self._stamps = self._look()

    def require_unchanged(self) -> None:
        """Raise RefusedError if a file was changed, added or removed since the wait began."""
        stamps = self._look()
        if stamps == self._stamps:
            return
        for path in {**self._contents, **stamps}:
            if _digest(path) != self._contents.get(path, ""):
                raise RefusedError(
                    f"{display_path(path)} was changed while the send was waiting; "
                    "nothing was sent, run the command again"
                )
        self._stamps = stamps

    def _paths(self) -> Iterator[Path]:
        yield self._newsletter.root / files.NEWSLETTER_FILE
        yield self._readers
        for path in (self._newsletter.issues / self._issue).iterdir():
            if path.name != receipt.FILE and not path.name.startswith("."):
                yield path
        own_templates, _ = self._newsletter.template_folders
        yield from (path for path in own_templates.rglob("*") if path.is_file())

    def _look(self) -> Mapping[Path, tuple[int, ...]]:
        """Return what shows cheaply that a file may have changed."""
        return {path: _stamp(path) for path in self._paths()}


def _digest(path: Path) -> str:
    """Return the digest of a file's content; empty if there is none."""
    try:
        return files.digest(files.read(path))
    except OSError:
        return ""


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


# The wait


@contextmanager
def announce(newsletter: Newsletter, wait: Wait) -> Iterator[None]:
    """Record for `status` that a send waits, and what becomes of it: whatever ends the block without an
    error has sent the issue.

    Raises BusyError if another command waits to send the same issue.
    """
    folder = files.make_private_folder(newsletter.state / FOLDER)
    busy = f"another briefing command waits to send issue {wait.issue}; stop it first, with Ctrl-C"
    with folder_lock.hold(folder, _lock_name(wait.issue), busy):
        _write(newsletter, wait)
        try:
            yield
        except BriefingError as error:
            _write(
                newsletter,
                replace(wait, state=WaitState.REFUSED, reason=str(error)),
            )
            raise
        _path(newsletter, wait.issue).unlink(missing_ok=True)


def find(newsletter: Newsletter, issue: str) -> Wait | None:
    """Return the send of an issue that waits, was stopped or was refused; None if there is none, or if the
    issue was sent at its time.
    """
    data = files.read_own(_path(newsletter, issue), 10_000)
    try:
        stored = json.loads(data)
        wait = Wait(
            issue=issue,
            at=dt.datetime.fromisoformat(stored["at"]),
            via=str(stored["via"]),
            count=int(stored["count"]),
            state=WaitState(stored["state"]),
            reason=str(stored["reason"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
    with folder_lock.while_free(
        newsletter.state / FOLDER, _lock_name(issue)
    ) as free:
        if wait.state is WaitState.WAITING and free:
            return replace(wait, state=WaitState.STOPPED)
    return wait


def find_all(newsletter: Newsletter) -> list[Wait]:
    """Return all sends that wait, were stopped or were refused, the newest issue first."""
    folder = newsletter.state / FOLDER
    issues = sorted((path.stem for path in folder.glob("*.json")), reverse=True)
    found = [find(newsletter, issue) for issue in issues]
    return [wait for wait in found if wait]


def require_agreed(count: int, agreed: int) -> None:
    """Raise RefusedError if there are more emails to send than were agreed to."""
    if count > agreed:
        raise RefusedError(
            f"there are {count:,} emails to send now, and {agreed:,} were confirmed; nothing was sent, run the command "
            "again"
        )


def until(
    at: dt.datetime,
    watched: WatchedFiles,
    show: Callable[[dt.timedelta], None],
    *,
    now: Now = clock.local_now,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Wait until a time; `show` is called every second with the time that is left. Return whether it is
    still within LATEST: this computer may have slept.

    Raises RefusedError as soon as a file has changed.
    """
    # A second at a time, by the clock: a long sleep doesn't count the time for which the computer slept.
    while (left := at - now()) > dt.timedelta(0):
        watched.require_unchanged()
        show(left)
        sleep(min(1.0, left.total_seconds()))
    watched.require_unchanged()
    return now() - at <= LATEST


def _write(newsletter: Newsletter, wait: Wait) -> None:
    stored = {**asdict(wait), "at": wait.at.isoformat()}
    files.write_atomically(
        _path(newsletter, wait.issue),
        json.dumps(stored, ensure_ascii=False).encode(),
        mode=files.PRIVATE_FILE,
    )


def _path(newsletter: Newsletter, issue: str) -> Path:
    return newsletter.state / FOLDER / f"{issue}.json"


def _lock_name(issue: str) -> str:
    return f"{issue}.lock"
