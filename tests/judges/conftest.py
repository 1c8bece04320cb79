"""The sample emails, made once for all judges, and one tab of the browser for those that need one."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.judges import pages
from tests.judges.mails import ALL, mail
from tests.judges.packages import SAFETY_NET

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request


@pytest.fixture(scope="package")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every email by the name of its sample."""
    folder = _shared_folder(tmp_path_factory) / "mails"
    with folder.with_suffix(".lock").open("w") as lock:
        # Of several processes, the first makes them and the others wait.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            made = tmp_path_factory.mktemp("made")
            for name, sample in ALL.items():
                data = mail(sample, tmp_path_factory.mktemp(name))
                (made / name).write_bytes(data)
            made.rename(folder)
    return {name: (folder / name).read_bytes() for name in ALL}


def _shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="package")
def files(
    mails: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """The HTML of every email as a file, NAME.html."""
    folder = tmp_path_factory.mktemp("pages")
    for name, data in mails.items():
        (folder / f"{name}.html").write_text(pages.html(data), "utf-8")
    return sorted(folder.iterdir())


@pytest.fixture(scope="package")
def tab(browser: "Browser") -> Iterator["Page"]:
    """A page that reaches no one. All tests use it, since a new one takes half a second."""
    tab = browser.new_page()
    tab.set_default_timeout(SAFETY_NET * 1000)
    tab.route("**/*", lambda route: route.abort())
    yield tab
    tab.close()


@pytest.fixture
def page(tab: "Page") -> Iterator["Page"]:
    """A new document on the screen of a phone: whatever an email would load fails the test."""
    tab.goto("about:blank")
    tab.set_viewport_size({"width": 375, "height": 800})
    tab.emulate_media(color_scheme="light")
    asked: list[str] = []

    def note(request: "Request") -> None:
        asked.append(request.url)

    tab.on("request", note)
    yield tab
    tab.remove_listener("request", note)
    assert not [
        address
        for address in asked
        if not address.startswith(("about:", "data:", "cid:"))
    ]
