"""Home reads what readers did, and says what it has carried out. For everybody else it isn't there."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from briefing.joining import protocol
from briefing.joining.protocol import DIGESTS_AT_ONCE, RequestKind, token_digest
from tests.joining.conftest import (
    KEY,
    OTHER,
    TOKEN,
    Server,
    running,
)

CALLS = [
    ("GET", protocol.REQUESTS, None),
    ("POST", protocol.ACKNOWLEDGED, {"store": "x", "up_to": 1}),
    ("PUT", f"{protocol.TOKENS}?upload=1", b""),
    ("POST", protocol.TOKENS, {"upload": 1, "count": 0}),
]


class TestTheKey:
    @pytest.mark.parametrize(("method", "path", "body"), CALLS)
    @pytest.mark.parametrize("key", ["", "x", KEY[:-1], KEY + "x", "ключ"])
    def test_without_it_nothing_is_there(
        self, steady_server: Server, method: str, path: str, body: Any, key: str
    ) -> None:
        answer = steady_server.api(
            method, path, body, key=key.encode().decode("latin-1")
        )
        elsewhere = steady_server.ask(method, "/elsewhere", b"")
        assert answer.status == 404
        assert answer.body == elsewhere.body

    def test_it_must_be_a_bearers(self, steady_server: Server) -> None:
        answer = steady_server.get(
            protocol.REQUESTS, Authorization=f"Basic {KEY}"
        )
        assert answer.status == 404
        assert steady_server.get(protocol.REQUESTS).status == 404

    def test_with_it_no_wrong_call_does_harm(self, server: Server) -> None:
        calls: list[tuple[str, str, Any]] = [
            ("GET", f"{protocol.REQUESTS}?after=-1", None),
            ("GET", f"{protocol.REQUESTS}?after={'9' * 50}", None),
            ("POST", protocol.ACKNOWLEDGED, []),
            ("POST", protocol.ACKNOWLEDGED, {"up_to": "all"}),
            ("POST", protocol.ACKNOWLEDGED, b"[" * 60_000),
            ("PUT", protocol.TOKENS, b""),
            ("PUT", f"{protocol.TOKENS}?upload=1", b"x" * 31),
        ]
        for method, path, body in calls:
            assert server.api(method, path, body).status == 400, (path, body)
        server.post(f"/leave/{TOKEN}")
        assert len(server.requests()) == 1


class TestRequests:
    def test_they_come_in_order_and_from_a_number_on(
        self, server: Server
    ) -> None:
        for lang in ("en", "de", "tr", "ug", "zh"):
            server.post(f"/change/{TOKEN}", lang=lang)
        ids = [request.id for request in server.requests()]
        assert ids == sorted(ids)
        later = server.batch(after=ids[2]).requests
        assert [request.id for request in later] == ids[3:]

    def test_they_stay_after_they_were_acknowledged(
        self, server: Server
    ) -> None:
        server.post(f"/leave/{TOKEN}")
        batch = server.batch()
        up_to = {"store": batch.store, "up_to": batch.requests[-1].id}
        for _ in range(2):
            answer = server.api("POST", protocol.ACKNOWLEDGED, up_to)
            assert answer.status == 200
        assert server.batch() == batch

    def test_those_of_earlier_versions_are_handed_over(
        self, folder: Path
    ) -> None:
        with running(folder):
            pass
        path = folder / ".briefing" / "joining.sqlite3"
        gone = (RequestKind.FIND, RequestKind.QUEUED, RequestKind.UNDO)
        with closing(sqlite3.connect(path)) as database, database:
            database.executemany(
                "INSERT INTO requests (kind, day, body) VALUES (?, '2026-12-01', ?)",
                [(kind, "x" * 60) for kind in gone],
            )
        with running(folder) as server:
            assert [each.kind for each in server.requests()] == list(gone)

    def test_nothing_of_another_store_is_acknowledged(
        self, server: Server
    ) -> None:
        up_to = {"store": "0" * 16, "up_to": 5}
        assert server.api("POST", protocol.ACKNOWLEDGED, up_to).status == 409

    def test_the_store_and_its_numbers_outlive_the_server(
        self, server: Server
    ) -> None:
        server.post(f"/leave/{TOKEN}")
        before = server.batch()
        server.kill()
        with running(server.folder) as later:
            assert later.batch() == before
            later.post(f"/leave/{TOKEN}")
            assert later.requests()[0].id > before.requests[0].id


class TestTokens:
    def test_they_are_replaced_as_a_whole(self, server: Server) -> None:
        server.send_tokens(OTHER, upload=2)
        server.post(f"/leave/{TOKEN}")
        assert server.requests() == []
        server.post(f"/leave/{OTHER}")
        assert len(server.requests()) == 1
        assert server.batch().tokens == 1

    def test_until_all_have_arrived_the_earlier_ones_hold(
        self, server: Server
    ) -> None:
        path = f"{protocol.TOKENS}?upload=2"
        server.api("PUT", path, token_digest(OTHER))
        use = {"upload": 2, "count": 2}
        assert server.api("POST", protocol.TOKENS, use).status == 409
        server.post(f"/leave/{OTHER}")
        assert server.requests() == []
        server.post(f"/leave/{TOKEN}")
        assert len(server.requests()) == 1

    def test_a_part_can_be_sent_twice(self, server: Server) -> None:
        path = f"{protocol.TOKENS}?upload=2"
        for _ in range(2):
            server.api("PUT", path, token_digest(OTHER))
        use = {"upload": 2, "count": 1}
        assert server.api("POST", protocol.TOKENS, use).status == 200

    def test_a_part_may_fill_the_largest_body(self, server: Server) -> None:
        tokens = sorted(token_digest(str(n)) for n in range(DIGESTS_AT_ONCE))
        path = f"{protocol.TOKENS}?upload=2"
        assert server.api("PUT", path, b"".join(tokens)).status == 200
        more = b"".join([*tokens, tokens[0]])
        assert server.api("PUT", path, more).status == 413
        use = {"upload": 2, "count": DIGESTS_AT_ONCE}
        assert server.api("POST", protocol.TOKENS, use).status == 200
        assert server.batch().tokens == DIGESTS_AT_ONCE
