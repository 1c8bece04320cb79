"""Every byte that sites get from one briefing collect."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.cli.collect.web import guards, jpeg, page, rss, settings
from tests.cli.conftest import Run
from tests.network.test_fetch import page as answer
from tests.network.test_fetch import redirect, site

REQUESTS = Path(__file__).parent / "data" / "requests.http"
"""The requests in their order; PORT stands for the port of the test's server."""


def test_sites_get_these_requests_and_nothing_in_them_identifies_the_editor(
    weekly: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ug_CN.UTF-8")

    def respond(request: bytes) -> Iterable[bytes]:
        path = request.split(b" ", 2)[1]
        if path == b"/feed.xml":
            entry = ("A story", f"http://{host}/story?mc_eid=canary#canary")
            feed = rss(entry)
            return answer(feed, b"Content-Type: text/xml")(request)
        if path == b"/story":
            return [redirect("/news?id=7&mc_eid=canary")]
        if path == b"/news?id=7":
            photo = (
                '<meta property="og:image" content="/photo.jpg?fbclid=canary">'
            )
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
        settings(weekly, f'feeds = ["http://{host}/feed.xml"]')
        result = run("collect", "--feed", "--all")
    assert result.exit_code == 0, result.output
    requests = b"".join(here.requests).decode()
    assert requests.count("\n") == requests.count("\r\n")
    written = requests.replace("\r\n", "\n").replace(str(here.port), "PORT")
    assert written == REQUESTS.read_text("utf-8")
