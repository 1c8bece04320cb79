"""The database keeps requests in order, each until the editors have had it for a month."""

import datetime as dt
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.errors import BriefingError, FileError
from briefing.joining import store as module
from briefing.joining.protocol import KEPT_DAYS, RequestKind, token_digest
from briefing.joining.store import Store, UnavailableError, Writer

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
    return [each.body for each in store.batch(0).requests]


def add(store: Store, body: str) -> bool:
    """Someone joins, by a link of their own."""
    return store.join(token_digest(body), DAY, body, DAY)


def send_tokens(store: Store, *digests: bytes, upload: int = 1) -> None:
    store.add_tokens(upload, b"".join(digests))
    assert store.use_tokens(upload, len(digests))


class TestRequests:
    def test_acknowledged_ones_go_after_a_month(self, store: Store) -> None:
        add(store, "first")
        add(store, "second")
        store.acknowledge(store.name, 1, DAY)
        last = DAY + dt.timedelta(days=KEPT_DAYS)
        store.acknowledge(store.name, 0, last)
        assert bodies(store) == ["first", "second"]
        store.acknowledge(store.name, 0, last + dt.timedelta(days=1))
        assert bodies(store) == ["second"]

    def test_no_number_is_used_twice(self, store: Store) -> None:
        send_tokens(store, A)
        for _ in range(3):
            store.leave(A, DAY)
            store.leave(B, DAY)
        (request,) = store.batch(0).requests
        assert request.id == 5

    def test_only_so_many_joins_wait_and_all_who_leave(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "MOST_JOINS", 3)
        taken = [add(store, str(number)) for number in range(5)]
        assert taken == [True, True, True, False, False]
        # The link works again once there is room.
        store.acknowledge(store.name, 1, DAY)
        assert add(store, "4")
        assert bodies(store) == ["0", "1", "2", "4"]
        send_tokens(store, A)
        store.leave(A, DAY)
        assert bodies(store)[-1] == A.hex()

    def test_before_any_tokens_came_only_so_many_are_kept(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "MOST_UNMATCHED", 3)
        for digest in (token_digest(str(n)) for n in range(3)):
            store.leave(digest, DAY)
            store.add_for_token(digest, RequestKind.CHANGE, "change", DAY)
        kinds = [each.kind for each in store.batch(0).requests]
        assert kinds == ["leave", "change", "leave"]

    def test_a_link_works_once(self, store: Store) -> None:
        assert store.join(A, DAY, "first", DAY)
        assert store.join(A, DAY, "again", DAY)
        assert bodies(store) == ["first"]
        store.acknowledge(store.name, 0, DAY + dt.timedelta(days=1))
        store.join(A, DAY, "later", DAY)
        assert bodies(store) == ["first", "later"]


def add_and_fail(store: Store) -> None:
    add(store, "lost")
    raise ZeroDivisionError


class TestTransactions:
    def test_what_fails_leaves_nothing(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.transaction():
            add_and_fail(store)
        assert bodies(store) == []

    def test_each_commit_is_flushed_to_the_disk(
        self, store: Store, path: Path
    ) -> None:
        (level,) = store._db.execute("PRAGMA synchronous").fetchone()
        (mode,) = store._db.execute("PRAGMA journal_mode").fetchone()
        assert (level, mode) == (2, "wal")


class TestTokens:
    def test_old_ones_and_those_of_abandoned_uploads_are_deleted(
        self, store: Store
    ) -> None:
        old = [token_digest(str(n)) for n in range(5)]
        send_tokens(store, *old, upload=7)
        store.add_tokens(1, A)
        send_tokens(store, B, upload=3)
        (left,) = store._db.execute("SELECT count(*) FROM tokens").fetchone()
        assert left == 1
        for digest in (old[0], B):
            store.leave(digest, DAY)
        assert bodies(store) == [B.hex()]


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


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    writer = Writer(store)
    yield writer
    writer.close()


def count(writer: Writer) -> int:
    batch = writer.run(lambda store: store.batch(0))
    return len(batch.requests)


def test_many_at_a_time_are_all_kept(writer: Writer) -> None:
    def add() -> None:
        for _ in range(20):
            writer.run(lambda store: store.leave(secrets.token_bytes(32), DAY))

    threads = [threading.Thread(target=add) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(writer) == 320


def test_those_who_wait_share_a_commit(writer: Writer, store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()
    commits: list[str] = []

    def hold(store: Store) -> None:
        store._db.set_trace_callback(commits.append)
        begun.set()
        go_on.wait()

    threads = [threading.Thread(target=writer.run, args=[hold])]
    threads[0].start()
    begun.wait()
    threads += [
        threading.Thread(
            target=writer.run,
            args=[lambda store: store.leave(secrets.token_bytes(32), DAY)],
        )
        for _ in range(50)
    ]
    for thread in threads[1:]:
        thread.start()
    while writer._jobs.qsize() < 50:
        pass
    go_on.set()
    for thread in threads:
        thread.join()
    assert commits.count("COMMIT") == 2
    assert count(writer) == 50


def test_what_fails_is_told_so_and_leaves_nothing(writer: Writer) -> None:
    def fail(store: Store) -> None:
        store.leave(secrets.token_bytes(32), DAY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writer.run(fail)
    assert count(writer) == 0
    writer.run(lambda store: store.leave(secrets.token_bytes(32), DAY))
    assert count(writer) == 1


def test_if_the_disk_fails_everybody_is_told_so(writer: Writer) -> None:
    def fail(_store: Store) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(UnavailableError):
        writer.run(fail)
    assert count(writer) == 0


def test_at_the_end_what_was_asked_for_is_finished(path: Path) -> None:
    writer = Writer(Store(path))

    def add() -> None:
        writer.run(lambda store: store.leave(secrets.token_bytes(32), DAY))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    later = Store(path)
    assert len(bodies(later)) == 8
    later.close()
