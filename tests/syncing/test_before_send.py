"""What comes before a real send, by [subscribers] sync; and that the server knows who gets it."""

import datetime as dt

import pytest

from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.subscribers.suppression import Removal, Suppression
from briefing.syncing.known_tokens import renew_tokens
from briefing.syncing.run import describe_many_left
from tests.syncing.conftest import Home
from tests.syncing.test_failures import Sender


@pytest.mark.parametrize(
    ("list_size", "left", "expected"),
    [(100, 20, False), (100, 21, True), (8, 2, False), (8, 3, True)],
)
def test_unusually_many_who_left_since_the_last_issue_are_named(
    newsletter: Newsletter, list_size: int, left: int, expected: bool
) -> None:
    sender = Sender(
        newsletter, *(f"r{number}@example.org" for number in range(list_size))
    )
    tokens = [*map(sender.token, sender.readers)]
    record = Suppression.of(newsletter)
    record.add(tokens[-1:], "left", sender.day - dt.timedelta(days=1))
    assert not describe_many_left(newsletter, sender.key, record, {})
    sender.send()
    record.add(tokens[: left - 1], "left", sender.day)
    leaving = {tokens[left - 1]: Removal(sender.day.isoformat(), "left")}
    said = describe_many_left(newsletter, sender.key, record, leaving)
    assert said.startswith(f"{left} readers of {list_size} left since") is (
        expected
    )


def quiet(_done: int, _total: int) -> None:
    pass


def test_the_server_learns_of_new_readers(home: Home) -> None:
    home.write_list("ann@example.org", "bob@example.org")
    key = Key.of(home.newsletter)
    renew_tokens(home.newsletter, key, home.list_path, quiet)
    home.write_list("cid@example.org")
    renew_tokens(home.newsletter, key, home.list_path, quiet)
    source = home.source(list)
    # Whoever was on the list has old emails, and can leave by them.
    assert source.api.requests(0).tokens == 3
    home.server.kill()
    with pytest.raises(RefusedError, match="--no-sync sends anyway"):
        renew_tokens(home.newsletter, key, home.list_path, quiet)
