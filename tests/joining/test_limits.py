"""How many emails strangers can have sent to others is limited, however they ask."""

import pytest

from briefing.joining import limits as module
from briefing.joining.limits import (
    DAY,
    HOUR,
    LEAST_BY_DOMAIN,
    MailDecision,
    MailLimits,
    Memory,
)


class Clock:
    """A clock that goes on only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestMemory:
    def test_counts_for_a_day(self) -> None:
        clock = Clock()
        memory = Memory(clock)
        assert [memory.count("a"), memory.count("a"), memory.count("b")] == [
            1,
            2,
            1,
        ]
        clock.now += DAY + 1
        assert memory.count("a") == 1

    def test_holds_nothing_from_which_an_address_follows(self) -> None:
        """Not even for somebody who knows the address: another process has another key."""
        first, second = Memory(Clock()), Memory(Clock())
        assert first.digest("a@example.org") != second.digest("a@example.org")

    def test_a_flood_makes_it_forget_the_oldest_and_not_grow(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "MOST_REMEMBERED", 100)
        memory = Memory(Clock())
        for number in range(1_000):
            memory.count(str(number))
        assert memory.count("999") == 2
        assert memory.count("0") == 1


@pytest.mark.parametrize(
    "other",
    [
        "ANN.LI@example.org",
        "ann.li+news@example.org",
        "\uff41nn.li@example.org",
    ],
)
def test_one_mailbox_gets_one_email_whatever_it_is_called(other: str) -> None:
    limits = MailLimits(60, Clock())
    assert decisions(limits, "ann.li@example.org", other) == [
        MailDecision.MAIL,
        MailDecision.REPEATED,
    ]


def test_dots_count_but_where_they_are_known_not_to() -> None:
    limits = MailLimits(60, Clock())
    asked = ["a.b@example.org", "ab@example.org", "a.b@gmail.com"]
    assert set(decisions(limits, *asked)) == {MailDecision.MAIL}
    others = ["ab@gmail.com", "a.b@googlemail.com"]
    assert set(decisions(limits, *others)) == {MailDecision.REPEATED}


def decisions(limits: MailLimits, *addresses: str) -> list[MailDecision]:
    return [limits.decide(address) for address in addresses]


class TestMailLimits:
    def test_an_address_gets_one_email_a_day(self) -> None:
        clock = Clock()
        limits = MailLimits(60, clock)
        assert decisions(limits, "a@b.org", "A@B.org", "c@b.org") == [
            MailDecision.MAIL,
            MailDecision.REPEATED,
            MailDecision.MAIL,
        ]
        clock.now += DAY + 1
        assert limits.decide("a@b.org") is MailDecision.MAIL

    def test_a_domain_gets_half_of_the_emails_in_an_hour(self) -> None:
        clock = Clock()
        limits = MailLimits(20, clock)
        asked = [f"reader{number}@b.org" for number in range(12)]
        assert decisions(limits, *asked) == [
            *[MailDecision.MAIL] * 10,
            *[MailDecision.FULL] * 2,
        ]
        assert limits.decide("a@c.org") is MailDecision.MAIL
        clock.now += HOUR + 1
        assert limits.decide("later@b.org") is MailDecision.MAIL

    def test_but_a_few_in_any_case(self) -> None:
        limits = MailLimits(6, Clock())
        asked = [f"reader{number}@b.org" for number in range(LEAST_BY_DOMAIN)]
        assert set(decisions(limits, *asked)) == {MailDecision.MAIL}

    def test_too_many_altogether_must_wait_an_hour(self) -> None:
        clock = Clock()
        limits = MailLimits(3, clock)
        asked = [f"a@host{number}.org" for number in range(5)]
        assert decisions(limits, *asked) == [
            *[MailDecision.MAIL] * 3,
            *[MailDecision.FULL] * 2,
        ]
        clock.now += HOUR + 1
        assert limits.decide("a@later.org") is MailDecision.MAIL
        # Nothing is remembered of an address that was turned away.
        assert limits.decide("a@host4.org") is MailDecision.MAIL

    @pytest.mark.parametrize(
        "address", ["reader{}@host{}.org", "reader{}@b.org", "a@b.org"]
    )
    def test_ten_thousand_requests_send_no_more_than_the_limit(
        self, address: str
    ) -> None:
        limits = MailLimits(60, Clock())
        asked = [address.format(n, n) for n in range(10_000)]
        mailed = decisions(limits, *asked).count(MailDecision.MAIL)
        assert mailed in {60, 30, 1}
