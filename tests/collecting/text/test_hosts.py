"""Hosts: their owners, and the patterns of data files."""

import pytest

from briefing.collecting.text.hosts import (
    host_of,
    is_first_page,
    matches,
    parents,
    site_name,
    with_scheme,
    without_www,
)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://WWW.Example.org:8080/a", "www.example.org"),
        ("http://[", ""),
        ("no address", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address_is_in_lower_case(
    address: str, host: str
) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org", True),
        ("https://example.org/", True),
        ("https://example.org/news", False),
        ("https://example.org/?page=2", False),
        ("https://example.org/#/news/2", False),
        ("http://[", False),
    ],
)
def test_the_first_page_of_a_site_has_neither_path_nor_query_nor_place(
    address: str, expected: bool
) -> None:
    assert is_first_page(address) is expected


@pytest.mark.parametrize(
    ("host", "bare"),
    [
        ("www.example.org", "example.org"),
        ("www2.example.org", "example.org"),
        ("m.example.org", "example.org"),
        ("amp.example.co.uk", "example.co.uk"),
        ("news.example.org", "news.example.org"),
        ("www.org", "www.org"),
        ("m.de", "m.de"),
        ("localhost", "localhost"),
    ],
)
def test_www_and_the_like_are_taken_off_unless_they_are_the_site(
    host: str, bare: str
) -> None:
    assert without_www(host) == bare


def test_the_owner_s_word_is_in_front_of_the_ending() -> None:
    assert (
        site_name("news.example.co.uk") == site_name("example.org") == "example"
    )


def test_a_host_is_below_its_parents() -> None:
    assert parents("a.b.org") == ["a.b.org", "b.org", "org"]
    assert parents("") == []


@pytest.mark.parametrize(
    ("host", "pattern"),
    [
        ("example.org", "example.org"),
        ("example.org", "*.example.org"),
        ("a.b.example.org", "*.example.org"),
        ("www.google.co.uk", "google.*"),
        ("google.de", "google.*"),
    ],
)
def test_patterns_match(host: str, pattern: str) -> None:
    assert matches(host, pattern)


@pytest.mark.parametrize(
    ("host", "pattern"),
    [
        ("www.example.org", "example.org"),
        ("notexample.org", "*.example.org"),
        ("news.google.com", "google.*"),
        ("google.example.org", "google.*"),
        ("notgoogle.com", "google.*"),
    ],
)
def test_patterns_match_nothing_else(host: str, pattern: str) -> None:
    assert not matches(host, pattern)


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "Example.ORG/news#votes",
        "www.example.co.uk?page=2",
        "www.town.example",
        "müller.example.de",
        "xn--mller-kva.de",
    ],
)
def test_an_address_without_a_scheme_is_completed(address: str) -> None:
    assert with_scheme(address) == f"https://{address}"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "mailto:mira@example.org",
        "mira@example.org",
        "list.md",
        "folder/list.html",
        "court.jpg",
        "#votes",
        "/news",
        "../example.org",
        "-.org",
        ".org",
        "org",
        "",
    ],
)
def test_what_does_not_begin_with_a_host_stays_as_it_is(address: str) -> None:
    assert with_scheme(address) == address
