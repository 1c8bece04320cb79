"""Every byte that sites get from one briefing collect."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.cli.collect.web import guards, jpeg, page
from tests.cli.conftest import Run
from tests.test_fetch import page as answer
from tests.test_fetch import redirect, site

HEADERS = (
    "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip\r\n"
    "\r\n"
)


def test_a_site_gets_two_requests_and_nothing_in_them_identifies_the_editor(
    weekly: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ug_CN.UTF-8")

    def respond(request: bytes) -> Iterable[bytes]:
        path = request.split(b" ", 2)[1]
        if path == b"/story":
            return [redirect("/news?id=7&mc_eid=canary")]
        if path == b"/news?id=7":
            photo = '<meta property="og:image" content="/photo.jpg">'
            tracker = (
                '<img src="/matomo.php?rec=1"><img src="/b.gif" width="1">'
            )
            return answer(
                page(head=photo, figure=tracker),
                b"Content-Type: text/html",
                b"Set-Cookie: id=canary",
            )(request)
        return answer(jpeg(), b"Content-Type: image/jpeg")(request)

    with site(respond) as here:
        guards(monkeypatch, here.port)
        host = f"www.example.org:{here.port}"
        result = run("collect", f"http://{host}/story?mc_eid=canary#canary")
    assert result.exit_code == 0, result.output
    expected = [
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{HEADERS}"
        for path in ("/story", "/news?id=7", "/photo.jpg")
    ]
    assert [request.decode() for request in here.requests] == expected
