"""A save is noticed, however an editor's program does it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import watchfiles

from briefing.newsletter import Newsletter
from briefing.preview import changes as module
from briefing.preview.changes import Changes, Watcher

SOON = 5.0

Noticed = Callable[[Callable[[], object]], bool]


@pytest.fixture
def noticed(newsletter: Newsletter, folder: Path) -> Iterator[Noticed]:
    """Whether doing something is announced soon."""
    changes = Changes()
    watcher = Watcher(newsletter, folder, changes)
    watcher.start()
    _until_it_watches(newsletter, changes)

    def after(action: Callable[[], object]) -> bool:
        _until_quiet(changes)
        seen = changes.count
        action()
        return changes.wait(seen, SOON)

    yield after
    watcher.stop()


def _until_it_watches(newsletter: Newsletter, changes: Changes) -> None:
    attempts = 0
    while not changes.wait(0, 0.1):
        (newsletter.root / "briefing.toml").touch()
        attempts += 1
        assert attempts < 100, "nothing is noticed"


def _until_quiet(changes: Changes) -> None:
    while changes.wait(changes.count, 0.1):
        pass


def test_a_save_in_place(noticed: Noticed, issue: Path) -> None:
    assert noticed(lambda: issue.write_text("# Changed\n", "utf-8"))


def test_a_save_by_a_new_file_under_the_old_name_each_time(noticed: Noticed, issue: Path) -> None:
    for number in range(3):
        (issue.parent / "new").write_text(f"# Changed {number}\n", "utf-8")
        assert noticed(lambda: (issue.parent / "new").replace(issue))


def test_a_photo(noticed: Noticed, folder: Path) -> None:
    assert noticed(lambda: (folder / "photo.jpg").write_bytes(b""))


def test_the_settings(noticed: Noticed, newsletter: Newsletter) -> None:
    assert noticed(lambda: (newsletter.root / "briefing.toml").write_text("", "utf-8"))


def test_a_templates_folder_that_is_made_while_looking(noticed: Noticed, newsletter: Newsletter) -> None:
    templates = newsletter.root / "templates"
    assert noticed(templates.mkdir)
    assert noticed(lambda: (templates / "style.css").write_text("", "utf-8"))
    assert noticed((templates / "languages").mkdir)
    assert noticed(lambda: (templates / "languages" / "ug.po").write_text("", "utf-8"))


def test_an_issue_that_is_renamed_and_comes_back(noticed: Noticed, folder: Path) -> None:
    away = folder.with_name("2020-10-16")
    assert noticed(lambda: folder.rename(away))
    assert noticed(lambda: away.rename(folder))
    assert noticed(lambda: (folder / "issue.md").write_text("# Changed\n", "utf-8"))


def test_mails_in_the_outbox_are_not_watched(newsletter: Newsletter, folder: Path) -> None:
    outbox = newsletter.root / ".briefing" / "outbox" / "new"
    outbox.mkdir(parents=True)
    watched = Watcher(newsletter, folder, Changes())._folders()
    assert newsletter.root in watched
    assert not any(path.is_relative_to(newsletter.root / ".briefing") for path in watched)


def test_where_the_system_watches_no_more_folders_they_are_looked_at(
    newsletter: Newsletter, folder: Path, issue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = watchfiles.watch

    def watch(*folders: Path, force_polling: bool | None, **options: object) -> object:
        if not force_polling:
            raise OSError(28, "OS file watch limit reached")
        return watched(*folders, force_polling=True, poll_delay_ms=50, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "watch", watch)
    monkeypatch.setattr(module, "RETRY", 0.01)
    changes = Changes()
    watcher = Watcher(newsletter, folder, changes)
    watcher.start()
    _until_it_watches(newsletter, changes)
    _until_quiet(changes)
    seen = changes.count
    issue.write_text("# Changed\n", "utf-8")
    assert changes.wait(seen, SOON)
    watcher.stop()


def test_the_end_lets_everybody_go_who_waits() -> None:
    changes = Changes()
    results: list[bool] = []
    waiting = [threading.Thread(target=lambda: results.append(changes.wait(0, 60))) for _ in range(3)]
    for thread in waiting:
        thread.start()
    changes.end()
    for thread in waiting:
        thread.join(SOON)
    assert results == [False, False, False]
