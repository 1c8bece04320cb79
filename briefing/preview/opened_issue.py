"""An issue that is open on the page: its app, and what runs for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from briefing.newsletter import Newsletter

from .app import create
from .bare_app import ReportLine
from .desk.desk import Desk
from .mail.snapshots import Snapshots
from .web.access import Access
from .web.changes import Changes, Watcher


@contextmanager
def opened_issue(
    newsletter: Newsletter,
    folder: Path,
    access: Access,
    changes: Changes,
    report: ReportLine,
    *,
    is_read_only: bool,
) -> Iterator[Flask]:
    """Yield the app of an issue, and watch its files until it is left."""
    own_changes = changes.of(folder.name)
    desk = Desk(newsletter, folder, is_read_only=is_read_only)
    snapshots = Snapshots(newsletter, folder, own_changes.announce)
    watcher = Watcher(newsletter, folder, own_changes)
    app = create(desk, snapshots, own_changes, access, report)
    watcher.start()
    try:
        yield app
    finally:
        own_changes.end()
        snapshots.close()
        watcher.stop()
        desk.close()
