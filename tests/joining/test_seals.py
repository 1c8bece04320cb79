"""Only what the server gave out itself is recognised, unchanged and in time."""

import datetime as dt
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.joining.protocol import SEALED
from briefing.joining.seals import (
    KEY_LENGTH,
    LEAST_AGE,
    MOST_AGE,
    Seals,
    digest,
)

SEALS = Seals(b"k" * KEY_LENGTH)
DAY = dt.date(2020, 10, 9)
NOW = 1_600_000_000.0

SAME_IN_BASE64 = str.maketrans("+/", "-_")
"""Python decodes both alphabets of RFC 4648 alike."""


class TestLinks:
    @given(st.lists(st.text(max_size=80), min_size=1, max_size=6))
    def test_they_carry_what_was_typed(self, values: list[str]) -> None:
        values = [value.encode("utf-8", "replace").decode() for value in values]
        sealed = SEALS.seal(values, DAY)
        assert SEALS.unseal(sealed, DAY) == values
        assert SEALED.fullmatch(sealed)

    def test_a_long_name_and_address_fit(self) -> None:
        values = ["join", f"{'a' * 64}@{'b' * 185}.org", "zh-Hant", "名" * 80]
        assert SEALED.fullmatch(
            SEALS.seal([*values, "page", "2020-10-09"], DAY)
        )

    def test_they_end(self) -> None:
        sealed = SEALS.seal(["join"], DAY)
        later = DAY + dt.timedelta(days=1)
        assert SEALS.unseal(sealed, later) is None
        earlier = DAY - dt.timedelta(days=400)
        assert SEALS.unseal(sealed, earlier) == ["join"]

    def test_another_key_opens_nothing(self) -> None:
        other = Seals(secrets.token_bytes(KEY_LENGTH))
        assert other.unseal(SEALS.seal(["join"], DAY), DAY) is None

    @given(st.integers(0, 200), st.integers(1, 255))
    def test_any_change_is_noticed(self, place: int, change: int) -> None:
        sealed = SEALS.seal(["join", "amina@example.org"] * 3, DAY)
        place %= len(sealed) - 1
        changed = chr((ord(sealed[place]) + change) % 128)
        other = sealed[:place] + changed + sealed[place + 1 :]
        if other.translate(SAME_IN_BASE64) != sealed:
            assert SEALS.unseal(other, DAY) is None

    @given(st.text(max_size=200))
    def test_nothing_else_is_one(self, text: str) -> None:
        assert SEALS.unseal(text, DAY) is None

    def test_the_same_link_written_in_another_way_is_the_same(self) -> None:
        sealed = SEALS.seal(["join", "a"], DAY)
        last = sealed[-1]
        others = [
            sealed[:-1] + chr(code)
            for code in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
            if chr(code) != last
        ]
        for other in others:
            if SEALS.unseal(other, DAY):
                assert digest(other) == digest(sealed)


LATER = NOW + LEAST_AGE


class TestForms:
    @pytest.mark.parametrize(
        ("seconds", "is_right"),
        [
            (-1, False),
            (0, False),
            (LEAST_AGE - 0.2, False),
            (LEAST_AGE + 0.2, True),
            (MOST_AGE - 1, True),
            (MOST_AGE + 1, False),
        ],
    )
    def test_they_have_a_least_and_a_greatest_age(
        self, seconds: float, *, is_right: bool
    ) -> None:
        token = SEALS.form_token(NOW)
        assert SEALS.was_filled_in(token, NOW + seconds) is is_right

    @pytest.mark.parametrize(
        "token",
        ["", ".", "..", "1.2.3", "\0", "é.é"],
    )
    def test_nobody_else_makes_them(self, token: str) -> None:
        assert not SEALS.was_filled_in(token, LATER)

    def test_nor_is_a_link_one(self) -> None:
        assert not SEALS.was_filled_in(SEALS.seal(["join", "1"], DAY), LATER)

    @given(st.text(max_size=120))
    def test_no_text_makes_it_fail(self, token: str) -> None:
        token = token.encode("utf-8", "replace").decode()
        assert not SEALS.was_filled_in(token, LATER)
