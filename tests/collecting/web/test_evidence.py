"""Pages kept as evidence: other tools can read them, they don't reveal who fetched them, and
nothing is lost.
"""

import datetime as dt
import gzip
import hashlib
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPHeaderDict
from warcio.archiveiterator import ArchiveIterator

from briefing.collecting.web.evidence import (
    EvidenceFile,
    find_kept,
    headline_changed,
    keep_page,
    read_headline,
)
from briefing.errors import BriefingError, RefusedError
from briefing.network.fetch import Response
from briefing.newsletter import Newsletter

AT = dt.datetime(
    2020, 10, 9, 10, 30, 5, tzinfo=dt.timezone(dt.timedelta(hours=2))
)
URL = "https://www.example.org/a?b=1"
BODY = "<h1>A court opens its files</h1>ئا".encode()


def response(url: str = URL, status: int = 200, body: bytes = BODY) -> Response:
    headers = HTTPHeaderDict(
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("Content-Length", "12"),
            ("Set-Cookie", "id=canary"),
            ("X-Twice", "1"),
            ("X-Twice", "2"),
        ]
    )
    return Response(url, status, headers, body)


def records(
    path: Path,
) -> list[tuple[str, str, str, list[tuple[str, str]], bytes]]:
    """Kind, date, first line, header fields and content of each record of a file."""
    with path.open("rb") as file:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Date"),
                f"{record.http_headers.protocol} {record.http_headers.statusline}",
                record.http_headers.headers,
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
        ]


