"""The database keeps requests in order, each until the editors have had it for a month."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import BriefingError, FileError
from briefing.joining import store as module
from briefing.joining.counters import Counter
from briefing.joining.protocol import KEPT_DAYS, Mode, RequestKind, token_digest
from briefing.joining.store import Store

DAY = dt.date(2020, 10, 9)
A, B = token_digest("a"), token_digest("b")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".briefing" / "joining.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


def bodies(store: Store) -> list[str]:
    return [each.body for each in store.batch(0, Mode.OPEN).requests]


def send_tokens(store: Store, *digests: bytes, upload: int = 1) -> None:
    store.add_tokens(upload, b"".join(digests))
    assert store.use_tokens(upload, len(digests))


class TestRequests:
    def test_acknowledged_ones_go_after_a_month(self, store: Store) -> None:
        store.add(RequestKind.FIND, "first", DAY)
        store.add(RequestKind.FIND, "second", DAY)
        store.acknowledge(1, DAY)
        last = DAY + dt.timedelta(days=KEPT_DAYS)
        store.acknowledge(0, last)
        assert bodies(store) == ["first", "second"]
        store.acknowledge(0, last + dt.timedelta(days=1))
        assert bodies(store) == ["second"]

    def test_no_number_is_used_twice(self, store: Store) -> None:
        send_tokens(store, A)
        for _ in range(3):
            store.leave(A, DAY)
            store.leave(B, DAY)
        (request,) = store.batch(0, Mode.OPEN).requests
        assert request.id == 5

    def test_a_flood_of_one_kind_leaves_room_for_others(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        most = {RequestKind.QUEUED: 3, RequestKind.FIND: 3, RequestKind.JOIN: 3}
        monkeypatch.setattr(module, "MOST_WAITING", most)
        taken = [store.add(RequestKind.QUEUED, str(n), DAY) for n in range(5)]
        assert taken == [True, True, True, False, False]
        assert store.add(RequestKind.JOIN, "join", DAY)
        assert store.add(RequestKind.FIND, "find", DAY)
        send_tokens(store, A)
        assert store.leave(A, DAY)
        store.acknowledge(1, DAY)
        assert store.add(RequestKind.QUEUED, "later", DAY)

    def test_before_any_tokens_came_only_so_many_are_kept(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "MOST_UNMATCHED", 3)
        digests = [token_digest(str(n)) for n in range(5)]
        kept = [
            store.leave(digests[0], DAY),
            store.add_for_token(digests[1], RequestKind.CHANGE, "change", DAY),
            store.add_for_token(digests[2], RequestKind.UNDO, "undo", DAY),
            store.add_for_token(digests[3], RequestKind.CHANGE, "change", DAY),
            store.leave(digests[4], DAY),
        ]
        assert kept == [True, True, True, False, False]

    def test_a_link_confirms_once(self, store: Store) -> None:
        assert store.confirm(A, DAY)
        assert not store.confirm(A, DAY)
        assert store.confirm(B, DAY)
        store.acknowledge(0, DAY + dt.timedelta(days=1))
        assert store.confirm(A, DAY)


def add_and_fail(store: Store) -> None:
    store.add(RequestKind.FIND, "lost", DAY)
    raise ZeroDivisionError


class TestTransactions:
    def test_what_fails_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.transaction():
            add_and_fail(store)
        assert bodies(store) == []

    def test_a_part_that_fails_leaves_the_others(self, store: Store) -> None:
        with store.transaction():
            with store.part():
                store.add(RequestKind.FIND, "first", DAY)
            with pytest.raises(ZeroDivisionError), store.part():
                add_and_fail(store)
            with store.part():
                store.add(RequestKind.FIND, "second", DAY)
        assert bodies(store) == ["first", "second"]

    def test_each_commit_is_flushed_to_the_disk(
        self, store: Store, path: Path
    ) -> None:
        (level,) = store._db.execute("PRAGMA synchronous").fetchone()
        (mode,) = store._db.execute("PRAGMA journal_mode").fetchone()
        assert (level, mode) == (2, "wal")


class TestTokens:
    def test_old_ones_are_deleted_in_slices(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_DELETED_AT_ONCE", 2)
        old = [token_digest(str(n)) for n in range(5)]
        abandoned = [token_digest(str(n)) for n in range(10, 13)]
        send_tokens(store, *old, upload=7)
        store.add_tokens(1, b"".join(abandoned))
        send_tokens(store, B, upload=3)
        slices = 0
        while store.delete_old_tokens():
            slices += 1
        assert slices == 5
        (left,) = store._db.execute("SELECT count(*) FROM tokens").fetchone()
        assert left == 1
        assert store.knows(B)
        assert not store.knows(old[0])

    def test_with_none_there_are_none_to_delete(self, store: Store) -> None:
        assert not store.delete_old_tokens()
        send_tokens(store)
        assert not store.delete_old_tokens()


def test_mode_and_counters_are_kept(store: Store, path: Path) -> None:
    store.set_mode(Mode.CLOSED, by_itself=True)
    for counter in (Counter.LEFT, Counter.LEFT, Counter.FULL):
        store.count(counter)
    name = store.name
    later = Store(path)
    assert later.mode() == (Mode.CLOSED, True)
    batch = later.batch(0, Mode.CLOSED)
    assert batch.counters == {"left": 2, "full": 1}
    assert later.name == name
    later.close()


class TestOpening:
    def test_a_damaged_file_is_named_with_what_to_do(self, path: Path) -> None:
        path.parent.mkdir()
        path.write_bytes(b"no database" * 1000)
        with pytest.raises(FileError, match="move it away, start the server"):
            Store(path)

    def test_no_link_is_followed(self, path: Path, tmp_path: Path) -> None:
        path.parent.mkdir()
        path.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(BriefingError, match="is a link"):
            Store(path)

    def test_one_that_was_never_finished_is_made_again(
        self, path: Path
    ) -> None:
        path.parent.mkdir()
        sqlite3.connect(path).close()
        path.touch()
        store = Store(path)
        assert len(store.name) == 16
        store.close()
