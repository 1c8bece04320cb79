"""Readers who leave are recorded, and their emails are deleted from rehearsals."""

import pytest

from briefing.errors import BriefingError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending import departures
from briefing.sending.departures import Departures
from briefing.subscribers.suppression import Removal, Suppression, token_of
from tests.sending.conftest import rehearsed, send_issue, write_list

LEFT = Removal("2020-10-09", "left")


@pytest.fixture
def written(sendable: Newsletter) -> Newsletter:
    """A newsletter with a rehearsal of three emails."""
    write_list(sendable, 3)
    send_issue(sendable)
    return sendable


def test_it_can_be_repeated(written: Newsletter, key: Key) -> None:
    token = token_of(key, "reader1@example.org")
    suppression = Suppression.of(written)
    for expected in (Departures(new=1, rehearsed=1), Departures(0, 0)):
        done = departures.unsubscribe(written, key, {token: LEFT}, suppression)
        assert done == expected
    assert suppression.find(token) == LEFT
    assert len(rehearsed(written)) == 2


def test_who_left_is_recorded_even_if_an_email_cannot_be_deleted(
    written: Newsletter, key: Key
) -> None:
    token = token_of(key, "reader1@example.org")
    mail = rehearsed(written)[0]
    mail.unlink()
    mail.mkdir()
    with pytest.raises(BriefingError):
        departures.unsubscribe(
            written, key, {token: LEFT}, Suppression.of(written)
        )
    assert token in Suppression.of(written)
