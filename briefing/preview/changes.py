"""That a file was saved: noticed in the folders of a newsletter, and told to every page that waits for it."""

import os
import threading
from pathlib import Path

from watchfiles import watch

from briefing.newsletter import Newsletter

QUIET = 50
"""Milliseconds without a further change after which a save is taken to be over."""

RETRY = 0.5
"""Seconds until folders are looked at again that couldn't be watched."""


class Changes:
    """How often something has changed. Threads wait for it; `end` lets all of them go."""

    def __init__(self) -> None:
        self.count = 0
        self.ended = False
        self._condition = threading.Condition()

    def announce(self) -> None:
        """Something has changed."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()

    def end(self) -> None:
        """Nothing will change any more."""
        with self._condition:
            self.ended = True
            self._condition.notify_all()

    def wait(self, seen: int, seconds: float) -> bool:
        """Wait until more than `seen` changes have been announced, or the end, or the time is up; whether there are."""
        with self._condition:
            self._condition.wait_for(lambda: self.count > seen or self.ended, seconds)
            return self.count > seen


class Watcher:
    """A thread that announces every change in the folders of an issue and its newsletter."""

    def __init__(self, newsletter: Newsletter, folder: Path, changes: Changes) -> None:
        self._newsletter = newsletter
        self._folder = folder
        self._changes = changes
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="preview-watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns once it is over."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        poll: bool | None = None  # watchfiles knows best
        while not self._stopped.is_set():
            try:
                self._watch(self._folders(), poll)
            except FileNotFoundError:  # a folder went away at this very moment
                self._stopped.wait(RETRY)
            except (OSError, RuntimeError):  # the system watches no more folders for us: look at them instead
                poll = True
                self._stopped.wait(RETRY)

    def _watch(self, folders: dict[Path, int], poll: bool | None) -> None:
        """Announce changes until other folders are to be watched, or the end."""
        for _ in watch(
            *folders,
            recursive=False,
            step=QUIET,
            stop_event=self._stopped,
            raise_interrupt=False,
            force_polling=poll,
            ignore_permission_denied=True,
        ):
            self._changes.announce()
            if self._folders() != folders:
                return

    def _folders(self) -> dict[Path, int]:
        """The folders whose files make the preview, each with its inode: one made anew has to be watched anew.

        The newsletter's own folder is not walked: it may hold an outbox of many thousand mails.
        """
        walked = (self._folder, *self._newsletter.template_folders)
        below = [Path(path) for top in walked for path, _, _ in os.walk(top)]
        found = {}
        for folder in (self._newsletter.root, self._folder.parent, *below):
            if folder.is_dir():
                found[folder] = folder.stat().st_ino
        return found
