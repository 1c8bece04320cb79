"""The pause before the next attempt to connect grows, faster if the server asked for it, and ends."""

import pytest

from briefing.errors import TransportError
from briefing.sending.transports.session import BrokenError
from briefing.sending.transports.smtp import (
    LONGEST_PAUSE,
    MOST_BREAKS,
    MOST_UNANSWERED,
    Breaks,
)


@pytest.mark.parametrize(
    ("by_server", "pauses"),
    [(False, [1, 2, 4, 8, 16]), (True, [1, 4, 16, 64, LONGEST_PAUSE])],
)
def test_the_pause_grows_up_to_a_limit(
    *, by_server: bool, pauses: list[int]
) -> None:
    breaks = Breaks()
    found = []
    for _ in pauses:
        breaks.note(BrokenError("421 too many", by_server=by_server))
        found.append(breaks.pause)
    assert found == pauses
    assert breaks.words == "421 too many"


def test_five_in_a_row_are_too_many() -> None:
    breaks = Breaks(count=MOST_BREAKS - 2)
    breaks.note(BrokenError("gone"))
    assert not breaks.is_too_many
    breaks.count += 1
    assert breaks.is_too_many


def test_emails_in_a_row_without_an_answer_end_the_send() -> None:
    breaks = Breaks(unanswered=MOST_UNANSWERED)
    with pytest.raises(
        TransportError, match="2 complete emails in a row got no answer"
    ):
        breaks.note(BrokenError("gone"))
