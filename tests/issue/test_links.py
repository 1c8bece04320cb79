"""Only an address that leads where it seems to lead is linked."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.links import unsafe_reason

pieces = st.sampled_from(
    [
        *("http", "https", "HTTPS", "javascript", "data", "mailto"),
        *(":", "://", "//", "/", "\\", "@", "#", "?", "[", "]"),
        *(
            "example.org",
            "evil.example",
            "127.0.0.1",
            "::1",
            "新疆.example",
            ".",
            ":80",
            ":x",
            "%00",
            "%0a",
            "&amp;",
        ),
        *(
            " ",
            "\t",
            "\n",
            "\r",
            "\0",
            "\x01",
            "\x1f",
            "\x7f",
            "\x85",
            "\xa0",
            "\u2028",
            "\u202e",
            "\u200b",
        ),
        *('"', "<", ">", "'", "(", ")", "a", "é"),
    ]
)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org/",
        "HTTPS://Example.ORG/Path?q=a&b=c#part",
        "https://example.org:8443/a,b;c(d)'e'[f]{g}|h~i!*+$",
        "https://例え.example/新疆",
        "https://bücher.example/ä?ü=ß",
        "https://example.org/می\u200cخواهم",
        "https://xn--bcher-kva.example/",
        "https://[2001:db8::1]/",
        "https://example.org/a@b",
        "https://example.org/" + "a" * 5000,
    ],
)
def test_a_complete_web_address_may_be_linked(address: str) -> None:
    assert unsafe_reason(address) == ""


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "isn't a complete web address"),
        ("example.org", "isn't a complete web address"),
        ("www.example.org/a", "isn't a complete web address"),
        ("/a", "isn't a complete web address"),
        ("//evil.example/a", "isn't a complete web address"),
        ("?a", "isn't a complete web address"),
        ("#a", "isn't a complete web address"),
        ("https:", "isn't a complete web address"),
        ("https://", "isn't a complete web address"),
        ("https:///a", "isn't a complete web address"),
        ("https:/evil.example", "isn't a complete web address"),
        ("http:evil", "isn't a complete web address"),
        ("https://:443/", "isn't a complete web address"),
        ("https://?a", "isn't a complete web address"),
        ("javascript:alert(1)", "isn't a complete web address"),
        (
            "JavaScript://example.org/%0aalert(1)",
            "isn't a complete web address",
        ),
        (
            "data:text/html,<script>alert(1)</script>",
            "isn't a complete web address",
        ),
        ("vbscript:msgbox", "isn't a complete web address"),
        ("file:///etc/passwd", "isn't a complete web address"),
        ("ftp://example.org/", "isn't a complete web address"),
        ("mailto:a@example.org", "isn't a complete web address"),
        ("cid:picture.jpg", "isn't a complete web address"),
        ("\x01java\x03script:alert(1)", "isn't a complete web address"),
        ("java\nscript:alert(1)", "isn't a complete web address"),
        (" https://example.org/", "isn't a complete web address"),
        ("\x01https://example.org/", "isn't a complete web address"),
        ("https://good.example@evil.example/", "contains a user name"),
        ("https://user:word@evil.example/", "contains a user name"),
        ("https://good.example%40@evil.example/", "contains a user name"),
        ("https://good.example\\@evil.example/", "contains"),
        (
            "https://good.example\\.evil.example/",
            "contains a space or a character",
        ),
        ("https://example.org/a b", "contains a space or a character"),
        ("https://example.org/a\tb", "contains a space or a character"),
        ("https://example.org/a\nb", "contains a space or a character"),
        ("https://exa\nmple.org/", "contains a space or a character"),
        ("https://example.org/\0", "contains a space or a character"),
        ("https://example.org/\x7f", "contains a space or a character"),
        ("https://example.org/\x9b31m", "contains a space or a character"),
        ("https://example.org/\u2028", "contains a space or a character"),
        (
            "https://example.org/\u202egpj.exe",
            "contains a space or a character",
        ),
        ("https://exa\u200bmple.org/", "contains a space or a character"),
        ("https://exa\u200cmple.org/", "contains a space or a character"),
        ("https://example.org/\ufeff", "contains a space or a character"),
        (
            'https://example.org/"onclick="alert(1)',
            "contains a space or a character",
        ),
        ("https://example.org/<script>", "contains a space or a character"),
        ("https://[::1/", "isn't a web address"),
        ("https://example.org:port/", "isn't a web address"),
        ("https://example.org:99999/", "isn't a web address"),
        ("https://evil.example\u2100good.example/", "isn't a web address"),
    ],
)
def test_any_other_address_is_refused_with_a_reason(
    address: str, reason: str
) -> None:
    assert unsafe_reason(address).startswith(reason)


@given(
    st.one_of(
        st.text(max_size=30).map("https://{}".format),
        st.lists(pieces, max_size=8).map("".join),
    )
)
def test_what_may_be_linked_has_a_host_and_nothing_that_ends_an_attribute(
    address: str,
) -> None:
    if not unsafe_reason(address):
        parts = urlsplit(address)
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert parts.username is parts.password is None
        assert re.match(r"https?://[^/]", address, re.IGNORECASE)
        assert not re.search(r"[\s<>\"\\]", address)
        assert re.sub("[\u200c\u200d]", "", address).isprintable()
        assert parts.netloc.isprintable()
        assert (
            parts.geturl().casefold() == address.rstrip("?#").casefold()
            or "?" in address
            or "#" in address
        )
