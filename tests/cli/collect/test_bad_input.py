"""briefing collect with bad input: the error is one line, and the inbox is unchanged."""

import errno
import gzip
import os
import re
import socket
import threading
from pathlib import Path

import pytest

from briefing.issue import store
from briefing.issue.model import Issue
from tests.cli.collect.web import (
    ADDRESS,
    SENTENCE,
    Web,
    assert_one_line,
    guards,
    head_of,
    items,
    jpeg,
    page,
    photo_of,
    saved,
    tree,
)
from tests.cli.conftest import Run


class TestBadInput:
    @pytest.mark.parametrize(
        ("address", "words"),
        [
            ("no address", "isn't a"),
            ("ftp://example.org/a", "must begin with https://"),
            ("javascript:alert(1)", "must begin with https://"),
            ("file:///etc/passwd", "must begin with https://"),
            ("data:text/html,<h1>A</h1>", "must begin with https://"),
            ("//example.org/a", "must begin with https://"),
            ("https://good.example@evil.example/", "contains a user name"),
            ("https://user:password@example.org/", "contains a user name"),
            ("https://example.org:22/", "has port 22"),
            (
                "http://127.0.0.1/",
                "is in a private network or on this computer",
            ),
            ("http://[::1]/", "is in a private network or on this computer"),
            (
                "http://2130706433/",
                "is in a private network or on this computer",
            ),
            (
                "http://[64:ff9b::7f00:1]/",
                "is in a private network or on this computer",
            ),
            ("https://exa\x1b[31mmple.org/\x9b", "isn't a"),
        ],
    )
    def test_an_address_that_cannot_be_fetched_is_reported_in_one_line(
        self, filled: Path, run: Run, address: str, words: str
    ) -> None:
        result = run("collect", address)
        assert_one_line(result, words)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", result.stderr)

    @pytest.mark.parametrize(
        "address",
        [
            "ftp://example.org/a",
            "javascript:alert(1)",
            "https://a@example.org/",
            "x",
        ],
    )
    def test_a_saved_page_also_needs_a_web_address(
        self, filled: Path, run: Run, address: str
    ) -> None:
        assert_one_line(
            run("collect", address, "--page", saved(filled, page()))
        )

    @pytest.mark.parametrize(
        ("body", "kind", "words"),
        [
            (
                b"%PDF-1.7",
                "application/pdf",
                "is application/pdf, not a web page",
            ),
            (b"%PDF-1.7", "text/html", "is a PDF"),
            (jpeg(), "image/jpeg", "is image/jpeg, not a web page"),
            (jpeg(), "text/html", "is a picture"),
            (b"\x89PNG\r\n\x1a\n", "text/html", "is a picture"),
            (b"GIF89a", "text/html", "is a picture"),
            (b"PK\x03\x04", "text/html", "is a"),
            (
                b"PK\x03\x04",
                "application/zip",
                "is application/zip, not a web page",
            ),
            (b"", "text/html", "is empty"),
            (b" \n ", "text/html", "is empty"),
            (b"<html></html>", "text/html", ""),
            (b"\0" * 5000, "text/html", ""),
        ],
    )
    def test_a_file_that_is_not_a_page_is_reported_in_one_line(
        self,
        filled: Path,
        run: Run,
        web: Web,
        body: bytes,
        kind: str,
        words: str,
    ) -> None:
        address = web.has("a", body, Content_Type=kind)
        assert_one_line(run("collect", address), address, words)

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_page_that_is_gone_is_reported(
        self, filled: Path, run: Run, web: Web, status: int
    ) -> None:
        assert_one_line(run("collect", web.has("a", page(), status)), "is gone")

    @pytest.mark.parametrize("status", [401, 403, 429, 451, 500, 503])
    def test_a_site_that_refuses_is_reported_with_advice(
        self, filled: Path, run: Run, web: Web, status: int
    ) -> None:
        result = run("collect", web.has("a", page(), status))
        assert_one_line(result, f"({status})", "--page")

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (
                b"<html><head><title>Your choice</title></head><body><p>Before you continue: we and our 211 partners"
                b" value your privacy.</p><button>Accept all</button></body></html>",
                "asks for consent first",
            ),
            (
                b"<html><head><title>Just a moment...</title></head><body><p>Checking your browser before you go on."
                b"</p></body></html>",
                "asks whether you are human",
            ),
            (
                page(text=(SENTENCE, "Subscribe now to continue reading.")),
                "shows only its beginning without a subscription",
            ),
            (
                b"<html><head><title>404 Not Article</title></head><body><h1>Page not found</h1><p>It isn't here.</p>",
                "is gone",
            ),
        ],
    )
    def test_a_blocked_page_is_refused_and_a_saved_one_only_warned_about(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        body: bytes,
        words: str,
    ) -> None:
        result = run("collect", web.has("a", body))
        assert_one_line(
            result, words, *(["--page"] if words != "is gone" else [])
        )
        assert result.stderr.count("--page") <= 1
        assert not inbox.exists()
        result = run("collect", ADDRESS, "--page", saved(weekly, body))
        assert result.exit_code == 0
        assert result.stderr.startswith("note: ")
        assert words in result.stderr
        assert "--page" not in result.stderr
        assert len(items(inbox)) == 1

    def test_an_unknown_charset_is_read_as_well_as_possible(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        head = '<meta http-equiv="Content-Type" content="text/html; charset=klingon">'
        address = web.has(
            "a",
            page("Überfall in Çeşme", head=head),
            Content_Type="text/html; charset=x-nonsense",
        )
        assert run("collect", address).exit_code == 0
        assert [item.heading for item in items(inbox)] == ["Überfall in Çeşme"]

    def test_utf_8_is_tried_before_what_is_declared(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        run(
            "collect",
            web.has(
                "a",
                page("Überfall in Çeşme"),
                Content_Type="text/html; charset=iso-8859-1",
            ),
        )
        assert [item.heading for item in items(inbox)] == ["Überfall in Çeşme"]

    @pytest.mark.parametrize("packed", [False, True])
    def test_a_page_of_ten_megabytes_is_refused(
        self, filled: Path, run: Run, web: Web, packed: bool
    ) -> None:
        body = page(text=("<b>" * 3_500_000,))
        address = (
            web.has("a", gzip.compress(body), Content_Encoding="gzip")
            if packed
            else web.has("a", body)
        )
        assert_one_line(run("collect", address), "5 MB")

    @pytest.mark.parametrize(
        "markup",
        [
            "<table><tr><td>",
            *(
                pytest.param(markup, marks=pytest.mark.long)
                for markup in ("<b>", "<div>", "&lt;")
            ),
        ],
    )
    def test_a_saved_page_of_ten_megabytes_is_read(
        self, weekly: Path, run: Run, markup: str
    ) -> None:
        name = saved(weekly, page(text=(markup * (10_000_000 // len(markup)),)))
        result = run("collect", ADDRESS, "--page", name, "--dry-run")
        assert result.exit_code in {0, 1}

    def test_a_saved_page_of_more_than_20_megabytes_is_refused(
        self, filled: Path, run: Run
    ) -> None:
        assert_one_line(
            run(
                "collect",
                ADDRESS,
                "--page",
                saved(filled, b" " * (20 * 1024**2 + 1)),
            ),
            "20 MB",
        )

    @pytest.mark.parametrize(
        ("name", "words"),
        [("nowhere.html", "there is no such file"), (".", "directory")],
    )
    def test_a_missing_saved_page_is_reported(
        self, filled: Path, run: Run, name: str, words: str
    ) -> None:
        assert_one_line(run("collect", ADDRESS, "--page", name), name, words)

    def test_circular_redirects_are_refused(
        self, filled: Path, run: Run, web: Web
    ) -> None:
        assert_one_line(
            run("collect", web.has("a", b"", 302, Location="/a")),
            "redirects more than 5 times",
        )
        assert len(web.asked) == 6

    @pytest.mark.parametrize(
        "target",
        ["http://127.0.0.1/", "http://169.254.169.254/", "http://[::1]:80/"],
    )
    def test_a_redirect_into_a_private_network_is_refused(
        self,
        filled: Path,
        run: Run,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
        target: str,
    ) -> None:
        def resolve(host: str, _port: int) -> list[str]:
            return ["127.0.0.1"] if host == "www.example.org" else [host]

        guards(monkeypatch, web.port, resolve)
        assert_one_line(
            run("collect", web.has("a", b"", 302, Location=target)),
            "is in a private network",
        )

    @pytest.mark.parametrize(
        "target",
        ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/"],
    )
    def test_a_redirect_to_something_else_than_a_web_address_is_refused(
        self, filled: Path, run: Run, web: Web, target: str
    ) -> None:
        assert_one_line(
            run("collect", web.has("a", b"", 302, Location=target)),
            "isn't a complete web address",
        )

    def test_a_page_that_arrives_too_slowly_is_abandoned(
        self, filled: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ended = threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))

        def drip() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
                )
                while not ended.wait(0.1):
                    try:
                        connection.sendall(b"a")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        guards(monkeypatch, port, seconds=1)
        try:
            assert_one_line(
                run("collect", f"http://127.0.0.1:{port}/"),
                "took longer than 1 second",
            )
        finally:
            ended.set()
            thread.join(5)
            listener.close()

    @pytest.mark.parametrize("there", [True, False])
    @pytest.mark.parametrize("breaks_at", [0, 1])
    def test_a_full_disk_leaves_the_inbox_as_it_was(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
        there: bool,
        breaks_at: int,
    ) -> None:
        if there:
            run("collect", web.has("old", page("A vote on water")))
        web.has("photo.jpg", jpeg())
        address = web.has("a", page(figure=photo_of(web), head=head_of(web)))
        before = tree(weekly)
        fsync, written = os.fsync, 0

        def full(descriptor: int) -> None:
            nonlocal written
            written += 1
            if written > 2 * breaks_at:  # a file, and the folder that it is in
                raise OSError(errno.ENOSPC, "No space left on device")
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", full)
        assert_one_line(run("collect", address), "the disk is full")
        assert tree(weekly) == before
        assert inbox.parent.exists() == there

    def test_an_inbox_that_is_edited_meanwhile_stays_as_edited(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        run("collect", web.has("old", page("A vote on water")))
        web.has("photo.jpg", jpeg())
        save = store.save

        def edited_first(edition: store.Edition, issue: Issue) -> store.Edition:
            inbox.write_text("# Inbox\n\nEdited.\n", "utf-8")
            return save(edition, issue)

        monkeypatch.setattr(store, "save", edited_first)
        result = run(
            "collect",
            web.has("a", page(figure=photo_of(web), head=head_of(web))),
        )
        assert_one_line(
            result, "issues/inbox/issue.md: was changed in the meantime"
        )
        assert tree(inbox.parent) == {"issue.md": b"# Inbox\n\nEdited.\n"}

    def test_an_inbox_that_cannot_be_read_is_not_touched(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        inbox.parent.mkdir()
        inbox.write_text("# Inbox\n\n### B\nsorce: BBC\n", "utf-8")
        before = tree(weekly)
        web.has("photo.jpg", jpeg())
        result = run(
            "collect",
            web.has("a", page(figure=photo_of(web), head=head_of(web))),
        )
        assert_one_line(result, "issues/inbox/issue.md, line 4")
        assert tree(weekly) == before

    def test_a_file_is_not_a_link_and_the_option_for_it_is_named(
        self, weekly: Path, run: Run
    ) -> None:
        name = saved(weekly, page())
        result = run("collect", str(weekly / name))
        assert result.exit_code == 2
        assert "is a file; for a saved page, use --page" in " ".join(
            result.stderr.split()
        )

    def test_a_saved_page_that_does_not_say_its_address_needs_it(
        self, weekly: Path, run: Run
    ) -> None:
        assert_one_line(
            run("collect", "--page", saved(weekly, page())),
            "saved.html: doesn't say where it was saved from; give its address as well",
        )

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["--feed", ADDRESS],
            ["--page", "a.html", "--feed"],
            ["a", "b", "--page", "a.html"],
            [ADDRESS, "--all"],
        ],
    )
    def test_options_that_exclude_each_other_are_a_usage_error(
        self, weekly: Path, run: Run, arguments: list[str]
    ) -> None:
        assert run("collect", *arguments).exit_code == 2

    def test_outside_a_newsletter_the_error_says_what_to_do(
        self, run: Run, offline: None
    ) -> None:
        assert "briefing init DIR" in run("collect", ADDRESS).stderr
