"""Phrases of servers, and how they are compared with what one says."""

import pytest

from briefing.bounces.kinds import Kind
from briefing.bounces.wording import (
    GAP,
    NEAR,
    certain_kind,
    contains,
    near,
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


def test_words_count_near_others_in_the_same_sentence() -> None:
    of = ("mailbox", "inbox")
    assert near("the mailbox is full", "full", of)
    assert near("full is the inbox", "full", of)
    assert near("full. full mailbox", "full", of)
    assert not near("a mailbox. the disk is full", "full", of)
    assert not near("mailbox" + "." * NEAR + "full", "full", of)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("the account could not be found", Kind.DEAD),
        ("der Empfänger ist leider unbekannt", Kind.DEAD),
        ("l'adresse du destinataire n'a pas été trouvée", Kind.DEAD),
        ("no se encontró el buzón", Kind.DEAD),
        ("адресат не существует", Kind.DEAD),
        ("alıcı adresi bulunamadı", Kind.DEAD),
        ("收件人的邮箱不存在", Kind.DEAD),
        ("宛先のアドレスは存在しません", Kind.DEAD),
        ("der Posteingang ist voll", Kind.FULL),
        ("почтовый ящик переполнен", Kind.FULL),
        ("no PTR record was found for your IP address", Kind.REFUSED),
        ("your IP address was not found", None),
    ],
)
def test_sentences_of_many_languages(said: str, kind: Kind | None) -> None:
    assert certain_kind(said) is kind


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
