"""Readers who press a button, or that of their mail app, are unsubscribed, or have chosen another language,
before the page says so.
"""

import http.client
from pathlib import Path

import pytest

from briefing.joining.protocol import RequestKind, token_digest
from briefing.joining.seals import Seals
from briefing.joining.service import today
from briefing.joining.wishes import Change
from tests.joining.conftest import HOST, OTHER, TOKEN, Server, running


def left(server: Server) -> list[str]:
    """Return the digests of those who left."""
    return [
        request.body
        for request in server.requests()
        if request.kind is RequestKind.LEAVE
    ]


def test_looking_at_the_page_changes_nothing(server: Server) -> None:
    for method in ("GET", "HEAD", "GET"):
        assert server.ask(method, f"/leave/{TOKEN}").status == 200
    assert left(server) == []


def test_the_page_has_a_button_and_no_script(server: Server) -> None:
    page = server.get(f"/leave/{TOKEN}")
    assert page.heading == "Unsubscribe from Weekly Brief"
    assert f'<form method="post" action="/leave/{TOKEN}?lang=en">' in page.text
    assert "<script" not in page.text
    assert "refresh" not in page.text


def test_the_button_unsubscribes(server: Server) -> None:
    answer = server.post(f"/leave/{TOKEN}?lang=en")
    assert (answer.status, answer.heading) == (200, "You are unsubscribed")
    assert left(server) == [token_digest(TOKEN).hex()]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        ("", "text/plain"),
        ("\0\xff", "application/octet-stream"),
    ],
)
def test_the_one_click_of_mail_programs_does_whatever_its_body(
    server: Server, body: str, kind: str
) -> None:
    answer = server.ask(
        "POST", f"/leave/{TOKEN}", body.encode("latin-1"), Content_Type=kind
    )
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert left(server) == [token_digest(TOKEN).hex()]


def test_a_request_that_says_nothing_of_a_body_has_none(
    server: Server,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.putrequest("POST", f"/leave/{TOKEN}", skip_host=True)
    connection.putheader("Host", HOST)
    connection.endheaders()
    assert connection.getresponse().status == 200
    connection.close()
    assert len(left(server)) == 1


def test_a_second_click_says_the_same(server: Server) -> None:
    first = server.post(f"/leave/{TOKEN}")
    second = server.post(f"/leave/{TOKEN}")
    assert first.body == second.body
    assert len(left(server)) == 1


def test_a_later_leaving_comes_after_what_the_reader_did_meanwhile(
    server: Server,
) -> None:
    server.post(f"/leave/{TOKEN}")
    first = server.requests()[0].id
    server.post(f"/change/{TOKEN}", lang="de")
    server.post(f"/leave/{TOKEN}")
    kinds = [request.kind for request in server.requests()]
    assert kinds == [RequestKind.CHANGE, RequestKind.LEAVE]
    assert server.requests()[-1].id > first + 1


def test_an_unknown_token_gets_the_same_answer_and_is_not_kept(
    server: Server,
) -> None:
    known = server.post(f"/leave/{TOKEN}")
    unknown = server.post(f"/leave/{OTHER}")
    assert unknown.body == known.body
    assert unknown.status == known.status
    known.headers.pop("Date")
    unknown.headers.pop("Date")
    assert unknown.headers == known.headers
    assert left(server) == [token_digest(TOKEN).hex()]


def test_a_token_in_capitals_is_known(server: Server) -> None:
    server.post(f"/leave/{TOKEN.upper()}")
    assert left(server) == [token_digest(TOKEN).hex()]


@pytest.mark.parametrize(
    "token", [TOKEN[:-1], TOKEN + "0", TOKEN[:-1] + "g", "x", f"{TOKEN}."]
)
def test_whoever_copied_half_a_link_is_told_so(
    server: Server, token: str
) -> None:
    for answer in (
        server.get(f"/leave/{token}"),
        server.post(f"/leave/{token}"),
        server.get(f"/change/{token}"),
    ):
        assert answer.status == 404
        assert answer.heading == "This link isn’t complete"
        assert "mailto:brief@example.org" in answer.text
    assert left(server) == []


def test_before_home_has_sent_its_tokens_every_leaving_is_kept(
    folder: Path,
) -> None:
    with running(folder) as server:
        server.post(f"/leave/{OTHER}")
        assert left(server) == [token_digest(OTHER).hex()]
        server.send_tokens(TOKEN)
        server.post(f"/leave/{'e' * 30}")
        assert left(server) == [token_digest(OTHER).hex()]


class TestTheLanguage:
    def test_it_changes_at_once(self, server: Server) -> None:
        page = server.get(f"/change/{TOKEN}")
        assert page.text.count(f'action="/change/{TOKEN}?lang=en"') == 1
        assert page.text.count(f'action="/leave/{TOKEN}?lang=en"') == 1
        assert server.requests() == []
        answer = server.post(f"/change/{TOKEN}", lang="ug")
        assert answer.heading == "Thank you"
        day = today().isoformat()
        assert server.wishes() == [Change(TOKEN, "ug", confirmed=day)]

    def test_a_name_or_an_address_does_not(self, server: Server) -> None:
        """Those were fields of the page that earlier versions showed."""
        for lang in ("", "xx"):
            answer = server.post(
                f"/change/{TOKEN}", lang=lang, name="A", address="a@example.org"
            )
            assert answer.heading == "Unsubscribe from Weekly Brief"
        assert server.requests() == []

    def test_an_unknown_token_gets_the_same_answer(
        self, server: Server
    ) -> None:
        known = server.post(f"/change/{TOKEN}", lang="de")
        assert server.post(f"/change/{OTHER}", lang="de").body == known.body
        assert len(server.requests()) == 1

    def test_one_token_changes_it_a_few_times_a_day(
        self, server: Server
    ) -> None:
        answers = [
            server.post(f"/change/{TOKEN}", lang="de").status for _ in range(12)
        ]
        assert answers == [200] * 10 + [429] * 2


class TestLinksOfEarlierVersions:
    @pytest.mark.parametrize("path", ["/", "/find", "/join/an-invitation"])
    def test_pages_that_are_gone_lead_to_the_form(
        self, server: Server, path: str
    ) -> None:
        for answer in (server.get(path), server.post(path, address="a@b.org")):
            assert answer.status == 302
            assert answer.headers["Location"] == "/join"

    def test_nobody_changes_an_address_by_a_link(self, server: Server) -> None:
        key = (server.folder / ".briefing" / "joining.key").read_bytes()
        typed = ["change", "a@example.org", "en", TOKEN, "de", "Amina"]
        sealed = Seals(key).seal(typed, today())
        for path in (f"/undo/{TOKEN}/{'A' * 60}", f"/confirm/{sealed}"):
            for answer in (server.get(path), server.post(path)):
                assert answer.status == 410
                assert "mailto:brief@example.org" in answer.text
        assert server.requests() == []
