"""Work that a page needn't wait for."""

import threading

from briefing.preview.mail.background import Background


def test_work_is_done_once_and_its_result_is_kept() -> None:
    done: list[str] = []
    background: Background[int] = Background(lambda: done.append("done"))
    assert background.result("a", lambda: 1, pause=0) is None
    background.wait()
    assert background.result("a", lambda: 2, pause=0) == 1
    background.wait()
    assert (background.latest, done) == (1, ["done"])


def test_work_that_has_not_begun_gives_way_to_newer_work() -> None:
    began, may_end = threading.Event(), threading.Event()
    did: list[str] = []

    def first() -> str:
        began.set()
        may_end.wait()
        did.append("first")
        return "first"

    def later(name: str) -> str:
        did.append(name)
        return name

    background: Background[str] = Background(lambda: None)
    background.result(1, first, pause=0)
    began.wait()
    # What is being done is not begun a second time.
    assert background.result(1, first, pause=0) is None
    background.result(2, lambda: later("second"), pause=0)
    background.result(3, lambda: later("third"), pause=0)
    may_end.set()
    background.wait()
    assert did == ["first", "third"]
    assert background.result(3, lambda: later("never"), pause=0) == "third"


def test_after_a_stop_nothing_is_begun() -> None:
    did: list[str] = []

    def work() -> str:
        did.append("work")
        return "work"

    background: Background[str] = Background(lambda: None)
    # The pause is longer than anybody waits: only the stop can end it.
    background.result("a", work, pause=threading.TIMEOUT_MAX)
    background.stop()
    background.wait()
    assert background.result("b", work, pause=0) is None
    background.wait()
    assert did == []
