"""The digests of readers: stable from version to version, and different in every issue."""

from briefing.keys import Key
from briefing.sending.ledger.recipients import Recipients

KEY = Key(b"k" * 32)
NAMES = [f"reader{number}@example.org" for number in range(50)]


def order(issue: str, key: Key = KEY) -> list[str]:
    return sorted(NAMES, key=Recipients(key, issue).digest)


def test_a_reader_has_the_same_digest_in_every_version_of_briefing() -> None:
    """Otherwise everyone who has an issue would get it again after an update."""
    recipients = Recipients(KEY, "2020-10-09")
    expected = "cc12084878ab94adc7d3fa96e8a7687d"
    assert recipients.digest("ann@example.org").hex() == expected
    of_version_2 = bytes.fromhex("a2514775ad79676e36d4ecb5c65c18df")
    assert recipients.rekey(of_version_2).hex() == expected


def test_two_issues_have_no_digest_in_common() -> None:
    first, second = (
        {Recipients(KEY, issue).digest(name) for name in NAMES}
        for issue in ("2020-10-09", "2020-10-16")
    )
    assert len(first) == len(second) == len(NAMES)
    assert not first & second


def test_their_order_is_neither_that_of_the_list_nor_that_of_another_issue() -> (
    None
):
    first, second = order("2020-10-09"), order("2020-10-16")
    assert NAMES != first != second != NAMES
    assert order("2020-10-09", Key(b"x" * 32)) != first
