"""The head of a page, which the browser gets before the issue is open."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.types import WSGIEnvironment

import pytest
from werkzeug.test import Client

from briefing.newsletter import Newsletter
from briefing.preview.access import Access
from briefing.preview.changes import Changes
from briefing.preview.desks import Desks
from briefing.preview.front import create_front
from briefing.preview.guard import is_admitted
from briefing.preview.opened_issue import OpenedIssue
from tests.preview.conftest import HOME, PORT

PAGE = "/2020-10-09/"


@pytest.fixture
def may_open() -> threading.Event:
    """Set when an issue may be opened."""
    return threading.Event()


@pytest.fixture
def desks(
    newsletter: Newsletter,
    access: Access,
    may_open: threading.Event,
    reports: list[str],
) -> Iterator[Desks]:
    """The issues, none of them open yet."""

    def rest_of_page(name: str, environ: WSGIEnvironment) -> Iterator[bytes]:
        return opened.rest_of_page(name, environ)

    def open_issue(name: str) -> OpenedIssue:
        may_open.wait()
        return OpenedIssue(
            newsletter,
            newsletter.issues / name,
            access,
            Changes(),
            port=PORT,
            report=reports.append,
        )

    front = create_front(
        newsletter.root,
        access,
        port=PORT,
        report=reports.append,
        rest_of_page=rest_of_page,
    )

    def admits(environ: WSGIEnvironment) -> bool:
        return is_admitted(environ, access, PORT)

    opened = Desks(newsletter, front, open_issue, admits)
    yield opened
    may_open.set()
    opened.close()


@pytest.fixture
def client(desks: Desks, access: Access) -> Client:
    """A browser that has used the token."""
    client = Client(desks)
    client.get(f"/?token={access.token}", base_url=HOME)
    return client


def without_count(page: str) -> str:
    """Return a page without the number of changes that it knows of."""
    return re.sub(r'data-seen="\d+"', "", page)


def test_the_styles_are_named_before_the_issue_is_open(
    client: Client, may_open: threading.Event
) -> None:
    page = client.get(PAGE, base_url=HOME)
    pieces = page.iter_encoded()
    head = next(pieces).decode()
    assert "desk.css" in head
    # Answering for forty scripts would hold up the opening.
    assert "<script" not in head
    assert "modulepreload" not in head
    assert "<body" not in head
    may_open.set()
    rest = b"".join(pieces).decode()
    assert "<title>Weekly Brief, 9 October 2020 – preview</title>" in rest
    assert "desk.js" in rest
    assert "A second thing" in rest


def test_it_is_the_same_page_as_later(
    client: Client, may_open: threading.Event
) -> None:
    may_open.set()
    first, later = (client.get(PAGE, base_url=HOME) for _ in range(2))
    assert without_count(first.text) == without_count(later.text)
    policy = "Content-Security-Policy"
    assert first.headers[policy] == later.headers[policy]


def test_a_stranger_gets_no_head(desks: Desks, access: Access) -> None:
    refused = Client(desks).get(PAGE, base_url=HOME)
    assert refused.status_code == 403
    assert access.page_token not in refused.text


def test_an_issue_that_does_not_exist_has_no_head(client: Client) -> None:
    assert client.get("/2020-10-08/", base_url=HOME).status_code == 404


def test_an_issue_that_disappears_meanwhile_ends_the_page(
    client: Client, may_open: threading.Event, folder: Path
) -> None:
    pieces = client.get(PAGE, base_url=HOME).iter_encoded()
    next(pieces)
    folder.rename(folder.with_name("2020-10-16"))
    may_open.set()
    assert list(pieces) == []


def test_a_bug_is_shown_below_the_head(
    client: Client,
    may_open: threading.Event,
    reports: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_open.set()
    monkeypatch.setattr("briefing.preview.pages.outline", lambda _: 1 / 0)
    page = client.get(PAGE, base_url=HOME)
    assert page.text.count("<head>") == 1
    assert "bug in briefing" in page.text
    assert reports
