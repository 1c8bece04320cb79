"""Which addresses are similar enough to be offered for one that isn't on the list."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.subscribers.similar import are_similar, find_similar
from briefing.subscribers.subscriber import Subscriber
from briefing.subscribers.subscriber_list import BadRow

LETTERS = st.text("abc.", min_size=4, max_size=8)


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("ann.lee@example.org", "ann.lee@example.com"),  # the same local part
        ("ann@example.org", "ann@letters.example.net"),
        ("annlee@example.org", "ann.lee@example.org"),  # missing
        ("ann.llee@example.org", "ann.lee@example.org"),  # surplus
        ("anm.lee@example.org", "ann.lee@example.org"),  # wrong
        ("ann.ele@example.org", "ann.lee@example.org"),  # swapped
        ("ann.lee@exmaple.org", "ann.lee@example.org"),
        ("bob@example.org", "rob@example.org"),
        ("bob@example.org", "bbo@example.org"),
    ],
)
def test_a_slip_or_another_provider_is_recognised(
    typed: str, listed: str
) -> None:
    assert are_similar(typed, listed)
    assert are_similar(listed, typed)


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("bob@example.org", "cid@example.org"),
        ("bo@example.org", "al@example.org"),
        ("ann.lee@example.org", "ann.low@example.net"),
        ("ann.lee@example.org", "anna.leigh@example.org"),
    ],
)
def test_other_readers_are_not(typed: str, listed: str) -> None:
    assert not are_similar(typed, listed)


@given(LETTERS, st.data())
def test_whichever_character_is_mistyped(
    local: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(local) - 1))
    other = data.draw(st.sampled_from("abcx"))
    for typed in (
        local[:place] + local[place + 1 :],
        local[:place] + other + local[place:],
        local[:place] + other + local[place + 1 :],
    ):
        assert are_similar(f"{local}@example.org", f"{typed}@example.org")


class ListOf:
    name = "subscribers.csv"

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    def rows(self) -> Iterator[Subscriber | BadRow]:
        yield BadRow(2, "the address has no @")
        for line, address in enumerate(self.addresses, 3):
            yield Subscriber(address, line=line)


def test_the_most_similar_readers_come_first_and_each_once() -> None:
    readers = ListOf(
        "ann.lee@letters.example.net",
        "cid@example.org",
        "Ann.Lee@example.com",
        "ann.lee@example.com",
        "ann.lea@example.org",
        "ann.lee@another.example.net",
    )
    found = find_similar(["ann.lee@example.org", "zoe@example.org"], readers)
    assert [reader.line for reader in found["ann.lee@example.org"]] == [7, 5, 3]
    assert found["zoe@example.org"] == []
