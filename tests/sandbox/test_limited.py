"""Foreign data is understood in child processes, whatever it does there."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from briefing.errors import FetchError, LimitError, PictureError, RefusedError
from briefing.sandbox import limited
from briefing.sandbox.limited import end_children, run_limited
from tests.sandbox import limited_functions as functions

SAFETY_NET = 60
"""Seconds after which a hanging test gives up."""


def run(
    function: Callable[..., Any],
    *arguments: object,
    seconds: int = 10,
    may_start_threads: bool = False,
) -> Any:
    return run_limited(
        function,
        *arguments,
        name="a.html",
        remedy="leave it out",
        seconds=seconds,
        may_start_threads=may_start_threads,
    )


def failure_of(
    function: Callable[..., Any], *arguments: object, seconds: int = 10
) -> str:
    with pytest.raises(LimitError) as caught:
        run(function, *arguments, seconds=seconds)
    return str(caught.value)


class TestCalls:
    def test_arguments_and_results_are_those_of_the_function(self) -> None:
        assert run(functions.join, "ä\ud800", b"\0\xff", {"a": "b"}) == (
            "ä\ud800 {'a': 'b'}",
            b"\0\xff",
        )

    def test_it_runs_in_another_process_which_stays_for_the_next_call(
        self,
    ) -> None:
        first, second = run(functions.process_id), run(functions.process_id)
        assert first == second != os.getpid()

    def test_one_that_needs_threads_gets_a_process_for_this_call_only(
        self,
    ) -> None:
        """The kernel counts threads as processes, which the others may not start."""
        other = run(functions.process_id)
        limits = run(functions.process_limits)
        with_threads = run(functions.process_id, may_start_threads=True)
        assert with_threads not in {other, os.getpid()}
        with pytest.raises(ProcessLookupError):
            os.kill(with_threads, 0)
        assert run(functions.process_id) == other
        if sys.platform == "linux":
            assert limits == (0, 0)
            assert run(
                functions.process_limits, may_start_threads=True
            ) == resource.getrlimit(resource.RLIMIT_NPROC)

    def test_its_errors_are_raised_here(self) -> None:
        with pytest.raises(PictureError) as picture:
            run(functions.refuse, "picture")
        assert str(picture.value) == "photo.jpg, line 3: is damaged"
        with pytest.raises(
            FetchError, match=r"^https://www\.example\.org/: is gone$"
        ):
            run(functions.refuse, "page")
        with pytest.raises(
            RefusedError, match=r"^brief\.txt: contains no text$"
        ):
            run(functions.refuse, "brief")

    def test_many_threads_can_call(self) -> None:
        found: list[str] = []

        def call(number: int) -> None:
            found.append(run(functions.join, str(number), b"", {})[0])

        threads = [threading.Thread(target=call, args=(n,)) for n in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SAFETY_NET)
        assert sorted(found) == sorted(f"{n} {{}}" for n in range(20))


class TestLimits:
    """Each failure is one line that names the data and a remedy, and the next call works."""

    @pytest.mark.parametrize(
        ("function", "problem"),
        [
            (functions.loop, "takes longer than 1 second"),
            (functions.sleep_for_ever, "takes longer than 1 second"),
            (
                functions.return_too_much,
                "can't be read, or needs too much memory",
            ),
            (functions.crash, "can't be read, or needs too much memory"),
            (functions.return_something_else, "can't be understood"),
        ],
    )
    def test_a_function_that_exceeds_one_is_ended(
        self, function: Callable[..., Any], problem: str
    ) -> None:
        failure = failure_of(function, seconds=1)
        assert failure == f"a.html: {problem}; leave it out"
        assert run(functions.join, "a", b"", {}) == ("a {}", b"")

    @pytest.mark.skipif(
        sys.platform == "darwin", reason="macOS doesn't limit memory"
    )
    def test_memory_is_limited(self) -> None:
        assert failure_of(functions.fill_memory) == (
            "a.html: needs too much memory; leave it out"
        )

    def test_a_bug_is_named_without_its_message(self) -> None:
        assert "KeyError, limited_functions.py" in failure_of(functions.fail)

    @pytest.mark.parametrize(
        "function", [functions.look_up, functions.run_a_program]
    )
    def test_neither_the_network_nor_a_program_can_be_used(
        self, function: Callable[..., Any]
    ) -> None:
        assert "PermissionError" in failure_of(function)

    def test_no_connection_can_be_opened(self) -> None:
        assert "PermissionError" in failure_of(functions.connect, 9)

    def test_no_file_can_be_written(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        assert "PermissionError" in failure_of(functions.write, str(path))
        assert not path.exists()

    def test_it_has_no_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("BRIEFING_SMTP_PASSWORD", "secret")
        end_children()  # those that wait were started before
        assert set(run(functions.environment)) <= set(limited._ENVIRONMENT)


class TestEnds:
    def test_no_process_is_left(self) -> None:
        run(functions.process_id)
        child = run(functions.process_id)
        end_children()
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)

    def test_ctrl_c_ends_a_call_at_once(self, tmp_path: Path) -> None:
        started = tmp_path / "started"
        program = (
            # A program that runs in the background ignores Ctrl-C, and so do those it starts.
            "import pathlib, signal, sys\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "from tests.sandbox import limited_functions as functions\n"
            "from briefing.sandbox.limited import run_limited\n"
            "child = run_limited(functions.process_id, name='a', remedy='b')\n"
            "pathlib.Path(sys.argv[1]).write_text(str(child))\n"
            "run_limited(functions.sleep_for_ever, name='a', remedy='b', seconds=1000)\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(started)],
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        while not (started.exists() and started.read_text()):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SAFETY_NET)
        assert b"KeyboardInterrupt" in errors
        with pytest.raises(ProcessLookupError):
            os.kill(int(started.read_text()), 0)
