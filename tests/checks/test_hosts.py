"""Hosts that no reader can reach, and those made to be mistaken for another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.checks.hosts import (
    host_of,
    imitation_reason,
    punycode,
    unreachable_reason,
)

OWN = {"brief.example.org", "example.org"}


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "2130706433",
            "0x7f000001",
            "017700000001",
            "①②⑦.0.0.1",
            "127。0。0。1",
        ),
        *(
            "10.1.2.3",
            "192.168.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "93.184.216.34",
            "::1",
            "fe80::1",
            "１２７.0.0.1",
        ),
        *(
            "localhost",
            "localhost.",
            "intranet",
            "printer.local",
            "wiki.internal",
            "a.test",
            "a.invalid",
            "a.example",
        ),
        *(
            "router.lan",
            "x.home.arpa",
            "127.0.0.1.nip.io",
            "localtest.me",
            "a..b",
            "",
            ".",
            "a" * 64 + ".org",
        ),
    ],
)
def test_a_host_that_readers_cannot_reach_is_recognised(host: str) -> None:
    assert unreachable_reason(host)


@pytest.mark.parametrize(
    "host",
    [
        "example.org",
        "www.bbc.co.uk",
        "example.org.",
        "xn--80ak6aa92e.com",
        "شبكة.com",
        "münchen.de",
        "4chan.org",
        "1.fm",
    ],
)
def test_a_public_host_can_be_reached(host: str) -> None:
    assert unreachable_reason(host) == ""


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("аррӏе.com", "'apple.com'"),
        ("xn--80ak6aa92e.com", "'apple.com'"),
        ("www.аррӏе.com", "'apple.com'"),
        ("gооgle.com", "'google.com'"),
        ("вьс.com", "'bbc.com'"),
        ("оѕсе.net", "written in Cyrillic letters to look like 'osce.net'"),
        ("ոօս.org", "written in Armenian letters to look like 'nou.org'"),
        ("ꓮꓑꓲ.net", "written in Lisu letters to look like 'apl.net'"),
        ("hаrbour-post.com", "mixes Cyrillic and Latin letters"),
        ("βeta.com", "mixes Greek and Latin letters"),
        ("ｈａrbour.com", "U+FF48 FULLWIDTH LATIN SMALL LETTER H"),
        ("example.org⁄login.evil.net", "U+2044 FRACTION SLASH"),
        ("example.org／evil.net", "looks like a slash"),
        ("example.orgノevil.net", "looks like a slash"),
        ("exam—ple.org", "EM DASH"),
        ("paypa1.com", "'paypal.com'"),
        ("rnicrosoft.com", "'microsoft.com'"),
        ("exarnple.org", "'example.org'"),
        ("éxample.org", "'example.org'"),
        ("bbc.co.uk.evil.net", "belongs to 'evil.net'"),
        ("login.example.org.evil.net", "begins like 'example.org'"),
    ],
)
def test_a_look_alike_is_recognised_with_what_it_imitates(
    host: str, reason: str
) -> None:
    assert reason in imitation_reason(host, OWN)


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("MÜNCHEN.de.", "xn--mnchen-3ya.de"),
        ("新闻.中国", "xn--efvy88h.xn--fiqs8s"),
        ("ｂｂｃ.com", "bbc.com"),
        ("例え。jp", "xn--r8jz45g.jp"),
    ],
)
def test_a_host_is_shown_as_the_network_knows_it(host: str, code: str) -> None:
    assert punycode(host) == code


@pytest.mark.parametrize(
    "host",
    [
        *(
            "example.org",
            "brief.example.org",
            "www.example.org",
            "news.bbc.co.uk",
            "www.google.com.tr",
            "bbcnews.com",
        ),
        *(
            "zürich.ch",
            "münchen.de",
            "ısparta.bel.tr",
            "правда.рф",
            "осе.рф",
            "новости.com",
            "例え.jp",
            "日本語ビール.jp",
        ),
        *(
            "新闻.中国",
            "한국어.kr",
            "ئۇيغۇر.com",
            "موقع.وزارة-الاتصالات.مصر",
            "ไทย.com",
            "ελλάδα.gr",
            "col·lecció.cat",
            "ノート.jp",
        ),
    ],
)
def test_an_honest_host_in_any_script_is_not_a_look_alike(host: str) -> None:
    assert imitation_reason(host, OWN) == ""


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://WWW.Example.org:8080/a?b@c", "www.example.org"),
        ("https://user:word@evil.net/", "evil.net"),
        ("https://%65xample.org/", "example.org"),
        ("mailto:a@Example.org?subject=x", "example.org"),
        ("mailto:nobody", ""),
        ("http://[::1]/", "::1"),
        ("http://[broken/", ""),
        ("https://example.org／evil.net/", ""),
        ("/path", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address_is_reported(address: str, host: str) -> None:
    assert host_of(address) == host


@given(
    st.text(max_size=40)
    | st.text("xn-аa0.⁄①", max_size=30)
    | st.from_regex(r"xn--[a-z0-9-]{0,20}\.[a-z]{1,4}")
)
def test_any_host_has_an_answer(host: str) -> None:
    for answer in (
        unreachable_reason(host),
        imitation_reason(host, OWN),
        punycode(host),
    ):
        assert isinstance(answer, str)
    assert isinstance(host_of(f"https://{host}/"), str)
