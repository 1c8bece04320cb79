"""The SendGrid server, tested with SendGrid's library and the standard library's client."""

import http.client
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest

from tests.sending.servers.sendgrid import (
    Action,
    Answer,
    BadReaders,
    HalfAnswer,
    Kill,
    NoAnswer,
    Redirect,
    Reset,
    SendGridServer,
    SgRule,
    TooMany,
    UnnamedBad,
    rendered,
)

SENDER = "brief@example.org"


def tracking() -> dict[str, Any]:
    names = (
        "click_tracking",
        "open_tracking",
        "subscription_tracking",
        "ganalytics",
    )
    settings: dict[str, Any] = {name: {"enable": False} for name in names}
    settings["click_tracking"]["enable_text"] = False
    return settings


def request(*addresses: str, **more: Any) -> dict[str, Any]:
    return {
        "personalizations": [
            {
                "to": [{"email": address}],
                "substitutions": {"-name-": address[0].upper()},
            }
            for address in addresses
        ],
        "from": {"email": SENDER},
        "subject": "For -name-",
        "content": [
            {"type": "text/plain", "value": "Dear -name-,"},
            {"type": "text/html", "value": "<p>Dear -name-,"},
        ],
        "headers": {"List-Id": "<brief.example.org>"},
        "tracking_settings": tracking(),
        **more,
    }


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def call(
    server: SendGridServer,
    path: str = "/v3/mail/send",
    body: Any = None,
    *,
    method: str = "POST",
    key: str = "SG.key",
) -> tuple[int, Any, Message]:
    content = (
        body
        if isinstance(body, bytes)
        else None
        if body is None
        else json.dumps(body).encode()
    )
    asked = urllib.request.Request(  # noqa: S310  # our own server
        server.url + path,
        content,
        {"Authorization": f"Bearer {key}"},
        method=method,
    )
    try:
        with urllib.request.build_opener(NoRedirect).open(
            asked, timeout=60
        ) as answer:
            return (
                answer.status,
                json.loads(answer.read() or "null"),
                answer.headers,
            )
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or "null"), error.headers


def fields(answer: tuple[int, Any, Message]) -> list[str | None]:
    assert answer[0] == 400
    return [error["field"] for error in answer[1]["errors"]]


def test_its_own_library_sends_an_email() -> None:
    library = pytest.importorskip("sendgrid")
    with SendGridServer() as server:
        answer = library.SendGridAPIClient("SG.key", host=server.url).send(
            request("a@example.org")
        )
        assert answer.status_code == 202
        assert answer.headers["X-Message-Id"]
    assert [accepted.address for accepted in server.accepted] == [
        "a@example.org"
    ]
    assert server.requests[0].headers["authorization"] == "Bearer SG.key"
    assert server.violations == []


def test_each_reader_of_a_request_is_kept_with_what_they_get() -> None:
    with SendGridServer() as server:
        status, nothing, _ = call(
            server, body=request("a@example.org", "b@example.org")
        )
    assert (status, nothing, server.count) == (202, None, 2)
    assert rendered(server.accepted[1]) == {
        "subject": "For B",
        "text": "Dear B,",
        "html": "<p>Dear B,",
        "headers": {"List-Id": "<brief.example.org>"},
    }


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{", None),
        (request(), "personalizations"),
        (
            request(*(f"r{number}@example.org" for number in range(1001))),
            "personalizations",
        ),
        (
            request("a@example.org", "A <b@example.org>"),
            "personalizations.1.to.0.email",
        ),
        (
            request("a@example.org", "b@example.org", "A@example.org"),
            "personalizations.2.to.0.email",
        ),
        (request("a@example.org", content=[]), "content"),
        (
            request("a@example.org", content=request()["content"][::-1]),
            "content",
        ),
        (request("a@example.org", subject=""), "subject"),
        (
            request("a@example.org", send_at=int(time.time()) + 80 * 3600),
            "send_at",
        ),
        (request("a@example.org", batch_id="unheard-of"), "batch_id"),
        (
            request("a@example.org", headers={"Reply-To": "a@example.org"}),
            "headers",
        ),
    ],
)
def test_what_is_refused_names_its_field(body: Any, field: str | None) -> None:
    with SendGridServer() as server:
        assert fields(call(server, body=body)) == [field]
    assert server.accepted == []


@pytest.mark.parametrize(
    "bad",
    [{"-n-": 1}, {f"-{n}-": "x" for n in range(151)}, {"-n-": "é" * 5000}],
)
def test_substitutions_have_limits(bad: dict[str, Any]) -> None:
    body = request("a@example.org")
    body["personalizations"][0]["substitutions"] = bad
    with SendGridServer() as server:
        assert fields(call(server, body=body)) == [
            "personalizations.0.substitutions"
        ]


def test_requests_we_never_make_are_noted() -> None:
    body = request("a@example.org", tracking_settings={})
    body["personalizations"][0]["cc"] = [{"email": "b@example.org"}]
    with SendGridServer() as server:
        assert call(server, body=body)[0] == 202
    assert len(server.violations) == 6


def test_the_longest_body_passes_and_one_byte_more_does_not() -> None:
    body = json.dumps(request("a@example.org")).encode()
    with SendGridServer() as server:
        assert call(server, body=body.ljust(29_999_999))[0] == 202
        assert call(server, body=body.ljust(30_000_000))[0] == 413
    assert server.count == 1


