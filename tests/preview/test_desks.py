"""One address for each issue: what is asked for below an issue's id goes to its own app."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.preview import issue_list
from briefing.preview.desks import Desks
from briefing.preview.server import PreviewServer
from tests.preview.browsers import expect, needs_chromium
from tests.preview.test_server import ask, cookie

if TYPE_CHECKING:
    from playwright.sync_api import Browser


NOW = dt.datetime(2020, 10, 9, 12, tzinfo=dt.UTC)


@contextmanager
def running(newsletter: Newsletter) -> Iterator[str]:
    """The preview of a newsletter without issues; its address."""
    with PreviewServer(newsletter, None, port=0, report=print) as server:
        serving = threading.Thread(target=server.serve)
        serving.start()
        yield server.address
        server.stop()
        serving.join()


def answer(server: PreviewServer, path: str, *, admitted: bool = True) -> str:
    home = server._access.home
    head = f"GET {home[:-1]}{path} HTTP/1.1\nHost: 127.0.0.1:{server.port}\n"
    if admitted:
        head += f"Cookie: {cookie(server)}\n"
    return ask(server.port, f"{head}\n")


class TestAddresses:
    def test_each_issue_has_its_own(
        self, server: PreviewServer, newsletter: Newsletter
    ) -> None:
        issue_list.begin(newsletter, dt.date(2020, 10, 16))
        assert "Weekly Brief, 9 October 2020" in answer(server, "/2020-10-09/")
        assert "Weekly Brief, 16 October 2020" in answer(server, "/2020-10-16/")

    def test_the_first_page_leads_to_the_issue_that_was_asked_for(
        self, server: PreviewServer
    ) -> None:
        home = server._access.home
        assert f"Location: {home}2020-10-09/" in answer(server, "/")

    @pytest.mark.parametrize(
        "path",
        [
            "/2020-10-08/",
            "/../2020-10-09/",
            "/2020-10-09%2f../",
            "/rendered/",
            "/.briefing/",
            "//",
        ],
    )
    def test_no_other_name_leads_anywhere(
        self, server: PreviewServer, path: str
    ) -> None:
        assert "Weekly Brief, 9" not in answer(server, path)

    def test_a_stranger_opens_no_issue(
        self, server: PreviewServer, folder: Path
    ) -> None:
        other = folder.with_name("2020-10-16")
        other.mkdir()
        (other / "issue.md").write_text("# Another\n", "utf-8")
        refused = answer(server, "/2020-10-16/", admitted=False)
        assert " 403 " in refused.partition("\n")[0]
        names = [thread.name for thread in threading.enumerate()]
        # The one that is shown first has been opened already.
        assert names.count("preview-watcher") <= 1

    def test_a_request_that_comes_while_the_preview_ends_opens_nothing(
        self, newsletter: Newsletter
    ) -> None:
        opened: list[str] = []

        @contextmanager
        def open_issue(name: str) -> Iterator[Flask]:
            opened.append(name)
            yield Flask(name)

        desks = Desks(
            newsletter, Flask("front"), open_issue, admits=lambda _: True
        )
        assert desks.open("2020-10-09")
        desks.close()
        assert desks.open("2020-10-09") is None
        assert opened == ["2020-10-09"]


class TestList:
    def test_an_issue_is_begun_by_its_date(
        self, newsletter: Newsletter
    ) -> None:
        name = issue_list.begin(newsletter, dt.date(2020, 10, 16), "appeal")
        assert name == "2020-10-16-appeal"
        listed = issue_list.list_issues(newsletter)
        assert [(issue.id, issue.state) for issue in listed] == [
            ("2020-10-16-appeal", ""),
            ("2020-10-09", ""),
        ]

    def test_one_that_exists_stays_as_it_is(
        self, newsletter: Newsletter
    ) -> None:
        path = newsletter.issues / "2020-10-09" / "issue.md"
        before = path.read_bytes()
        assert (
            issue_list.begin(newsletter, dt.date(2020, 10, 9)) == "2020-10-09"
        )
        assert path.read_bytes() == before

    def test_a_correction_says_what_it_corrects(
        self, newsletter: Newsletter
    ) -> None:
        name = issue_list.begin(
            newsletter, dt.date(2020, 10, 16), corrects="2020-10-09"
        )
        text = (newsletter.issues / name / "issue.md").read_text("utf-8")
        assert "\ncorrects: 2020-10-09\n" in text

    def test_a_slug_that_cannot_be_in_an_id_is_refused(
        self, newsletter: Newsletter
    ) -> None:
        with pytest.raises(
            RefusedError, match="can't be in the name of an issue's folder"
        ):
            issue_list.begin(newsletter, dt.date(2020, 10, 16), "../x")


@needs_chromium
class TestFrontPage:
    def test_an_issue_is_begun_in_an_empty_folder(
        self, browser: "Browser", newsletter: Newsletter
    ) -> None:
        for path in (newsletter.issues / "2020-10-09").iterdir():
            path.unlink()
        with running(newsletter) as address:
            page = browser.new_page()
            page.goto(address)
            expect(page.get_by_text("There are no issues yet.")).to_be_visible()
            page.get_by_label("Date").fill("2020-10-16")
            page.get_by_role("button", name="Start the issue").click()
            expect(page.locator("#list")).to_be_visible()
            assert page.url.endswith("/2020-10-16/")
            page.get_by_role("link", name="All issues").click()
            expect(page.get_by_role("link", name="16 October")).to_be_visible()
            page.context.close()
