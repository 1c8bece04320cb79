"""Who sent an email counts as proved only if our own server says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.mailbox.headers import Header, passed_dmarc

OURS = "mx.example.org"
PASSED = f"{OURS}; dmarc=pass (p=none dis=none) header.from=example.org"


def passed(
    *results: str,
    sender: str = "From: Ada <ada@example.org>",
    checked_by: str = OURS,
) -> bool:
    fields = [f"Authentication-Results: {result}" for result in results]
    mail = "\r\n".join([*fields, sender, "", ""])
    return passed_dmarc(Header.of(mail.encode()), checked_by)


@pytest.mark.parametrize(
    "result",
    [
        PASSED,
        "MX.Example.ORG 1; dmarc=PASS header.from=Example.ORG",
        (
            f"{OURS};\r\n\tdkim=pass header.d=example.org header.s=a;\r\n\tspf=softfail smtp.mailfrom=list.example.net;"
            "\r\n\tdmarc=pass (p=REJECT) header.from=example.org"
        ),
    ],
)
def test_what_our_server_says_counts(result: str) -> None:
    assert passed(result)


@pytest.mark.parametrize(
    "result",
    [
        f"{OURS}; none",
        f"{OURS}; dkim=pass header.d=example.org; spf=pass smtp.mailfrom=example.org",
        f"{OURS}; dmarc=fail header.from=example.org",
        f"{OURS}; dmarc=bestguesspass header.from=example.org",
        f"{OURS}; dmarc=pass header.from=example.net",
        f"{OURS}; dmarc=pass header.from=sub.example.org",
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=fail header.from=example.org; dmarc=pass header.from=example.org",
        f"{OURS}; dmarc=none (dmarc=pass header.from=example.org)",
        f'{OURS}; spf=fail smtp.mailfrom="; dmarc=pass header.from=example.org"@example.net',
        "evil.example.net; dmarc=pass header.from=example.org",
        f"evil.{OURS}; dmarc=pass header.from=example.org",
        f"({OURS}); dmarc=pass header.from=example.org",
        "dmarc=pass header.from=example.org",
        "",
    ],
)
def test_anything_else_doesnt_count(result: str) -> None:
    assert not passed(result)


def test_only_the_topmost_field_counts() -> None:
    assert passed(PASSED, "evil.example.net; dmarc=fail")
    assert not passed("mx2.example.org; none", PASSED)
    assert not passed(f"{OURS}; spf=none", PASSED)


def test_without_a_server_in_the_settings_nothing_counts() -> None:
    assert not passed(PASSED, checked_by="")
    assert not passed("; dmarc=pass header.from=example.org", checked_by="")


@pytest.mark.parametrize(
    "sender",
    [
        "From: ada@example.org\r\nFrom: ada@example.org",
        "From: ada@example.org, eve@example.org",
        "From: eve@example.net",
        "From:",
        "Sender: ada@example.org",
        "From: ada@example.org@example.net",
    ],
)
def test_without_one_clear_sender_nothing_counts(sender: str) -> None:
    assert not passed(PASSED, sender=sender)


@given(st.text(alphabet='();"\\ =.dmarcpasheofxlgn/\r\n\t1', max_size=60))
def test_nothing_after_a_failure_makes_it_pass(words: str) -> None:
    assert not passed(f"{OURS}; dmarc=fail reason={words}")
