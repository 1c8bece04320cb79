"""Readers must be able to unsubscribe at the server that the emails lead to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefing.checks.online.answers import NetworkAnswers, SenderRecords
from briefing.checks.online.rules import unsubscribe_page as rule
from briefing.checks.online.unsubscribe_page import ask, ask_at
from briefing.configuration import settings
from tests.network.test_fetch import site

Answer = Callable[[str, str], bytes]
"""Returns the whole answer to a method and a path."""

PAGE = b'<h1>Unsubscribe?</h1><form method="post"><button>Yes</button></form>'
DONE = b"<h1>You are unsubscribed</h1>"


def ok(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def sound(method: str, _path: str) -> bytes:
    return ok(DONE if method == "POST" else PAGE)


def messages(answer: Answer) -> list[str]:
    """Return what the rule says about a server."""
    seen: list[str] = []

    def serve(request: bytes) -> Iterator[bytes]:
        method, path, _ = request.decode().split(" ", 2)
        seen.append(path)
        yield answer(method, path)

    with site(serve) as here:
        asked = ask_at(f"{here.url}leave/{{token}}", here.guard())
    answers = NetworkAnswers({}, {}, RECORDS, Path("briefing.toml"), asked)
    assert len(set(seen)) == 2
    return [problem.message for problem in rule.judge(answers)]


RECORDS = SenderRecords(
    "example.org", "example.org", None, None, None, None, False
)


def test_a_sound_server_is_fine() -> None:
    assert messages(sound) == []


def acts_on_links(_method: str, _path: str) -> bytes:
    return ok(DONE)


def knows_no_post(method: str, _path: str) -> bytes:
    return ok(b"", status=b"405 No") if method == "POST" else ok(PAGE)


def is_elsewhere(_method: str, _path: str) -> bytes:
    return ok(b"", status=b"404 Not Found")


def is_broken(method: str, _path: str) -> bytes:
    return ok(b"", status=b"503 No") if method == "POST" else ok(PAGE)


def hangs_up(_method: str, _path: str) -> bytes:
    return b""


def names_the_token(method: str, path: str) -> bytes:
    return ok(path.encode()) if method == "POST" else ok(PAGE)


def remembers(method: str, _path: str) -> bytes:
    return ok(DONE if method == "POST" else PAGE, b"Set-Cookie: a=b")


def redirects(_method: str, path: str) -> bytes:
    if path.endswith("/"):
        return ok(PAGE)
    return ok(b"", b"Location: " + path.encode() + b"/", status=b"302 Found")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (acts_on_links, "has no button, so mail filters"),
        (knows_no_post, "the button returned status 405"),
        (is_elsewhere, "the page with the button returned status 404"),
        (is_broken, "isn't working at the moment"),
        (names_the_token, "reveals who is a reader"),
        (remembers, "sets a cookie"),
    ],
)
def test_what_is_wrong_is_named(answer: Answer, words: str) -> None:
    (message,) = messages(answer)
    assert words in message
    assert "/leave/{token}" in message


def test_a_server_that_hangs_up_is_named() -> None:
    (message,) = messages(hangs_up)
    assert "readers can't unsubscribe" in message


def test_a_redirect_is_named() -> None:
    with site(
        lambda request: [redirects("", request.decode().split(" ")[1])]
    ) as here:
        asked = ask_at(f"{here.url}leave/{{token}}", here.guard())
    answers = NetworkAnswers({}, {}, RECORDS, Path("briefing.toml"), asked)
    (problem,) = rule.judge(answers)
    assert "redirects to another address" in problem.message


@pytest.mark.parametrize(
    "lines",
    [
        '[unsubscribe]\nurl = "https://example.org/u/{token}"\n',
        '[joining]\nurl = "https://join.example.org"\n',
        '[joining]\nurl = "https://join.example.org"\n'
        '[unsubscribe]\nurl = "https://join.example.org.example.net/{token}"\n',
    ],
)
def test_other_pages_are_never_asked(lines: str) -> None:
    """A page of somebody else might take any token for a reader's."""
    start = '[newsletter]\nname = "B"\nfrom = "b@example.org"\n'
    parsed = settings.parse(start + lines, Path("briefing.toml"))
    with site(lambda _request: []) as here:
        assert ask(parsed, here.guard("127.0.0.1")) is None
    assert here.requests == []
