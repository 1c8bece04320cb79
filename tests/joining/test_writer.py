"""Who gets an answer knows that their request is on the disk; one that fails harms no other."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.joining.protocol import Mode, RequestKind
from briefing.joining.store import Store
from briefing.joining.writer import UnavailableError, Writer

DAY = dt.date(2020, 10, 9)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "joining.sqlite3")


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    writer = Writer(store)
    yield writer
    writer.close()


def count(writer: Writer) -> int:
    batch = writer.run(lambda store: store.batch(0, Mode.OPEN))
    return len(batch.requests)


def test_many_at_a_time_are_all_kept(writer: Writer) -> None:
    def add() -> None:
        for _ in range(20):
            assert writer.run(
                lambda store: store.add(RequestKind.FIND, "x", DAY)
            )

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
            args=[lambda store: store.add(RequestKind.FIND, "x", DAY)],
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


def test_one_that_fails_is_told_so_and_leaves_nothing(writer: Writer) -> None:
    def fail(store: Store) -> None:
        store.add(RequestKind.FIND, "x", DAY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        writer.run(fail)
    assert count(writer) == 0
    assert writer.run(lambda store: store.add(RequestKind.FIND, "x", DAY))


def test_if_the_disk_fails_everybody_is_told_so(writer: Writer) -> None:
    def fail(_store: Store) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(UnavailableError):
        writer.run(fail)
    assert count(writer) == 0


def test_at_the_end_what_was_asked_for_is_finished(store: Store) -> None:
    writer = Writer(store)
    results: list[bool] = []

    def add() -> None:
        results.append(
            writer.run(lambda store: store.add(RequestKind.FIND, "x", DAY))
        )

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert results == [True] * 8
