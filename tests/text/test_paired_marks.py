"""Brackets and quotation marks find their partners."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.text.paired_marks import paired

MARKS = st.text(st.sampled_from('a ()[]«»“”„‘’"《》'), max_size=40)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("(a)", {0: 2}),
        ("“a ‘b’”", {0: 6, 3: 5}),
        ("„a“", {0: 2}),
        ("„a ‚b‘“", {0: 6, 3: 5}),
        ('"a" "b"', {0: 2, 4: 6}),
        ("O’Neill’s", {}),
        ("Qur‘an", {}),
        ("《a〈b〉》", {0: 5, 2: 4}),
        ("(a “b)", {0: 5}),
    ],
)
def test_each_mark_is_closed_by_its_partner(
    text: str, closed: dict[int, int]
) -> None:
    assert paired(text).closed == closed


def test_marks_without_a_partner_are_listed_except_inside_a_pair() -> None:
    pairs = paired("a) (b “c) «d")
    assert (pairs.unopened, sorted(pairs.unclosed)) == ([1], [6, 10])
    assert pairs.alone() == [1, 10]


@given(MARKS)
def test_pairs_are_nested(text: str) -> None:
    pairs = sorted(paired(text).closed.items())
    for opening, closing in pairs:
        for other, end in pairs:
            if opening < other < closing:
                assert end < closing


@given(MARKS)
def test_no_mark_is_counted_twice(text: str) -> None:
    pairs = paired(text)
    found = [*pairs.closed, *pairs.opened, *pairs.unclosed, *pairs.unopened]
    assert len(found) == len(set(found))
    assert len(pairs.opened) == len(pairs.closed)
