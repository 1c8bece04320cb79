"""Fixtures for tests of every layer."""

import gc
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from _pytest.runner import runtestprotocol

from briefing.newsletter import Newsletter
from tests.chromium import launched
from tests.memory import memory_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONGEST = (
    "tests/joining/test_in_a_browser.py",
    "tests/preview/test_typing.py",
    "tests/preview/test_action_dialogs.py",
    "tests/preview/test_views.py",
    "tests/preview/test_lasting_words.py",
    "tests/preview/test_order.py",
    "tests/preview/test_two_tabs.py",
    "tests/preview/test_browser_kill.py",
    "tests/preview/test_desk_accessibility.py",
    "tests/preview/test_reload.py",
    "tests/preview/test_source.py",
    "tests/preview/test_conflicts.py",
    "tests/preview/test_translating_page.py",
    "tests/preview/test_restart.py",
    "tests/preview/test_journey.py",
    "tests/preview/test_loading.py",
    "tests/judges/test_accessibility.py",
    "tests/judges/test_layout.py",
    "tests/judges/",
    "tests/test_installed.py",
    "tests/joining/",
    "tests/collecting/documents/",
    "tests/collecting/brief/structure/",
    "tests/sending/crash/",
    "tests/sending/test_smtp_sink.py",
    "tests/cli/",
    "tests/syncing/",
)
"""Files and folders whose tests take longest. They start first: at the end, one process would run
them while the others have nothing left. Those that share a browser are together.
"""


def pytest_configure() -> None:
    """Prepare what all tests share with the programs that they start."""
    _allow_interrupts()
    _write_into_memory()
    # The system's certificate authorities are of no use to tests, which ask no other computer, and reading them for
    # each connection takes longer than the connection.
    os.environ.setdefault("SSL_CERT_FILE", os.devnull)
    # Until the tests are collected, nearly all that is made stays.
    gc.disable()


def _allow_interrupts() -> None:
    """Let programs that tests start be interrupted. Shells make what they start in the background
    ignore Ctrl-C, as `.ci/run` does with these tests, and a program inherits it.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _write_into_memory() -> None:
    """Write temporary files into memory where there is enough, unless TMPDIR names another folder."""
    folder = memory_folder()
    if folder and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests for `make unit`, where the next file goes to the process that is free."""
    items.sort(key=_place)


def pytest_collection_finish() -> None:
    """Free memory from here on, without looking through all tests each time."""
    gc.freeze()
    gc.enable()
    # By default, Python looks for garbage after each 700 new objects: that costs more time than it is worth.
    gc.set_threshold(20_000)


@pytest.hookimpl(tryfirst=True)  # in place of pytest's own
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> bool | None:
    """Run a test of one of several processes, and report only its call and what failed.

    By default, the process that shows the results gets three reports of each test and a message
    when it begins; sending and reading these takes as long as many tests.
    """
    is_alone = not hasattr(item.config, "workerinput")
    if is_alone or item.config.getoption("durations") is not None:
        return None
    for report in runtestprotocol(item, log=False, nextitem=nextitem):
        if report.when == "call" or not report.passed:
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(
        nodeid=item.nodeid, location=item.location
    )
    return True


def _place(item: pytest.Item) -> int:
    test = item.nodeid  # is put together each time
    for place, path in enumerate(LONGEST):
        if test.startswith(path):
            return place
    return len(LONGEST)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, for all tests that need it; each opens pages of its own."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def first_newsletter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter's folder, which tests get copies of."""
    folder = tmp_path_factory.mktemp("first") / "brief"
    Newsletter.create(
        folder,
        name="Weekly Brief",
        organisation="Example Watch",
        sender="Weekly Brief <brief@example.org>",
    )
    return folder


@pytest.fixture
def newsletter(first_newsletter: Path, tmp_path: Path) -> Newsletter:
    """A newsletter's folder as `briefing init` makes it, in English, without an issue."""
    return Newsletter(shutil.copytree(first_newsletter, tmp_path / "brief"))


@pytest.fixture(params=["Etc/GMT+12", "Etc/GMT-14"])
def zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A time zone: at any moment, at least one of them has another date than UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()
