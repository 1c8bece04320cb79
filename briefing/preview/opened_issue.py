"""An issue that is open on the page: its app, and what runs for it."""

from pathlib import Path
from types import TracebackType

from briefing.newsletter import Newsletter

from .access import Access
from .app import create
from .bare_app import Report
from .changes import Changes, Watcher
from .desk import Desk
from .snapshots import Snapshots


class OpenedIssue:
    """The app of an issue. The context manager watches its files, and ends everything at the end."""

    def __init__(
        self,
        newsletter: Newsletter,
        folder: Path,
        access: Access,
        changes: Changes,
        report: Report,
        *,
        is_read_only: bool = False,
    ) -> None:
        self._changes = changes.of(folder.name)
        self._desk = Desk(newsletter, folder, is_read_only=is_read_only)
        self._snapshots = Snapshots(newsletter, folder, self._changes.announce)
        self._watcher = Watcher(newsletter, folder, self._changes)
        self.app = create(
            self._desk,
            self._snapshots,
            self._changes,
            access,
            report,
        )

    def __enter__(self) -> "OpenedIssue":
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._changes.end()
        self._snapshots.close()
        self._watcher.stop()
        self._desk.close()
