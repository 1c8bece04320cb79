"""The process that starts the senders, and the marker for cases of the long suite."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sending.crash.harness import Children


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    with Children() as children:
        yield children


def long(*values: object) -> Any:
    """A case that only `make long-test` runs."""
    return pytest.param(*values, marks=pytest.mark.long)
