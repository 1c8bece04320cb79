"""Retrieving pages from the web or from a file, and what is refused."""

from pathlib import Path

import pytest

from briefing.collecting.web.refusals import SAVE_IT
from briefing.collecting.web.source import (
    SavedPage,
    WebAddress,
    retrieve_article,
)
from briefing.errors import BriefingError, FetchError, NotFoundError
from tests.collecting.web.pages import FIRST, SECOND, THIRD, TITLE, URL
from tests.network.test_fetch import page as answer
from tests.network.test_fetch import redirect, says, site

PAGE = f"<html lang='en'><title>{TITLE}</title><h1>{TITLE}</h1><p>{FIRST}<p>{SECOND}<p>{THIRD}</html>".encode()
HTML = b"Content-Type: text/html"


def saved(tmp_path: Path, data: bytes = PAGE) -> SavedPage:
    path = tmp_path / "saved.html"
    path.write_bytes(data)
    return SavedPage(URL, path)


class TestLink:
    def test_it_comes_with_the_address_that_answered_and_the_declared_charset(
        self,
    ) -> None:
        answers = iter(
            [
                redirect("/second"),
                *answer(PAGE, b'Content-Type: text/html; charset="ISO-8859-9"')(
                    b""
                ),
            ]
        )
        with site(lambda _: [next(answers)]) as here:
            retrieved = WebAddress(here.url, here.guard()).retrieve()
        assert (retrieved.url, retrieved.data, retrieved.charset) == (
            f"{here.url}second",
            PAGE,
            "ISO-8859-9",
        )
        assert retrieved.response
        assert retrieved.response.body == PAGE

    @pytest.mark.parametrize(
        "kind",
        [
            "text/html",
            "TEXT/HTML;charset=x",
            "application/xhtml+xml",
            "text/plain",
            "",
        ],
    )
    def test_html_and_text_are_accepted(self, kind: str) -> None:
        with site(answer(PAGE, f"Content-Type: {kind}".encode())) as here:
            assert WebAddress(here.url, here.guard()).retrieve().data == PAGE

    @pytest.mark.parametrize(
        "kind",
        [
            "application/pdf",
            "image/jpeg",
            "application/zip",
            "text/htmlx",
            "video/mp4",
        ],
    )
    def test_other_content_types_are_refused(self, kind: str) -> None:
        with (
            site(answer(PAGE, f"Content-Type: {kind}; x=y".encode())) as here,
            pytest.raises(FetchError) as caught,
        ):
            WebAddress(here.url, here.guard()).retrieve()
        assert str(caught.value) == f"{here.url}: is {kind}, not a web page"

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_page_that_is_gone_is_reported_without_advice(
        self, status: int
    ) -> None:
        with (
            site(says(b"HTTP/1.1 %d No\r\n\r\n" % status)) as here,
            pytest.raises(FetchError) as caught,
        ):
            WebAddress(here.url, here.guard()).retrieve()
        assert str(caught.value) == f"{here.url}: is gone"

    @pytest.mark.parametrize("status", [401, 402, 403, 429, 451, 500, 503])
    def test_a_refusal_comes_with_advice(self, status: int) -> None:
        with (
            site(says(b"HTTP/1.1 %d No\r\n\r\n" % status)) as here,
            pytest.raises(FetchError) as caught,
        ):
            WebAddress(here.url, here.guard()).retrieve()
        assert (
            caught.value.message
            == f"refuses to show the page ({status}); {SAVE_IT}"
        )


class TestSavedPage:
    def test_the_file_is_read_as_the_page_of_its_address(
        self, tmp_path: Path
    ) -> None:
        retrieved = saved(tmp_path).retrieve()
        assert (
            retrieved.url,
            retrieved.data,
            retrieved.charset,
            retrieved.response,
        ) == (URL, PAGE, "", None)

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "https://a@evil.example/",
            "//evil.example/",
            "x",
        ],
    )
    def test_its_address_must_be_a_web_address(
        self, tmp_path: Path, address: str
    ) -> None:
        with pytest.raises(FetchError):
            SavedPage(address, saved(tmp_path).path).retrieve()

    def test_a_missing_or_unreadable_file_is_reported(
        self, tmp_path: Path
    ) -> None:
        with pytest.raises(NotFoundError, match="there is no such file"):
            SavedPage(URL, tmp_path / "nowhere.html").retrieve()
        with pytest.raises(
            BriefingError, match="can't be read: Is a directory"
        ):
            SavedPage(URL, tmp_path).retrieve()


class TestCollect:
    def test_fetched_and_saved_pages_are_read_in_the_same_way(
        self, tmp_path: Path
    ) -> None:
        with site(answer(PAGE, HTML)) as here:
            fetched = retrieve_article(WebAddress(here.url, here.guard()), {})
        kept = retrieve_article(saved(tmp_path), {})
        assert (fetched.article.title, fetched.article.excerpt) == (
            kept.article.title,
            kept.article.excerpt,
        )
        assert (fetched.article.title, fetched.warning, kept.warning) == (
            TITLE,
            "",
            "",
        )

    def test_publishers_named_in_the_settings_are_used(
        self, tmp_path: Path
    ) -> None:
        assert (
            retrieve_article(
                saved(tmp_path), {"example.org": "Harbour Post"}
            ).article.source
            == "Harbour Post"
        )

    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-1.4",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"PK\x03\x04",
        ],
    )
    def test_other_files_are_recognised_by_their_first_bytes_and_refused(
        self, tmp_path: Path, data: bytes
    ) -> None:
        with pytest.raises(BriefingError, match=r"saved\.html: is a"):
            retrieve_article(saved(tmp_path, data), {})
        with (
            site(answer(data, HTML)) as here,
            pytest.raises(BriefingError, match=": is a"),
        ):
            retrieve_article(WebAddress(here.url, here.guard()), {})

    @pytest.mark.parametrize("data", [b"", b" \r\n\t "])
    def test_an_empty_page_is_refused(
        self, tmp_path: Path, data: bytes
    ) -> None:
        with pytest.raises(BriefingError, match=r"saved\.html: is empty"):
            retrieve_article(saved(tmp_path, data), {})

    def test_a_blocked_page_is_refused_from_the_web_and_a_warning_for_a_saved_file(
        self, tmp_path: Path
    ) -> None:
        data = b"<title>Just a moment...</title><p>Checking your browser before you go on."
        with (
            site(answer(data, HTML)) as here,
            pytest.raises(FetchError) as caught,
        ):
            retrieve_article(WebAddress(here.url, here.guard()), {})
        assert caught.value.message.count("--page") == 1
        assert (
            retrieve_article(saved(tmp_path, data), {}).warning
            == "asks whether you are human"
        )