def test_a_wrong_key_and_a_key_that_may_not_send() -> None:
    with SendGridServer(scopes=["mail.batch.create"]) as server:
        assert call(server, "/v3/scopes", method="GET", key="other")[:2] == (
            401,
            {"errors": [{"field": None, "message": "authorization required"}]},
        )
        assert call(server, "/v3/scopes", method="GET")[:2] == (
            200,
            {"scopes": ["mail.batch.create"]},
        )
        assert call(server, body=request("a@example.org"))[0] == 403


def test_a_batch_is_cancelled_once() -> None:
    scheduled = "/v3/user/scheduled_sends"
    with SendGridServer() as server:
        status, made, _ = call(server, "/v3/mail/batch")
        assert status == 201
        cancel = {**made, "status": "cancel"}
        assert (
            call(
                server, body=request("a@example.org", batch_id=made["batch_id"])
            )[0]
            == 202
        )
        path = f"{scheduled}/{made['batch_id']}"
        assert call(server, path, method="GET")[:2] == (200, [])
        assert call(server, path, {"status": "pause"}, method="PATCH")[0] == 404
        assert call(server, scheduled, cancel)[:2] == (201, cancel)
        assert call(server, scheduled, cancel)[0] == 400
        assert call(server, path, {"status": "pause"}, method="PATCH")[0] == 204
        assert call(server, scheduled, method="GET")[:2] == (
            200,
            [{**made, "status": "pause"}],
        )
        assert call(server, "/v3/nothing")[0] == 404


def test_readers_are_named_as_bad_until_they_are_left_out() -> None:
    readers = ["a@example.org", "bad@example.org", "worse@example.org"]
    rule = SgRule(
        BadReaders(lambda address: address.startswith(("bad", "worse")))
    )
    with SendGridServer(rule) as server:
        named = fields(call(server, body=request(*readers)))
        assert named == [
            "personalizations.1.to.0.email",
            "personalizations.2.to.0.email",
        ]
        assert call(server, body=request(*readers[:1]))[0] == 202


def test_a_bad_reader_is_not_named() -> None:
    with SendGridServer(
        SgRule(UnnamedBad(lambda address: address.startswith("bad")))
    ) as server:
        assert fields(
            call(server, body=request("a@example.org", "bad@example.org"))
        ) == [None]
        assert call(server, body=request("a@example.org"))[0] == 202


def test_rules_replace_answers_in_turn() -> None:
    rules = [
        SgRule(Answer(503, {"errors": []}, {"Retry-After": "1"}), nth=1),
        SgRule(Redirect("http://127.0.0.1:1/"), nth=2),
        SgRule(TooMany(reset_in=2), times=1),
        SgRule(
            Answer(500), path="/v3/mail/batch", when=lambda body: body is None
        ),
    ]
    with SendGridServer(*rules, clock=lambda: 1000) as server:
        answers = [
            call(server, body=request("a@example.org")) for _ in range(4)
        ]
        assert call(server, "/v3/mail/batch")[0] == 500
    assert [status for status, _, _ in answers] == [503, 302, 429, 202]
    assert answers[0][2]["Retry-After"] == "1"
    assert answers[1][2]["Location"] == "http://127.0.0.1:1/"
    assert answers[2][2]["X-RateLimit-Reset"] == "1002"
    assert server.received == 5


@pytest.mark.parametrize(
    ("action", "kept"),
    [
        (Reset(before=True), 0),
        (Reset(before=False), 1),
        (HalfAnswer(accepted=True), 1),
        (HalfAnswer(accepted=False), 0),
        (NoAnswer(0.01, accepted=True), 1),
        (NoAnswer(0.01, accepted=False), 0),
        (Kill(lambda: None, accepted=False), 0),
    ],
)
@pytest.mark.parametrize("when", [None, lambda body: body is not None])
def test_a_connection_that_breaks_off(
    action: Action, kept: int, when: Callable[[Any], bool] | None
) -> None:
    body = json.dumps(request("a@example.org")).encode().ljust(5_000_000)
    with SendGridServer(SgRule(action, when=when, times=1)) as server:
        with pytest.raises((OSError, http.client.HTTPException)):
            call(server, body=body)
        assert server.count == kept
        assert call(server, body=body)[0] == 202


def test_one_connection_takes_many_requests() -> None:
    asked = b"GET /v3/scopes HTTP/1.1\r\nAuthorization: Bearer SG.key\r\n\r\n"
    with (
        SendGridServer() as server,
        socket.create_connection(
            ("127.0.0.1", server.port), timeout=60
        ) as connection,
    ):
        connection.sendall(
            asked * 2
            + asked.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        with connection.makefile("rb") as file:
            assert file.read().count(b"HTTP/1.1 200 OK") == 3


def test_lean_it_only_counts() -> None:
    body = request(*(f"r{number}@example.org" for number in range(1000)))
    with SendGridServer(lean=True) as server:
        assert [call(server, body=body)[0] for _ in range(3)] == [202] * 3
    assert (
        server.count,
        server.received,
        server.requests,
        server.accepted,
    ) == (
        3000,
        3,
        [],
        [],
    )
