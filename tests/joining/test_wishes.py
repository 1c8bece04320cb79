"""What readers ask for is opened by editors only, and read strictly."""

import base64
import dataclasses
import json
from typing import Any

import pyrage
import pytest

from briefing.joining.protocol import Request, RequestKind, UnreadableError
from briefing.joining.wishes import (
    BLOCK,
    Change,
    Find,
    Join,
    Queued,
    Wish,
    decrypt,
    encrypt,
    parse_public_keys,
)
from tests.joining.conftest import EDITOR, TOKEN

COLLEAGUE, STRANGER = (pyrage.x25519.Identity.generate() for _ in range(2))
KEYS = parse_public_keys([str(EDITOR.to_public()), str(COLLEAGUE.to_public())])
DAY = "2020-10-09"

JOIN = Join(
    address="amina@example.org",
    lang="ug",
    name="ئامىنە",
    form="page",
    wording="I want to get it.",
    asked=DAY,
    confirmed=DAY,
)
SAMPLES: list[Wish] = [
    JOIN,
    Change(token=TOKEN, lang="de", confirmed=DAY),
    Change(token=TOKEN, name="Amina", address="a@example.net", confirmed=DAY),
    Find("amina@example.org"),
    Queued("a@example.org"),
]


def request_of(wish: Wish) -> Request:
    return Request(7, wish.kind, DAY, encrypt(wish, KEYS))


def request_with(kind: RequestKind, plain: bytes) -> Request:
    """A request whose plaintext the server wouldn't write."""
    data = pyrage.encrypt(plain, list(KEYS))
    return Request(7, kind, DAY, base64.b64encode(data).decode())


@pytest.mark.parametrize("wish", SAMPLES, ids=lambda wish: wish.kind)
@pytest.mark.parametrize("identity", [EDITOR, COLLEAGUE])
def test_each_editor_opens_them(
    wish: Wish, identity: pyrage.x25519.Identity
) -> None:
    assert decrypt(request_of(wish), [identity]) == wish


def test_nobody_else_does() -> None:
    with pytest.raises(UnreadableError, match="none of these keys"):
        decrypt(request_of(JOIN), [STRANGER])


def test_their_length_does_not_tell_that_of_an_address() -> None:
    short = dataclasses.replace(JOIN, address="a@example.org", name="")
    for wish in (JOIN, short):
        data = base64.b64decode(encrypt(wish, KEYS))
        assert len(pyrage.decrypt(data, [EDITOR])) == BLOCK


@pytest.mark.parametrize("kind", [Join, Change])
def test_a_name_is_no_link_either_if_someone_has_broken_into_the_server(
    kind: type[Join | Change],
) -> None:
    fields = dataclasses.asdict(JOIN) | {"token": TOKEN, "lang": "de"}
    plain = json.dumps(fields | {"name": "Win at https://evil.example/x"})
    opened = decrypt(request_with(kind.kind, plain.encode()), [EDITOR])
    assert isinstance(opened, Join | Change)
    assert opened.name == "Win at https evil. example x"


def test_no_traceback_names_a_reader() -> None:
    assert repr(JOIN) == "Join()"


@pytest.mark.parametrize(
    "change",
    [
        {"address": "amina@"},
        {"address": "a@example.org\nBcc: b@example.org"},
        {"address": 5},
        {"lang": "<b>"},
        {"form": "a b"},
        {"asked": "yesterday"},
    ],
)
def test_a_seized_server_cannot_write_just_anything(
    change: dict[str, Any],
) -> None:
    plain = json.dumps({**dataclasses.asdict(JOIN), **change}).encode()
    with pytest.raises(UnreadableError, match="isn't a join"):
        decrypt(request_with(RequestKind.JOIN, plain), [EDITOR])


@pytest.mark.parametrize("plain", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_what_is_not_an_object_is_unreadable(plain: bytes) -> None:
    with pytest.raises(UnreadableError):
        decrypt(request_with(RequestKind.JOIN, plain), [EDITOR])


@pytest.mark.parametrize("body", ["A", "?", "é", "\ud800"])
def test_a_body_that_is_not_base64_is_unreadable(body: str) -> None:
    """Whatever someone who has broken into the server sends, the sync goes on."""
    with pytest.raises(UnreadableError, match="it isn't in Base64"):
        decrypt(Request(7, RequestKind.JOIN, DAY, body), [EDITOR])


def test_fields_of_a_later_version_are_ignored() -> None:
    plain = json.dumps({**dataclasses.asdict(JOIN), "colour": "red"})
    request = request_with(RequestKind.JOIN, plain.encode())
    assert decrypt(request, [EDITOR]) == JOIN


def test_names_are_one_line_and_wordings_too() -> None:
    odd = dataclasses.replace(JOIN, name="A\r\nBcc: b", wording="a\n b")
    assert (odd.name, odd.wording) == ("A Bcc b", "a b")


def test_a_public_key_with_a_slip_is_named() -> None:
    key = str(EDITOR.to_public())
    slip = key[:-1] + ("q" if key[-1] != "q" else "p")
    with pytest.raises(ValueError, match=slip):
        parse_public_keys([slip])
