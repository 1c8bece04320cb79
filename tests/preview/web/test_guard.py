"""Who may look and who may post."""

import math
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from briefing.collecting.documents import size
from briefing.photos import pictures
from briefing.preview.page_files import read_files, version_of
from briefing.preview.web.access import Access
from briefing.preview.web.guard import LARGE, MOST_BYTES, guard, posted
from tests.preview.conftest import HOME, ORIGIN, PORT, SENTENCE, Get

SCRIPT = f"/page/{version_of(read_files())}/desk.js"


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
    for path in ("/", "/mail/en", "/changes", SCRIPT):
        response = get(path, headers={"Host": host})
        assert response.status_code == 400
        assert SENTENCE not in response.text


@pytest.mark.parametrize(
    "host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"]
)
def test_this_machine_is_served(
    stranger: FlaskClient, access: Access, host: str
) -> None:
    home = f"http://{host.lower()}{access.home}"
    stranger.get(f"/?token={access.token}", base_url=home)
    assert (
        stranger.get("/", base_url=home, headers={"Host": host}).status_code
        == 200
    )


# E2: no address leads to a file.


UNKNOWN_PATHS = [
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/mail/../briefing.toml",
    "/mail/..%2f..%2fetc%2fpasswd",
    "//etc/passwd",
    "/mail//en",
    "/mail/%00",
    "/mail/en%00",
    "/%00",
    "/mail/",
    "/mail/en/",
    "/mail/de",
    "/static/desk.css",
    "/templates/page.html",
    "/page/page.html",
    "/page/",
    "/page/../pages.py",
    "/page/..%2fpages.py",
    "/page/vendor/../desk.js/",
    "/issues/2020-10-09/issue.md",
    "/briefing.toml",
    "/favicon.ico",
    "/console",
]


def test_an_unknown_path_is_not_found(get: Get) -> None:
    get("/")
    found = {path: get(path).status_code for path in UNKNOWN_PATHS}
    assert found == dict.fromkeys(UNKNOWN_PATHS, 404)


def test_a_page_that_is_missing_says_where_the_issues_are(get: Get) -> None:
    said = get("/2020-10-99").get_data(as_text=True)
    assert said == (
        f"There is no such page. The list of all issues is at {HOME}issues\n"
    )


# E3: another user of this computer, or another page in the browser, is not admitted.


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/mail/en",
        "/changes",
        SCRIPT,
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


@pytest.mark.parametrize(
    "cookie", ["", "wrong", "\u00fc", "{token}", "{page_token}"]
)
def test_a_wrong_cookie_is_refused(
    stranger: FlaskClient, access: Access, cookie: str
) -> None:
    secret = cookie.format(token=access.token, page_token=access.page_token)
    stranger.set_cookie(f"briefing-{PORT}", secret, domain="127.0.0.1")
    assert stranger.get("/", base_url=HOME).status_code == 403


def test_any_cookie_of_another_program_may_stand_beside_it(
    app: Flask, access: Access
) -> None:
    # As a server gets the byte FF, which isn't UTF-8.
    cookies = f"theirs=\xff; {access.cookie_name}={access.cookie}"
    client = app.test_client(use_cookies=False)
    answer = client.get(
        "/mail/en", base_url=HOME, environ_overrides={"HTTP_COOKIE": cookies}
    )
    assert answer.status_code == 200
    assert SENTENCE in answer.text


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_can_use(
    stranger: FlaskClient, access: Access
) -> None:
    response = stranger.get(f"/?token={access.token}", base_url=HOME)
    assert response.status_code == 303
    assert response.location == access.home
    assert response.text.find(access.token) == -1
    cookie = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", f"Path={access.home}"} < set(
        cookie.split("; ")
    )
    assert SENTENCE in stranger.get("/mail/en", base_url=HOME).text


@pytest.mark.parametrize("path", ["/", "/mail/en", "/changes", SCRIPT, "/x/"])
def test_the_cookie_opens_nothing_without_the_secret_path(
    app: Flask, access: Access, path: str
) -> None:
    """If another user of this computer ever gets the cookie, the path is still missing."""
    cookie = f"{access.cookie_name}={access.cookie}"
    for root in (ORIGIN, HOME[:-2], f"{ORIGIN}/{'0' * 32}/"):
        refused = app.test_client(use_cookies=False).get(
            path, base_url=root, environ_overrides={"HTTP_COOKIE": cookie}
        )
        assert refused.status_code == 403


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


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_get_and_post_are_answered(
    get: Get, stranger: FlaskClient, method: str
) -> None:
    for path in ("/", "/mail/en", "/changes", SCRIPT):
        assert get(path, method=method).status_code == 405
        refused = stranger.open(path, method=method, base_url=HOME)
        assert refused.status_code == 403


# What another page could try to post from the editor's own browser.


@pytest.fixture
def poster(access: Access) -> FlaskClient:
    """The editor's browser in front of an app that answers what was posted."""
    app = Flask(__name__)
    guard(app, access)
    app.post("/edits")(posted)
    client = app.test_client()
    client.get(f"/?token={access.token}", base_url=HOME)
    return client