class TestKeep:
    def test_a_page_is_kept_with_status_header_and_body(
        self, newsletter: Newsletter
    ) -> None:
        answer, request = records(keep_page(newsletter, response(), AT))
        assert answer == (
            "response",
            "2020-10-09T08:30:05Z",
            "HTTP/1.1 200 OK",
            [
                ("Content-Type", "text/html; charset=utf-8"),
                ("X-Archive-Orig-Content-Encoding", "gzip"),
                ("X-Archive-Orig-Content-Length", "12"),
                ("X-Twice", "1"),
                ("X-Twice", "2"),
                ("Content-Length", str(len(BODY))),
            ],
            BODY,
        )
        assert request == (
            "request",
            "2020-10-09T08:30:05Z",
            "GET /a?b=1 HTTP/1.1",
            [("Host", "www.example.org")],
            b"",
        )

    def test_the_file_is_named_by_time_and_digest(
        self, newsletter: Newsletter
    ) -> None:
        path = keep_page(newsletter, response(), AT)
        digest = hashlib.sha256(BODY).hexdigest()
        assert (
            path
            == newsletter.state
            / "evidence"
            / "2020"
            / f"2020-10-09T083005Z-{digest}.warc.gz"
        )

    def test_it_does_not_reveal_who_fetched_the_page(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("warcio.warcwriter.gethostname", lambda: "canary")
        unpacked = gzip.decompress(
            keep_page(newsletter, response(), AT).read_bytes()
        ).lower()
        for name in (
            b"canary",
            b"user-agent",
            b"briefing",
            b"warc-ip-address",
            b"warcinfo",
        ):
            assert name not in unpacked

    def test_another_tool_confirms_its_digests(
        self, newsletter: Newsletter
    ) -> None:
        command = [
            sys.executable,
            "-m",
            "warcio.cli",
            "check",
            "-v",
            str(keep_page(newsletter, response(), AT)),
        ]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout
        assert "digest pass" in done.stdout

    @pytest.mark.parametrize("umask", [0, 0o022, 0o077])
    def test_files_and_folders_are_private(
        self, newsletter: Newsletter, umask: int
    ) -> None:
        before = os.umask(umask)
        try:
            keep_page(newsletter, response(), AT)
        finally:
            os.umask(before)
        for path in [newsletter.state, *newsletter.state.rglob("*")]:
            assert stat.S_IMODE(path.stat().st_mode) == (
                0o700 if path.is_dir() else 0o600
            ), path

    def test_the_same_page_twice_in_a_second_is_kept_twice(
        self, newsletter: Newsletter
    ) -> None:
        paths = {
            keep_page(newsletter, response(url), AT)
            for url in (URL, URL, "https://www.example.net/")
        }
        assert len(paths) == 3
        assert len(find_kept(newsletter, URL)) == 2

    @pytest.mark.parametrize("status", [200, 404, 299, 999])
    def test_any_status_and_an_empty_body_can_be_kept(
        self, newsletter: Newsletter, status: int
    ) -> None:
        answer, _ = records(
            keep_page(newsletter, response(status=status, body=b""), AT)
        )
        assert answer[2].startswith(f"HTTP/1.1 {status} ")
        assert answer[4] == b""

    def test_a_header_cannot_inject_another_or_a_body(
        self, newsletter: Newsletter
    ) -> None:
        odd = Response(
            URL, 200, {"X": "a\r\n\r\nb: c\r\n", "Y": "ئا\xff"}, BODY
        )
        answer, _ = records(keep_page(newsletter, odd, AT))
        assert answer[4] == BODY
        assert [name for name, _ in answer[3]] == ["X", "Y", "Content-Length"]

    def test_a_full_disk_is_reported_and_earlier_pages_stay(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep_page(newsletter, response(), AT)

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(BriefingError, match="the disk is full"):
            keep_page(newsletter, response("https://www.example.net/"), AT)
        assert len(find_kept(newsletter, URL)) == 1
        assert len(list(newsletter.state.rglob("*.warc.gz"))) == 1
        assert not list(newsletter.state.rglob("*.tmp"))

    def test_a_symbolic_link_as_folder_is_refused(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        newsletter.state.mkdir(0o700)
        (newsletter.state / "evidence").symlink_to(tmp_path)
        with pytest.raises(RefusedError):
            keep_page(newsletter, response(), AT)


class TestPages:
    def test_a_page_is_found_by_its_address_and_by_its_item_s_link(
        self, newsletter: Newsletter
    ) -> None:
        path = keep_page(
            newsletter,
            response(),
            AT,
            link="https://www.example.org/a",
            headline="A court opens",
        )
        kept = EvidenceFile(
            AT.astimezone(dt.UTC),
            URL,
            "https://www.example.org/a",
            "A court opens",
            path,
        )
        assert (
            find_kept(newsletter, URL)
            == find_kept(newsletter, "https://www.example.org/a")
            == [kept]
        )
        assert find_kept(newsletter, "https://www.example.org/") == []

    def test_a_page_is_found_however_its_address_is_escaped(
        self, newsletter: Newsletter
    ) -> None:
        keep_page(newsletter, response("https://www.example.org/%D8%A6/"), AT)
        for url in (
            "https://www.example.org/ئ",
            "https://www.example.org/%d8%a6/",
            "https://www.example.org/ئ#part",
        ):
            assert len(find_kept(newsletter, url)) == 1

    def test_the_latest_is_last(self, newsletter: Newsletter) -> None:
        for headline in ("first", "second"):
            keep_page(newsletter, response(), AT, headline=headline)
        assert [kept.headline for kept in find_kept(newsletter, URL)] == [
            "first",
            "second",
        ]

    def test_without_evidence_nothing_is_found(
        self, newsletter: Newsletter
    ) -> None:
        assert find_kept(newsletter, URL) == []

    def test_a_line_that_was_cut_short_does_not_affect_others(
        self, newsletter: Newsletter
    ) -> None:
        keep_page(newsletter, response(), AT, headline="first")
        index = newsletter.state / "evidence" / "index.jsonl"
        index.write_bytes(index.read_bytes() + b'{"time": "2020-')
        keep_page(newsletter, response(), AT, headline="third")
        assert [kept.headline for kept in find_kept(newsletter, URL)] == [
            "first",
            "third",
        ]

    @pytest.mark.parametrize(
        "line", [b"", b"[]", b"5", b'{"url": 1}', b"\xff", b"[" * 100_000]
    )
    def test_damaged_lines_are_skipped(
        self, newsletter: Newsletter, line: bytes
    ) -> None:
        keep_page(newsletter, response(), AT)
        index = newsletter.state / "evidence" / "index.jsonl"
        index.write_bytes(line + b"\n" + index.read_bytes())
        assert len(find_kept(newsletter, URL)) == 1

    def test_any_headline_fits_in_one_line_of_the_index(
        self, newsletter: Newsletter
    ) -> None:
        keep_page(
            newsletter,
            response(),
            AT,
            headline="a\nb\u2028c\ud800" + "x" * 5000,
        )
        (line,) = (
            (newsletter.state / "evidence" / "index.jsonl")
            .read_bytes()
            .splitlines()
        )
        assert len(json.loads(line)["headline"]) == 2000


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ("A court opens", "A court opens", False),
        (
            "‘Clear evidence’ of “collusion”",
            "'Clear evidence' of \"collusion\"",
            False,
        ),
        ("A  court opens\u00a0", "A court opens", False),
        ("War – and peace", "War - and peace", False),
        ("War—and peace", "War – and peace", False),
        ("A COURT OPENS", "A court opens", False),
        ("“A court” opens", "A court opens", False),
        ("A court opens", "A court closes", True),
        ("Three dead", "Four dead", True),
        ("مەھكەمە ئاچتى", "مەھكەمە ياپتى", True),
        ("Open?", "Open", True),
    ],
)
def test_a_headline_changes_only_if_it_says_something_else(
    then: str, now: str, expected: bool
) -> None:
    assert headline_changed(then, now) is expected
    assert headline_changed(now, then) is expected


class TestHeadlines:
    def test_it_is_found_as_collect_finds_it(self) -> None:
        page = b"<title>A court opens its files | Harbour Post</title><h1>A court opens its files</h1><p>It did so.</p>"
        assert read_headline(page, URL) == "A court opens its files"

    @given(st.binary())
    def test_any_bytes_have_a_headline_of_one_line(self, page: bytes) -> None:
        assert "\n" not in read_headline(page, URL)
        assert "\n" not in read_headline(b"<title>" + page, URL)
