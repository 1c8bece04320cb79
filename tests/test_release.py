"""What is checked before a release."""

from briefing.network.fetch import USER_AGENT
from tests.release import outdated

SENT = USER_AGENT.rpartition("/")[2].removesuffix(".0")


def test_the_user_agent_may_be_that_of_either_supported_esr() -> None:
    assert not outdated(
        {"FIREFOX_ESR": f"{SENT}.7.0esr", "FIREFOX_ESR_NEXT": ""}
    )
    assert not outdated(
        {"FIREFOX_ESR": "1.0esr", "FIREFOX_ESR_NEXT": f"{SENT}.0esr"}
    )


def test_a_newer_esr_is_named() -> None:
    assert outdated(
        {"FIREFOX_ESR": "999.2.0esr", "FIREFOX_ESR_NEXT": ""}
    ).endswith(f"Firefox {SENT}; make it 999")
