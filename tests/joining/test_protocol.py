"""What goes between the server and home is read strictly at both ends."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.joining.protocol import (
    MOST_REQUESTS,
    Request,
    RequestBatch,
    RequestKind,
    UnreadableError,
    key_digest,
    parse_batch,
    token_digest,
)
from tests.joining.conftest import TOKEN
from tests.joining.test_wishes import DAY, JOIN, request_of

BATCH = RequestBatch(
    store="0123456789abcdef",
    tokens=3,
    requests=[
        Request(1, RequestKind.LEAVE, DAY, token_digest(TOKEN).hex()),
        request_of(JOIN),
    ],
)


class TestBatches:
    def test_they_arrive_as_they_were_sent(self) -> None:
        assert parse_batch(json.dumps(asdict(BATCH)).encode()) == BATCH

    def test_those_of_an_earlier_server_are_read(self) -> None:
        earlier = asdict(BATCH) | {
            "mode": "closed",
            "is_closed_by_itself": True,
            "counters": {"left": 1},
        }
        assert parse_batch(json.dumps(earlier).encode()) == BATCH

    @pytest.mark.parametrize(
        "change",
        [
            {"requests": None},
            {"requests": [1]},
            {"requests": [{"id": 1}]},
            {"store": "../x"},
            {"tokens": -1},
            {"tokens": True},
        ],
    )
    def test_anything_else_is_refused(self, change: dict[str, Any]) -> None:
        data = json.dumps({**asdict(BATCH), **change}).encode()
        with pytest.raises(
            UnreadableError, match="the answer doesn't come from"
        ):
            parse_batch(data)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        )
    )
    def test_no_answer_makes_it_fail_in_another_way(
        self, answer: object
    ) -> None:
        with pytest.raises(UnreadableError):
            parse_batch(json.dumps(answer).encode())

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "sell"},
            {"body": "0" * 63},
            {"body": "G" * 64},
            {"body": 5},
            {"day": "9 October"},
            {"id": "1"},
            {"id": -1},
        ],
    )
    def test_requests_are_checked(self, change: dict[str, Any]) -> None:
        request = {**asdict(BATCH)["requests"][0], **change}
        data = {**asdict(BATCH), "requests": [request]}
        with pytest.raises(UnreadableError):
            parse_batch(json.dumps(data).encode())

    def test_one_answer_is_of_a_few_hundred_kilobytes(self) -> None:
        assert MOST_REQUESTS * len(request_of(JOIN).body) < 1_000_000


def test_digests_of_keys_and_tokens_differ() -> None:
    assert key_digest(TOKEN) != token_digest(TOKEN).hex()
