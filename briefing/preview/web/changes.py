"""Watch a newsletter's folders, and notify the waiting pages when a file is saved."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from pathlib import Path
from typing import Any

import watchfiles

from briefing.newsletter import Newsletter

from .stamps import Stamp, stamp

QUIET = 50
"""Milliseconds without another change after which a save is considered complete."""

LOOK = 500
"""Milliseconds after which the files are compared, if nothing was noticed: a change may come before
the system watches, and systems don't notice all changes in shared folders.
"""

RETRY = 0.5
"""Seconds to wait before trying again to watch folders."""


class Changes:
    """Counts the changes of all open issues. Threads wait for the next one; `end` releases all of
    them.
    """

    def __init__(self, issue: str = "") -> None:
        """`issue` is the id of the one whose changes are announced here."""
        self._issue = issue
        # All issues share these.
        self._latest: dict[str, int] = {}
        """What the count was at the latest change of each issue, by its id."""
        self._end = threading.Event()
        self._condition = threading.Condition()

    def of(self, issue: str) -> "Changes":
        """Return the same counts, for announcing changes of another issue."""
        other = copy(self)
        other._issue = issue
        return other

    @property
    def count(self) -> int:
        with self._condition:
            return max(self._latest.values(), default=0)

    @property
    def ended(self) -> bool:
        return self._end.is_set()

    def announce(self) -> None:
        """Report a change of this issue."""
        with self._condition:
            self._latest[self._issue] = self.count + 1
            self._condition.notify_all()

    def end(self) -> None:
        """Report that there will be no more changes."""
        with self._condition:
            self._end.set()
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> bool:
        """Wait for more than `seen` changes, the end, or the time-out. Return whether there are
        more.
        """
        with self._condition:
            self._condition.wait_for(
                lambda: self.count > seen or self.ended, seconds
            )
            return self.count > seen

    def since(self, seen: int) -> tuple[int, list[str]]:
        """Return the count, and the issues that were changed since it was `seen`."""
        with self._condition:
            latest = self._latest.items()
            return self.count, [issue for issue, at in latest if at > seen]


class Watcher:
    """A thread that announces every change in the folders of an issue and its newsletter."""

    def __init__(
        self,
        newsletter: Newsletter,
        folder: Path,
        changes: Changes,
        *,
        watch: Callable[..., Iterable[Any]] = watchfiles.watch,
        retry: float = RETRY,
    ) -> None:
        self._newsletter = newsletter
        self._folder = folder
        self._changes = changes
        self._watch = watch
        self._retry = retry
        self._state = self._files()
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            name="preview-watcher",
            daemon=True,
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, and wait for it."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        poll: bool | None = None  # watchfiles decides
        while not self._stopped.is_set():
            try:
                self._announce_changes(self.folders(), poll)
            except FileNotFoundError:  # a folder disappeared just now
                self._stopped.wait(self._retry)
            except (
                OSError,
                RuntimeError,
            ):
                # The system can't watch any more folders, so read them again and again.
                poll = True
                self._stopped.wait(self._retry)

    def _announce_changes(
        self, folders: dict[Path, int], poll: bool | None
    ) -> None:
        """Announce changes until the set of folders changes, or the watcher is stopped."""
        for noticed in self._watch(
            *folders,
            recursive=False,
            step=QUIET,
            stop_event=self._stopped,
            raise_interrupt=False,
            force_polling=poll,
            ignore_permission_denied=True,
            rust_timeout=LOOK,
            yield_on_timeout=True,
        ):
            state = self._files()
            if noticed or state != self._state:
                self._state = state
                self._changes.announce()
            if self.folders() != folders:
                return

    def _files(self) -> Stamp:
        return stamp(folders_of(self._newsletter, self._folder))

    def folders(self) -> dict[Path, int]:
        """Return the folders that the preview depends on, with their inodes, which change if a
        folder is recreated.

        Below the newsletter's own folder only these are walked: it may have a rehearsal of
        many thousand emails.
        """
        folders = {}
        for folder in folders_of(self._newsletter, self._folder):
            if folder.is_dir():
                folders[folder] = folder.stat().st_ino
        return folders


def folders_of(newsletter: Newsletter, issue: Path) -> Iterator[Path]:
    """Yield the folders that the email of an issue depends on; some may be missing."""
    yield newsletter.root
    yield issue.parent
    for top in (issue, *newsletter.template_folders):
        for path, _, _ in os.walk(top):
            yield Path(path)
