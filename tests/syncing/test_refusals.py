"""What an editor reads about a provider that refuses the newsletter's emails."""

import pytest

from briefing.syncing.refusals import advice


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("550 5.7.26 unauthenticated mail isn't accepted", "check --online"),
        ("550 5.7.515 Access denied, DMARC", "check --online"),
        ("550 blocked using Spamhaus", "blocklist"),
        ("550 bad reputation", "blocklist"),
        ("550 5.7.1 no PTR record", "reverse DNS"),
        ("421 too many messages, try again later", "per_second"),
        ("552 message size exceeds the limit", "budget"),
        ("554 looks like spam", "postmaster"),
        ("550 refused", "Show your provider this message"),
        ("", "Ask your provider why"),
    ],
)
def test_the_words_decide(words: str, expected: str) -> None:
    assert expected in advice(words)
