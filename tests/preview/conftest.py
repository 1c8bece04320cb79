"""A small newsletter with one issue in two languages, its preview, and browsers that ask for it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from briefing.newsletter import Newsletter
from briefing.preview.app import create
from briefing.preview.desk.desk import Desk
from briefing.preview.mail.snapshots import Snapshots
from briefing.preview.server import PreviewServer
from briefing.preview.web import session
from briefing.preview.web.access import Access, new_key
from briefing.preview.web.changes import Changes
from briefing.preview.web.session import BrowserSession

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PORT = 8123
KEY = new_key()
"""The same for all tests, so that the browser finds the scripts at the same address."""
ORIGIN = f"http://127.0.0.1:{PORT}"
HOME = f"{ORIGIN}{Access(PORT, KEY).home}"
SENTENCE = "The court has ruled"
"""A sentence from the draft, which no one else may see."""

Get = Callable[..., TestResponse]

SAFETY_NET = 60
"""Seconds after which a test that hangs gives up."""

SETTINGS = """\
[newsletter]
name = "Weekly Brief"
from = "Brief <weekly@example.org>"
languages = ["en", "ug"]

[unsubscribe]
url = "https://example.org/u/{token}"
"""

ISSUE = """\
# Weekly Brief, 9 October 2020

Welcome.

### A ruling <on> maps
source: BBC
date: 2020-10-08
link: https://example.org/ruling

The court has ruled.

### A second thing

Nothing new.
"""

UYGHUR = """\
# ھەپتىلىك خەۋەر

### خەۋەر

تېكىست.
"""


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    """The newsletter's folder, with the issue of 2020-10-09."""
    folder = tmp_path / "issues" / "2020-10-09"
    folder.mkdir(parents=True)
    (tmp_path / "briefing.toml").write_text(SETTINGS, "utf-8")
    (folder / "issue.md").write_text(ISSUE, "utf-8")
    (folder / "issue.ug.md").write_text(UYGHUR, "utf-8")
    return Newsletter(tmp_path)


@pytest.fixture
def folder(newsletter: Newsletter) -> Path:
    return newsletter.issues / "2020-10-09"


@pytest.fixture
def issue(folder: Path) -> Path:
    return folder / "issue.md"


@pytest.fixture
def reports() -> list[str]:
    """The lines that the terminal gets about bugs in briefing."""
    return []


@pytest.fixture(scope="package")
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    """A profile of the browser for all pages that need none of their own: a new one takes as long as
    a test, and would load all scripts again.
    """
    context = browser.new_context()
    context.set_default_timeout(SAFETY_NET * 1000)
    yield context
    context.close()


@pytest.fixture(scope="package")
def first_tab(context: "BrowserContext") -> "Page":
    """A tab that stays open: a new one takes as long as half a test."""
    return context.new_page()


@pytest.fixture
def tab(first_tab: "Page", server: PreviewServer) -> Iterator["Page"]:
    """The tab, as if it was new. At the end, no script of its pages may have failed, and it leaves the
    desk before the program stops, but stays at its address: the browser would start a new process for
    another. A test that stops the program leaves it itself.
    """
    failures: list[str] = []

    # Playwright can't take the method of the list itself.
    def note(error: object) -> None:
        failures.append(str(error))

    first_tab.on("pageerror", note)
    yield first_tab
    first_tab.unroute_all(behavior="ignoreErrors")
    first_tab.emulate_media(color_scheme="null")
    if first_tab.url != "about:blank":
        first_tab.goto(f"{home_of(server)}no-page")
        first_tab.evaluate("sessionStorage.clear()")
    first_tab.remove_listener("pageerror", note)
    assert not failures


def home_of(server: PreviewServer) -> str:
    """Return the address below which it serves everything."""
    return f"http://127.0.0.1:{server.port}{server._access.home}"


@contextmanager
def running(
    newsletter: Newsletter,
    folder: Path,
    report: Callable[[str], None] = print,
    *,
    is_read_only: bool = False,
) -> Iterator[PreviewServer]:
    """Run the preview on a free port, or on its last one."""
    with PreviewServer(
        newsletter, folder, port=0, report=report, is_read_only=is_read_only
    ) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        yield server
        server.stop()
        serving.join()


@pytest.fixture(scope="package")
def last_ports() -> list[int]:
    """The port of each test's preview. The next one gets the last port again, where the browser knows
    the scripts.
    """
    return [0]


@pytest.fixture
def server(
    newsletter: Newsletter,
    folder: Path,
    reports: list[str],
    last_ports: list[int],
) -> Iterator[PreviewServer]:
    """The preview. Afterwards none of its threads may be left."""
    before = set(threading.enumerate())
    session.save(newsletter, BrowserSession(last_ports[-1], KEY))
    with running(newsletter, folder, reports.append) as server:
        last_ports.append(server.port)
        yield server
    for thread in set(threading.enumerate()) - before:
        thread.join(SAFETY_NET)
        assert not thread.is_alive(), f"{thread.name} was left behind"


# The app without a server.


@pytest.fixture
def desk(newsletter: Newsletter, folder: Path) -> Iterator[Desk]:
    desk = Desk(newsletter, folder)
    yield desk
    desk.close()


@pytest.fixture
def access() -> Access:
    return Access(PORT, KEY)


@pytest.fixture
def changes() -> Changes:
    return Changes("2020-10-09")


@pytest.fixture
def snapshots(newsletter: Newsletter, folder: Path) -> Snapshots:
    return Snapshots(newsletter, folder)


@pytest.fixture
def app(
    newsletter: Newsletter,
    folder: Path,
    snapshots: Snapshots,
    changes: Changes,
    access: Access,
    reports: list[str],
) -> Iterator[Flask]:
    desk = Desk(newsletter, folder)
    yield create(
        desk,
        snapshots,
        changes,
        access,
        reports.append,
    )
    desk.close()


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    """A browser that never got the token."""
    return app.test_client()


@pytest.fixture
def get(app: Flask, access: Access) -> Get:
    """GET as the editor's browser does it, which has used the token."""
    client = app.test_client()
    client.get(f"/?token={access.token}", base_url=HOME)
    return lambda path="/", **options: client.open(
        path, **{"base_url": HOME, **options}
    )


@pytest.fixture
def restarted(newsletter: Newsletter, folder: Path) -> Iterator[Desk]:
    """A desk that is opened later than the other one: the program was started again."""
    desk = Desk(newsletter, folder)
    yield desk
    desk.close()
