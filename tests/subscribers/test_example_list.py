"""The example addresses are those of a new newsletter and of the sample, and none of them can get mail."""

import re
from pathlib import Path

from briefing.newsletter import SAMPLE_LIST, Newsletter
from briefing.subscribers.example_list import example_identities
from briefing.subscribers.subscriber_list import open_list, read_all

ROOT = Path(__file__).parents[2]


def test_they_are_the_readers_of_a_new_newsletter_and_of_the_sample(
    tmp_path: Path,
) -> None:
    newsletter = Newsletter.create(
        tmp_path, name="Brief", organisation="", sender="brief@example.org"
    )
    begun = read_all(open_list(newsletter.subscribers)).subscribers
    sample = read_all(open_list(ROOT / SAMPLE_LIST)).subscribers
    readers = {reader.identity for reader in (*begun, *sample)}
    assert example_identities() == readers
    assert len(readers) == 3 + 12


def test_no_email_can_reach_them() -> None:
    for identity in example_identities():
        assert re.search(r"@example\.(org|com|net)$", identity)
