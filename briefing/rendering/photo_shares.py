"""Share the room for pictures in an email among them, so that a large one doesn't cost the others their
quality. No I/O.
"""

from collections.abc import Callable, Sequence

from briefing.photos.pictures import STEPS

SizeAt = Callable[[int], int]
"""The size of a picture in an email, in bytes, at one of STEPS."""


def share(sizes: Sequence[SizeAt], room: int) -> list[int] | None:
    """Return the best step for each picture such that all fit into `room` bytes; None if they never
    do.

    Whichever is largest becomes smaller first, so none gets fewer bytes than it would with an equal
    share. Sizes are asked for only as needed, since making a picture is slow.
    """
    steps = [0] * len(sizes)
    current = [size(0) for size in sizes]
    while sum(current) > room:
        largest = _largest(current, steps)
        if largest is None:
            return None
        steps[largest] += 1
        current[largest] = sizes[largest](steps[largest])
    return steps


def _largest(sizes: Sequence[int], steps: Sequence[int]) -> int | None:
    """Return the number of the largest picture that can still become smaller; None if none can."""
    last = len(STEPS) - 1
    can_shrink = [number for number, step in enumerate(steps) if step < last]
    return max(can_shrink, key=sizes.__getitem__, default=None)
