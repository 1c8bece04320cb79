"""What the crash suite begins with."""

from collections.abc import Iterator

import pytest

from tests.sending.crash.harness import Children


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    with Children() as nursery:
        yield nursery
