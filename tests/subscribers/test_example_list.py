"""The example addresses are those that a new newsletter begins with, and none of them can get mail."""

import re
from pathlib import Path

from briefing.newsletter import Newsletter
from briefing.subscribers.example_list import example_identities
from briefing.subscribers.formats import open_list
from briefing.subscribers.subscriber_list import read_all


def test_they_are_the_readers_of_a_new_newsletter(tmp_path: Path) -> None:
    newsletter = Newsletter.create(
        tmp_path, name="Brief", organisation="", sender="brief@example.org"
    )
    readers = read_all(open_list(newsletter.subscribers)).subscribers
    assert example_identities() == {reader.identity for reader in readers}
    assert len(readers) == 3


def test_no_mail_can_reach_them() -> None:
    for identity in example_identities():
        assert re.search(r"@example\.(org|com|net)$", identity)
