"""Only public sites are requested, whatever an address looks like."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import FetchError
from briefing.network.fetch_guard import Guard, resolve


def admit(address: str, guard: Guard) -> list[str]:
    """What a request does first: it checks an address and looks up its host."""
    return guard.public_addresses(guard.check_address(address))


@pytest.mark.parametrize(
    "found", [["10.1.2.3"], ["93.184.215.14", "192.168.1.1"], ["fe80::1"]]
)
def test_a_host_is_refused_if_any_of_its_addresses_is_not_public(
    found: list[str],
) -> None:
    with pytest.raises(FetchError, match="not on the web"):
        admit(
            "https://www.example.com/",
            guard=Guard(resolve=lambda *_: found),
        )


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "/etc/passwd",
            "file:///etc/passwd",
            "ftp://example.com/",
            "javascript:alert(1)",
            "//evil.test/",
        ),
        *(
            "http://",
            "http:///x",
            "http://user@example.com/",
            "https://user:pw@example.com/",
            "http://[::1/",
        ),
        *(
            "http://①②⑦.0.0.1/",
            "http://a b/",
            "http://a\r\nb/",
            "https://example.com:22/",
            "http://example.com:443/",
        ),
        *(
            "http://example.com:99999/",
            "http://example.com:x/",
            "http://-.\udcff/",
            "http://" + "a" * 300 + "/",
        ),
    ],
)
def test_something_that_is_not_a_web_address_is_never_looked_up(
    url: str,
) -> None:
    def look_up(host: str, _port: int) -> list[str]:
        assert len(host) > 255, f"{host} was looked up"
        return resolve(host, 80)

    with pytest.raises(FetchError):
        admit(url, guard=Guard(resolve=look_up))


@given(st.text())
def test_any_text_gives_an_answer_or_a_one_line_error(text: str) -> None:
    for url in (text, f"http://{text}", f"https://example.com/{text}"):
        with pytest.raises(FetchError):
            admit(url, guard=Guard(resolve=lambda *_: ["127.0.0.1"]))


@pytest.mark.parametrize(
    ("error", "no_host"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), True),
        (socket.gaierror(socket.EAI_AGAIN, "later"), False),
        (UnicodeError("label too long"), True),
    ],
)
def test_a_host_that_does_not_exist_differs_from_a_network_that_does_not_answer(
    error: Exception, no_host: bool
) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise error

    with pytest.raises(FetchError) as raised:
        admit("https://www.example.com/", guard=Guard(resolve=resolve))
    assert raised.value.no_host is no_host
    assert str(raised.value).startswith("https://www.example.com/: ")
