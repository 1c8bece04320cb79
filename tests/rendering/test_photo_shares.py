"""Each picture gets its share of the room in an email, and a large one doesn't take that of others."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from briefing.photos.pictures import STEPS
from briefing.rendering.photo_shares import SizeAt, share

SHARES_OF_A_STEP = (100, 80, 60, 45, 35, 25, 15)
LAST = len(STEPS) - 1


def photo(size: int) -> SizeAt:
    """A photo of this size at the best step."""
    return lambda step: size * SHARES_OF_A_STEP[step] // 100


def shared(sizes: Sequence[int], room: int) -> list[int] | None:
    return share([photo(size) for size in sizes], room)


@pytest.mark.parametrize(
    ("sizes", "room", "steps"),
    [
        ([], 0, []),
        ([], -1, None),
        ([100, 100], 200, [0, 0]),
        ([100, 100], 199, [1, 0]),
        ([100, 100], 160, [1, 1]),
        ([1000, 100, 100], 400, [6, 0, 0]),
        ([1000, 100, 100], 800, [2, 0, 0]),
        ([100], 15, [LAST]),
        ([100], 14, None),
    ],
)
def test_the_largest_becomes_smaller_first(
    sizes: list[int], room: int, steps: list[int] | None
) -> None:
    assert shared(sizes, room) == steps


@given(st.lists(st.integers(0, 10_000), max_size=8), st.integers(0, 40_000))
def test_all_fit_or_none_could_be_smaller(sizes: list[int], room: int) -> None:
    steps = shared(sizes, room)
    smallest = sum(photo(size)(LAST) for size in sizes)
    if steps is None:
        assert smallest > room
    else:
        pairs = zip(sizes, steps, strict=True)
        assert sum(photo(size)(step) for size, step in pairs) <= room


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=8),
    st.integers(1000, 10_000),
)
def test_a_large_photo_never_makes_one_smaller_that_has_less_than_its_share(
    sizes: list[int], large: int
) -> None:
    """If everything could take the room of the largest small one, only the large one changes."""
    assume(photo(large)(LAST) <= max(sizes))
    steps = shared([large, *sizes], sum(sizes) + max(sizes))
    assert steps is not None
    assert not any(steps[1:])


def test_sizes_are_asked_for_only_as_needed() -> None:
    """Making a picture is slow."""
    asked: list[int] = []

    def size(step: int) -> int:
        asked.append(step)
        return 100 - step

    share([size], 98)
    assert asked == [0, 1, 2]
