"""A new editor's way, all in the browser: from an empty folder over three links to a test email."""

import re
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from briefing.network.fetch_guard import Guard
from briefing.newsletter import Newsletter
from briefing.preview import adding
from briefing.preview.server import PreviewServer
from tests import wire
from tests.collecting.making import jpeg
from tests.collecting.web.pages import FIRST, SECOND, THIRD, meta
from tests.network.test_fetch import Site, site
from tests.preview.browsers import (
    expect,
    expect_saved,
    headlines,
    needs_chromium,
    open_card,
    open_desk,
)
from tests.preview.conftest import SETTINGS
from tests.preview.test_trial_mail import server_of
from tests.sending.servers.smtp import SmtpServer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = needs_chromium

HEADLINES = [
    "The library opens again",
    "Twelve teachers are free",
    "Fishermen may organise",
]


def article(number: int, here: str) -> bytes:
    """Return a page that doesn't say when it was published."""
    headline = HEADLINES[number]
    head = f"<title>{headline} | Harbour Post</title>"
    head += meta("og:site_name", "Harbour Post")
    head += meta("og:image", f"{here}{number}.jpg")
    text = "".join(f"<p>{words}</p>" for words in (FIRST, SECOND, THIRD))
    return (
        f'<html lang="en"><head>{head}</head><body><article><h1>{headline}</h1>'
        f"{text}</article></body></html>"
    ).encode()


def answer(request: bytes) -> Iterable[bytes]:
    path = request.split(b" ")[1].decode().removeprefix("/")
    host = request.partition(b"Host: ")[2].partition(b"\r\n")[0].decode()
    is_photo = path.endswith(".jpg")
    body = jpeg() if is_photo else article(int(path[0]), f"http://{host}/")
    return [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body), body]


@pytest.fixture
def newspaper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A website that only this test may ask, although it is on this computer."""
    with site(answer) as here:

        def admit_it(**_options: object) -> Guard:
            return here.guard("127.0.0.1")

        monkeypatch.setattr(adding, "Guard", admit_it)
        yield here


@pytest.fixture
def mail_server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def page(
    context: "BrowserContext", mail_server: SmtpServer, tmp_path: Path
) -> Iterator["Page"]:
    """The page of a newsletter that has no issue yet."""
    settings = SETTINGS.replace('["en", "ug"]', '["en"]')
    settings += server_of(mail_server)
    (tmp_path / "briefing.toml").write_text(settings, "utf-8")
    with PreviewServer(
        Newsletter(tmp_path), None, port=0, report=pytest.fail
    ) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        page = open_desk(context, server)
        yield page
        page.close()
        server.stop()
        serving.join()


def test_from_an_empty_folder_to_a_test_email(
    page: "Page", newspaper: Site, mail_server: SmtpServer
) -> None:
    page.get_by_role("button", name="Start the issue").click()
    # Until the page is loaded completely, its buttons do nothing.
    page.wait_for_url(re.compile(r"/\d{4}-\d\d-\d\d/"))
    page.get_by_role("button", name="Add…").click()
    port = newspaper.port
    links = [f"http://post.example.org:{port}/{each}" for each in range(3)]
    page.get_by_label("Links, one per line").fill("\n".join(links))
    page.locator("#adding-collect").click()
    expect(page.locator("#adding-results li[data-state=done]")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("#list .card .headline")).to_have_text(HEADLINES)
    expect(page.locator("#list .card .to-check")).to_have_count(3)
    open_card(page, HEADLINES[0])
    page.get_by_label("Date", exact=True).fill("2026-11-20")
    expect_saved(page)
    expect(page.locator("#list .thumbnail")).to_have_count(3)
    for photo in page.locator("#list .thumbnail").all():
        expect(photo).to_have_js_property("naturalWidth", 640)
    open_card(page, HEADLINES[1])
    are_right = page.get_by_role("button", name="It’s correct")
    for left in reversed(range(are_right.count())):
        are_right.first.click()
        expect(are_right).to_have_count(left)
    expect(page.locator("#list .card .to-check")).to_have_count(2)
    page.locator("#list .card .open").nth(2).press("Alt+ArrowUp")
    reordered = [HEADLINES[0], HEADLINES[2], HEADLINES[1]]
    expect(page.locator("#list .card .headline")).to_have_text(reordered)
    page.locator("#card-issue").click()
    page.get_by_label("Subject", exact=True).fill("A good week")
    page.get_by_label("Introduction", exact=True).fill("Good news, for once.")
    expect_saved(page)
    page.get_by_role("button", name="Test email…").click()
    page.get_by_role("button", name="Send the test").click()
    results = page.locator("#test-mail-results")
    expect(results).to_have_text("1 email accepted by the server")
    (mail,) = mail_server.mails
    assert mail.recipient == "editor@example.org"
    assert wire.parsed(mail.data)["Subject"] == "[Test] A good week"
    assert b"Good news, for once." in mail.data
    assert headlines(page) == reordered
