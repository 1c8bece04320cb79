"""The web app of the preview: who gets in, what a page contains, and that it can't change anything."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from briefing.newsletter import Newsletter
from briefing.preview.access import Access
from briefing.preview.app import MAIL_POLICY, create
from briefing.preview.changes import Changes
from briefing.preview.snapshots import Snapshots, View

PORT = 8123
HOME = f"http://127.0.0.1:{PORT}"
SENTENCE = "The court has ruled"
"""A sentence from the draft, which no one else may see."""

Get = Callable[..., TestResponse]


@pytest.fixture
def access() -> Access:
    return Access()


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
def app(
    newsletter: Newsletter,
    folder: Path,
    changes: Changes,
    access: Access,
    reports: list[str],
) -> Flask:
    return create(
        Snapshots(newsletter, folder), changes, access, PORT, reports.append
    )


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


# E1: a name that resolves to 127.0.0.1 must not make a stranger's page same-origin with ours.


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.test",
            f"evil.test:{PORT}",
            f"127.0.0.1.evil.test:{PORT}",
            "",
            f"[::1]:{PORT}",
            f"0.0.0.0:{PORT}",
        ),
        *(
            "127.0.0.1",
            "127.0.0.1:1",
            f"localhost:{PORT}.evil.test",
            f"127.0.0.1:{PORT}, evil.test",
            f"2130706433:{PORT}",
        ),
    ],
)
def test_any_other_host_is_refused_even_with_the_cookie(
    get: Get, host: str
) -> None:
    for path in ("/", "/mail/en", "/changes"):
        response = get(path, headers={"Host": host})
        assert response.status_code == 400
        assert SENTENCE not in response.text


@pytest.mark.parametrize(
    "host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"]
)
def test_this_machine_is_served(
    stranger: FlaskClient, access: Access, host: str
) -> None:
    stranger.get(f"/?token={access.token}", base_url=f"http://{host.lower()}")
    assert (
        stranger.get(
            "/", base_url=f"http://{host.lower()}", headers={"Host": host}
        ).status_code
        == 200
    )


# E2: no address leads to a file.


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/mail/../briefing.toml",
            "/mail/..%2f..%2fetc%2fpasswd",
        ),
        *(
            "//etc/passwd",
            "/mail//en",
            "/mail/%00",
            "/mail/en%00",
            "/%00",
            "/mail/",
            "/mail/en/",
            "/mail/de",
            "/static/page.css",
        ),
        *(
            "/templates/page.html",
            "/issues/2020-10-09/issue.md",
            "/briefing.toml",
            "/favicon.ico",
            "/console",
        ),
    ],
)
def test_an_unknown_path_is_not_found(get: Get, path: str) -> None:
    get("/")
    assert get(path).status_code == 404


def test_a_photo_is_part_of_the_page_and_a_link_out_of_the_folder_is_refused(
    get: Get, issue: Path
) -> None:
    Image.new("RGB", (40, 20), "#336699").save(issue.parent / "map.png")
    issue.write_text(
        issue.read_text("utf-8").replace(
            "source: BBC", "source: BBC\nimage: map.png\nalt: Map"
        ),
        "utf-8",
    )
    get("/")
    assert re.findall(r'src="([^"]{11})', get("/mail/en").text) == [
        "data:image/"
    ]
    (issue.parent / "map.png").unlink()
    (issue.parent / "map.png").symlink_to("/etc/passwd")
    assert "isn&#39;t in the issue&#39;s folder" in get("/").text


# E3: another user of this computer, or another page in the browser, is not admitted.


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/mail/en",
        "/changes",
        "/?token=",
        "/?token=wrong",
        "/?token=\u0442",
        "/nothing",
    ],
)
def test_without_the_token_no_one_is_admitted(
    stranger: FlaskClient, path: str
) -> None:
    response = stranger.get(path, base_url=HOME)
    assert response.status_code == 403
    assert SENTENCE not in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("cookie", ["", "wrong", "\u00fc"])
def test_a_wrong_cookie_is_refused(stranger: FlaskClient, cookie: str) -> None:
    stranger.set_cookie(f"briefing-{PORT}", cookie, domain="127.0.0.1")
    assert stranger.get("/", base_url=HOME).status_code == 403


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_can_use(
    stranger: FlaskClient, access: Access
) -> None:
    response = stranger.get(f"/?token={access.token}", base_url=HOME)
    assert response.status_code == 303
    assert response.location == "/"
    assert response.text.find(access.token) == -1
    cookie = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} < set(cookie.split("; "))
    assert SENTENCE in stranger.get("/", base_url=HOME).text


def test_the_token_opens_again_and_a_ticket_once(
    app: Flask, access: Access
) -> None:
    ticket = access.ticket()
    seen = [
        app.test_client().get(f"/?token={key}", base_url=HOME).status_code
        for key in (access.token, ticket, ticket, access.token)
    ]
    assert seen == [303, 303, 403, 303]


@pytest.mark.parametrize(
    "path", ["/", "/mail/en", "/changes?seen=-1", "/nothing"]
)
def test_a_browser_keeps_the_page_to_itself(get: Get, path: str) -> None:
    get("/")
    headers = get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-DNS-Prefetch-Control"] == "off"
    assert "frame-ancestors" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


# E4: it can't be used to change anything.


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
)
def test_only_get_is_answered(
    get: Get, stranger: FlaskClient, access: Access, method: str
) -> None:
    for path in ("/", "/mail/en", "/changes"):
        assert (
            get(
                path, method=method, headers={"Origin": "https://evil.test"}
            ).status_code
            == 405
        )
        assert (
            stranger.open(path, method=method, base_url=HOME).status_code == 403
        )
    assert (
        stranger.open(
            f"/?token={access.token}", method=method, base_url=HOME
        ).status_code
        == 403
    )


def test_looking_changes_no_file(get: Get, newsletter: Newsletter) -> None:
    def files() -> dict[Path, bytes]:
        return {
            path: path.read_bytes()
            for path in newsletter.root.rglob("*")
            if path.is_file()
        }

    before = files()
    for path in ("/", "/?lang=ug", "/mail/en", "/mail/ug"):
        assert get(path).status_code == 200
    assert files() == before


# E5: whatever a draft contains, it runs nothing and contacts no one.


def test_the_mail_has_a_strict_policy_and_a_sandboxed_frame(get: Get) -> None:
    page = get("/").text
    assert re.search(r'<iframe[^>]* src="/mail/en#changed" sandbox>', page)
    policy = get("/mail/en").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"
    )
    assert policy == MAIL_POLICY


def test_a_frame_in_a_template_is_shown_as_text_because_browsers_connect_before_they_refuse_it(
    get: Get, newsletter: Newsletter
) -> None:
    (newsletter.root / "templates").mkdir()
    (newsletter.root / "templates" / "footer.html.j2").write_text(
        "<IFRAME src='https://evil.test/'></IFRAME>", "utf-8"
    )
    get("/")
    mail = get("/mail/en").text
    assert "&lt;iframe" in mail
    assert "<iframe" not in mail.lower()


def test_markup_in_the_draft_is_text_on_the_page(get: Get, issue: Path) -> None:
    hostile = '</pre><script>alert(1)</script>"onload=x'
    issue.write_text(
        issue.read_text("utf-8").replace("# Weekly Brief", f"# {hostile}", 1),
        "utf-8",
    )
    page = get("/").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    issue.write_text(f"# T\n{hostile}: x\n", "utf-8")
    assert "<script>alert" not in get("/").text


def test_the_page_runs_only_its_own_script_and_loads_nothing_from_elsewhere(
    get: Get,
) -> None:
    first, second = get("/"), get("/")
    nonces = [
        re.findall(r'nonce="([^"]+)"', page.text) for page in (first, second)
    ]
    assert [len(set(found)) for found in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    assert (
        f"script-src 'nonce-{nonces[0][0]}'"
        in first.headers["Content-Security-Policy"]
    )
    assert "unsafe" not in first.headers["Content-Security-Policy"]
    chrome = first.text.split("<pre")[0]
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', chrome)


# E6: never the debugger.


def test_flask_debug_in_the_environment_changes_nothing(
    newsletter: Newsletter, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    access, reports = Access(), list[str]()
    app = create(
        _Broken(newsletter, folder), Changes(), access, PORT, reports.append
    )
    assert not app.debug
    client = app.test_client()
    client.get(f"/?token={access.token}", base_url=HOME)
    response = client.get("/", base_url=HOME)
    assert response.status_code == 500
    assert "Traceback" not in response.text


def test_a_bug_is_a_panel_and_one_line_in_the_terminal(
    newsletter: Newsletter, folder: Path
) -> None:
    access, reports = Access(), list[str]()
    client = create(
        _Broken(newsletter, folder), Changes(), access, PORT, reports.append
    ).test_client()
    client.get(f"/?token={access.token}", base_url=HOME)
    response = client.get("/", base_url=HOME)
    assert "a bug in briefing (KeyError, test_app.py line" in response.text
    assert "reader@" not in response.text
    assert len(reports) == 1
    assert "\n" not in reports[0]


class _Broken(Snapshots):
    def take(self, lang: str) -> View:
        raise KeyError("reader@example.org", lang)


# What is shown.


def test_the_page_shows_subject_editions_and_text_and_the_frame_the_mail(
    get: Get,
) -> None:
    page = get("/").text
    assert "<title>Weekly Brief, 9 October 2020 – preview</title>" in page
    assert re.findall(
        r'href="/\?lang=(\w+)" lang="\w+"( aria-current="page")?>([^<]+)<', page
    ) == [
        ("en", ' aria-current="page"', "English"),
        ("ug", "", "ئۇيغۇرچە"),
    ]
    assert re.search(
        r'<pre lang="en" dir="ltr">[^<]*A\sruling\s&lt;on&gt;\smaps', page
    )
    mail = get("/mail/en").text
    assert "Amina Example" in mail + page
    assert "https://example.org/unsubscribe" in mail


def test_another_edition_has_its_own_language_and_direction(get: Get) -> None:
    page = get("/?lang=ug").text
    assert '<pre lang="ug" dir="rtl">' in page
    assert 'src="/mail/ug#changed"' in page
    assert 'dir="rtl"' in get("/mail/ug").text


def test_an_issue_in_one_language_has_no_switch(get: Get, folder: Path) -> None:
    (folder / "issue.ug.md").unlink()
    assert "?lang=" not in get("/").text


@pytest.mark.parametrize("lang", ["de", "../en", "<script>", ""])
def test_a_language_without_an_edition_shows_the_first(
    get: Get, lang: str
) -> None:
    page = get("/", query_string={"lang": lang}).text
    assert 'src="/mail/en#changed"' in page


def test_each_load_shows_the_files_as_they_are_now(
    get: Get, issue: Path
) -> None:
    get("/")
    issue.write_text(
        issue.read_text("utf-8").replace("Nothing new", "Something new"),
        "utf-8",
    )
    assert "Something new" in get("/").text
    assert "Something new" in get("/mail/en").text


# Errors are shown with their place.


def _panel(page: str) -> str:
    found = re.search(r'<section class="problem".*?</section>', page, re.DOTALL)
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", found[0])).strip()
        if found
        else ""
    )


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("### A second", "\t### A second", 12),
        ("### A second", "###A second", 12),
        ("maps\nsource", "maps\n\nsource", 7),
    ],
)
def test_an_error_that_stops_a_send_is_shown_above_the_mail_as_it_is_now(
    get: Get, issue: Path, before: str, after: str, line: int
) -> None:
    text = issue.read_text("utf-8").replace("Nothing new", "Something new")
    issue.write_text(text.replace(before, after), "utf-8")
    page = get("/").text
    assert f"issue.md, line {line} readers would see" in _panel(page)
    assert "The issue can’t be sent like this." in _panel(page)
    assert "Something new" in page
    assert '<main class="old">' not in page
    assert not _panel(get("/?lang=ug").text)


def test_all_mistakes_of_format_are_shown_at_once(
    get: Get, issue: Path
) -> None:
    text = issue.read_text("utf-8").replace("source: BBC", "sourc: BBC")
    issue.write_text(text.replace("Nothing new", "#### Nothing new"), "utf-8")
    panel = _panel(get("/").text)
    assert "line 6 there is no header line" in panel
    assert "line 14 there is a heading inside a text" in panel


def test_an_error_in_the_issue_is_shown_with_file_line_and_advice_until_it_is_corrected(
    get: Get, issue: Path
) -> None:
    good = issue.read_text("utf-8")
    assert not _panel(get("/").text)
    issue.write_text(good.replace("source: BBC", "sourc: BBC"), "utf-8")
    page = get("/").text
    assert "issue.md, line 6 " in _panel(page)
    assert "did you mean &#39;source:&#39;?" in _panel(page)
    assert "Below is the last version that worked." in _panel(page)
    assert SENTENCE in page
    issue.write_text(good, "utf-8")
    assert not _panel(get("/").text)


def test_a_preview_that_starts_with_an_error_shows_only_the_panel(
    get: Get, issue: Path
) -> None:
    issue.write_text("no title\n", "utf-8")
    page = get("/").text
    assert "issue.md, line 1 an issue begins with its title" in _panel(page)
    assert "Below" not in _panel(page)
    assert "<iframe" not in page
    assert get("/mail/en").status_code == 404


def test_a_broken_template_is_named_with_its_line(
    get: Get, newsletter: Newsletter
) -> None:
    templates = newsletter.root / "templates"
    templates.mkdir()
    (templates / "footer.html.j2").write_text(
        "<p>\n{{ nothing }}\n</p>\n", "utf-8"
    )
    assert "templates/footer.html.j2, line 2 can&#39;t be rendered" in _panel(
        get("/").text
    )
    (templates / "footer.html.j2").write_text("{% if %}", "utf-8")
    assert "templates/footer.html.j2, line 1 can&#39;t be read" in _panel(
        get("/").text
    )


def test_broken_settings_are_named_with_their_line(
    get: Get, newsletter: Newsletter
) -> None:
    settings = newsletter.root / "briefing.toml"
    good = settings.read_text("utf-8")
    settings.write_text(good.replace("name =", "nam ="), "utf-8")
    assert "briefing.toml, line 2 there is no setting &#39;nam&#39;" in _panel(
        get("/").text
    )
    settings.unlink()
    assert "briefing.toml: there is no such file" in _panel(get("/").text)
    settings.write_text(good, "utf-8")
    assert not _panel(get("/").text)


def test_a_file_that_is_not_a_picture_is_named(get: Get, issue: Path) -> None:
    (issue.parent / "map.jpg").write_bytes(b"no picture")
    issue.write_text(
        issue.read_text("utf-8").replace(
            "source: BBC", "source: BBC\nimage: map.jpg"
        ),
        "utf-8",
    )
    assert "map.jpg isn&#39;t a picture that a mail can show" in _panel(
        get("/").text
    )


def test_an_issue_that_disappears_is_a_panel_until_it_returns(
    get: Get, folder: Path
) -> None:
    get("/")
    folder.rename(folder.with_name("2020-10-16"))
    panel = _panel(get("/").text)
    assert "there is no issue" in panel
    assert "2020-10-16" in panel
    folder.with_name("2020-10-16").rename(folder)
    assert not _panel(get("/").text)


def test_an_unreadable_file_is_a_panel(get: Get, issue: Path) -> None:
    issue.unlink()
    issue.mkdir()
    assert "issue.md can&#39;t be read" in _panel(get("/").text)


# The stream of changes.


def test_the_stream_reports_a_change_since_the_page_was_made_and_ends(
    get: Get, changes: Changes
) -> None:
    seen = re.search(r'data-seen="(\d+)"', get("/").text)
    assert seen
    changes.announce()
    response = get(f"/changes?seen={seen[1]}")
    assert response.mimetype == "text/event-stream"
    assert response.text == ":\n\ndata: changed\n\n"


def test_the_stream_ends_with_the_preview(get: Get, changes: Changes) -> None:
    changes.end()
    assert get("/changes?seen=0").text == ":\n\n"