def post(
    poster: FlaskClient, access: Access, body: str = "{}", **headers: str | None
) -> TestResponse:
    """Post as the page does, with some headers changed or left out."""
    sent: dict[str, str | None] = {
        "Host": f"127.0.0.1:{PORT}",
        "Content-Type": "application/json",
        "Origin": ORIGIN,
        "Sec-Fetch-Site": "same-origin",
        "X-Briefing-Token": access.page_token,
    }
    for name, value in headers.items():
        sent[name.replace("_", "-")] = value
    given = {name: value for name, value in sent.items() if value is not None}
    return poster.post("/edits", data=body, base_url=HOME, headers=given)


def test_the_page_itself_may_post(poster: FlaskClient, access: Access) -> None:
    response = post(poster, access, '{"lang": "en"}')
    assert (response.status_code, response.json) == (200, {"lang": "en"})
    local = f"localhost:{PORT}"
    home = f"http://{local}{access.home}"
    poster.get(f"/?token={access.token}", base_url=home)
    response = poster.post(
        "/edits",
        json={},
        base_url=home,
        headers={
            "Origin": f"http://{local}",
            "Sec-Fetch-Site": "same-origin",
            "X-Briefing-Token": access.page_token,
        },
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=utf-8",
        "application/jsonx",
    ],
)
def test_only_json_is_taken(
    poster: FlaskClient, access: Access, kind: str | None
) -> None:
    assert post(poster, access, Content_Type=kind).status_code == 415


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.test",
        f"http://evil.test:{PORT}",
        "http://127.0.0.1",
        f"http://localhost:{PORT}",
        f"https://127.0.0.1:{PORT}",
        f"{ORIGIN}.evil.test",
    ],
)
def test_another_origin_is_refused(
    poster: FlaskClient, access: Access, origin: str | None
) -> None:
    assert post(poster, access, Origin=origin).status_code == 403


@pytest.mark.parametrize("site", [None, "cross-site", "same-site", "none"])
def test_another_site_is_refused_even_with_our_origin(
    poster: FlaskClient, access: Access, site: str | None
) -> None:
    assert post(poster, access, Sec_Fetch_Site=site).status_code == 403


def test_a_request_without_cors_needs_all_of_it_too(
    poster: FlaskClient, access: Access
) -> None:
    refused = post(
        poster,
        access,
        Sec_Fetch_Mode="no-cors",
        Sec_Fetch_Site="cross-site",
        Origin=None,
    )
    assert refused.status_code == 403


def test_without_the_page_token_nothing_is_taken(
    poster: FlaskClient, access: Access
) -> None:
    for token in (None, "", "wrong", access.token, access.cookie):
        response = post(poster, access, X_Briefing_Token=token)
        assert response.status_code == 403
        assert response.json is None


def test_a_stranger_cannot_post_even_with_the_page_token(
    poster: FlaskClient, access: Access
) -> None:
    stranger = poster.application.test_client()
    assert post(stranger, access).status_code == 403


@pytest.mark.parametrize(
    "host", [f"0.0.0.0:{PORT}", f"evil.test:{PORT}", f"[::1]:{PORT}"]
)
def test_a_post_to_another_host_is_refused(
    poster: FlaskClient, access: Access, host: str
) -> None:
    refused = post(poster, access, Host=host, Origin=f"http://{host}")
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("path", "most_bytes", "body"),
    [
        (
            "/photo",
            pictures.MOST_BYTES,
            '{"lang": "en", "part": "i1", "data": ""}',
        ),
        (
            "/files",
            size.MOST_BYTES,
            '{"lang": "en", "section": "s1", "name": "brief.docx", "data": ""}',
        ),
    ],
)
def test_the_largest_file_that_commands_take_can_be_posted(
    path: str, most_bytes: int, body: str
) -> None:
    in_base64 = 4 * math.ceil(most_bytes / 3)
    assert LARGE[path] > in_base64 + len(body)


def test_a_body_has_a_limit_and_a_length(
    poster: FlaskClient, access: Access
) -> None:
    full = '{"text": "' + "x" * (MOST_BYTES - 12) + '"}'
    assert len(full) == MOST_BYTES
    assert post(poster, access, full).status_code == 200
    assert post(poster, access, full + " ").status_code == 413
    chunked = post(
        poster, access, Content_Length="", Transfer_Encoding="chunked"
    )
    assert chunked.status_code == 411


@pytest.mark.parametrize(
    "body", ["{", "[]", '"text"', "null", "NaN", "{'a': 1}", "[" * 100_000]
)
def test_what_is_not_a_json_object_is_refused(
    poster: FlaskClient, access: Access, body: str
) -> None:
    response = post(poster, access, body)
    assert response.status_code == 400
    assert "Traceback" not in response.text


def test_no_answer_allows_another_site_to_read_it(
    get: Get, poster: FlaskClient, access: Access
) -> None:
    answers: list[Any] = [get("/"), get("/mail/en"), post(poster, access)]
    for answer in answers:
        assert not [
            name for name, _ in answer.headers if "allow" in name.lower()
        ]
