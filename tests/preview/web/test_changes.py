"""A save is noticed, however an editor's program does it."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from briefing.newsletter import Newsletter
from briefing.preview.web.changes import Changes, Watcher
from tests.preview.conftest import SAFETY_NET

Notices = Callable[[Callable[[], object]], bool]
"""Whether a change that a function makes is announced."""


@pytest.fixture
def notices(newsletter: Newsletter, folder: Path) -> Iterator[Notices]:
    changes = Changes()
    watcher = Watcher(newsletter, folder, changes)
    yield from noticing(newsletter, changes, watcher)


def noticing(
    newsletter: Newsletter, changes: Changes, watcher: Watcher
) -> Iterator[Notices]:
    """Run a watcher; yield a function that tries whether it notices something."""

    def is_announced(action: Callable[[], object]) -> bool:
        _let_earlier_changes_arrive(changes)
        seen = changes.count
        action()
        return changes.wait(seen, SAFETY_NET)

    watcher.start()
    try:
        _wait_until_it_watches(newsletter, changes)
        yield is_announced
    finally:
        watcher.stop()


def _wait_until_it_watches(newsletter: Newsletter, changes: Changes) -> None:
    for _ in range(10 * SAFETY_NET):
        (newsletter.root / "briefing.toml").touch()
        if changes.wait(0, 0.1):
            return
    pytest.fail("it doesn't notice anything")


def _let_earlier_changes_arrive(changes: Changes) -> None:
    """Otherwise one of them could pass for the next. On a slow machine that may happen, but fails
    no test.
    """
    while changes.wait(changes.count, 0.1):
        pass


def test_a_save_in_place(notices: Notices, issue: Path) -> None:
    assert notices(lambda: issue.write_text("# Changed\n", "utf-8"))


def test_a_save_by_replacing_the_file(notices: Notices, issue: Path) -> None:
    for number in range(3):
        (issue.parent / "new").write_text(f"# Changed {number}\n", "utf-8")
        assert notices(lambda: (issue.parent / "new").replace(issue))


def test_a_photo(notices: Notices, folder: Path) -> None:
    assert notices(lambda: (folder / "photo.jpg").write_bytes(b""))


def test_the_settings(notices: Notices, newsletter: Newsletter) -> None:
    assert notices(
        lambda: (newsletter.root / "briefing.toml").write_text("", "utf-8")
    )


def test_a_templates_folder_that_is_created_during_the_preview(
    notices: Notices, newsletter: Newsletter
) -> None:
    templates = newsletter.root / "templates"
    assert notices(templates.mkdir)
    assert notices(lambda: (templates / "style.css").write_text("", "utf-8"))
    assert notices((templates / "languages").mkdir)
    assert notices(
        lambda: (templates / "languages" / "ug.po").write_text("", "utf-8")
    )


def test_an_issue_that_is_renamed_and_renamed_back(
    notices: Notices, folder: Path
) -> None:
    away = folder.with_name("2020-10-16")
    assert notices(lambda: folder.rename(away))
    assert notices(lambda: away.rename(folder))
    assert notices(
        lambda: (folder / "issue.md").write_text("# Changed\n", "utf-8")
    )


def test_emails_of_a_rehearsal_are_not_watched(
    newsletter: Newsletter, folder: Path
) -> None:
    (newsletter.rehearsals / "2020-10-09").mkdir(parents=True)
    watched = Watcher(newsletter, folder, Changes()).folders()
    assert newsletter.root in watched
    assert not any(
        path.is_relative_to(newsletter.rehearsals) for path in watched
    )


def test_a_recreated_folder_is_not_the_same_folder(
    newsletter: Newsletter, folder: Path
) -> None:
    watcher = Watcher(newsletter, folder, Changes())
    before = watcher.folders()
    folder.rename(folder.with_name("2020-10-16"))
    folder.mkdir()
    after = watcher.folders()
    assert after[folder] != before[folder]


def test_what_changes_before_the_system_watches_is_noticed_as_well(
    newsletter: Newsletter, folder: Path, issue: Path
) -> None:
    def watch(*folders: Path, **options: Any) -> Iterator[set[object]]:
        issue.write_text("# Changed\n", "utf-8")
        # Nothing is noticed, neither then nor later.
        yield set()
        yield set()
        options["stop_event"].wait()

    changes = Changes()
    watcher = Watcher(newsletter, folder, changes, watch=watch)
    watcher.start()
    assert changes.wait(0, SAFETY_NET)
    watcher.stop()
    assert changes.count == 1


def test_if_the_system_cannot_watch_any_more_folders_they_are_polled(
    newsletter: Newsletter, folder: Path, issue: Path
) -> None:
    def watch(
        *folders: Path, force_polling: bool | None, **options: Any
    ) -> object:
        if not force_polling:
            raise OSError(28, "OS file watch limit reached")
        return watchfiles.watch(
            *folders, force_polling=True, poll_delay_ms=50, **options
        )

    changes = Changes()
    watcher = Watcher(newsletter, folder, changes, watch=watch, retry=0.01)  # type: ignore[arg-type]
    for is_announced in noticing(newsletter, changes, watcher):
        assert is_announced(lambda: issue.write_text("# Changed\n", "utf-8"))


def test_the_end_releases_everyone_who_waits() -> None:
    changes = Changes()
    results: list[bool] = []
    waiting = [
        threading.Thread(
            target=lambda: results.append(changes.wait(0, SAFETY_NET))
        )
        for _ in range(3)
    ]
    for thread in waiting:
        thread.start()
    changes.end()
    for thread in waiting:
        thread.join(SAFETY_NET)
    assert results == [False, False, False]
