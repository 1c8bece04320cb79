"""Phrases of servers, and how they are compared with what one says."""

import pytest

from briefing.bounces.kinds import Kind
from briefing.bounces.wording import (
    GAP,
    certain_kind,
    contains,
    plain,
    split,
    vague_kind,
)


@pytest.mark.parametrize(
    ("said", "compared"),
    [
        ("550 5.1.1 <a@example.org>... User Unknown", " ... user unknown "),
        ("550-5.7.1 Not\n550 5.7.1 allowed", " not allowed "),
        ("see https://example.org/full for it", " see for it "),
        ("account doesn’t  exist", " account doesn't exist "),
        ("Ｆｕｌｌ", " full "),
    ],
)
def test_codes_addresses_and_links_are_left_out(
    said: str, compared: str
) -> None:
    assert plain(said) == compared


def test_an_ellipsis_stands_for_a_few_words() -> None:
    phrase = split("mailbox … full")
    assert contains("the mailbox of this reader is full", phrase)
    assert contains("no mailbox, this mailbox is full", phrase)
    assert contains("mailbox" + "." * GAP + "full", phrase)
    assert not contains("mailbox" + "." * (GAP + 1) + "full", phrase)
    assert not contains("full of mailboxes", phrase)


def test_what_is_said_of_the_sender_comes_before_what_is_said_of_the_reader() -> (
    None
):
    assert certain_kind("sender rejected: user unknown") is Kind.REFUSED
    assert certain_kind("recipient rejected: user unknown") is Kind.DEAD


def test_a_word_that_may_mean_a_passing_fault_is_read_by_its_code() -> None:
    said = "mailbox unavailable"
    assert certain_kind(said) is None
    assert vague_kind(said, temporary=False) is Kind.DEAD
    assert vague_kind(said, temporary=True) is None
