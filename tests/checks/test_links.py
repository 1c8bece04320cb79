"""Rules on links: a broken sample for each rule, and no finding in sound links."""

from collections.abc import Sequence
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.checks import links
from briefing.checks.link_addresses import as_shown, target_of, without_tracking
from briefing.checks.rule import Severity
from briefing.newsletter import Newsletter
from tests.checks.conftest import SETTINGS, SOUND, Check

LINK = "https://www.example.com/files"
REST = "/a" * 300


@pytest.fixture
def families() -> Sequence[ModuleType]:
    return (links,)


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("http://www.example.com/files", "http-link"),
        ("https://127.1/files", "private-host"),
        ("https://2130706433/", "private-host"),
        ("https://①②⑦.0.0.1/", "private-host"),
        ("https://printer.local/", "private-host"),
        ("https://intranet/files", "private-host"),
        ("https://аррӏе.com/files", "look-alike-host"),
        ("https://exarnple.org/files", "look-alike-host"),
        ("https://www.example.com/{token}", "placeholder-in-address"),
        ("https://www.example.com/%7B%7Bid%7D%7D", "placeholder-in-address"),
        ("https://www.example.com/*|UNIQID|*", "placeholder-in-address"),
        ("https://bit.ly/3abcdef", "shortened-link"),
        (
            "https://www.example.com/files?id=3&utm_source=x&fbclid=y",
            "tracking-parameters",
        ),
        ("https://www.example.com/files#xtor=RSS-1", "tracking-parameters"),
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.example.com%2F&h=AT0",
            "redirected-link",
        ),
        (
            "https://www.google.com/url?q=https://www.example.com/",
            "redirected-link",
        ),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.com",
            "redirected-link",
        ),
        (
            "https://x.us1.list-manage.com/track/click?u=1&id=2",
            "redirected-link",
        ),
        ("http://exampleexampleexample.onion/", "onion-link"),
        ("https://www.example.com:8443/files", "unusual-port"),
        (f"https://www.example.com{REST}", "long-address"),
    ],
)
def test_a_doubtful_address_is_reported_below_an_item_and_in_a_text(
    check_issue: Check, address: str, rule: str
) -> None:
    (finding,) = check_issue(SOUND.replace(LINK, address))
    assert (finding.rule, finding.line) == (rule, 10)
    (finding,) = check_issue(f"{SOUND}And\nthen [the files]({address}).\n")
    assert (finding.rule, finding.line) == (rule, 14)
    assert "\n" not in str(finding)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "//evil.net/x",
            "/files",
            "files.html",
            "ftp://example.org/a",
        ),
        *(
            "https://good.example.org:secret@evil.net/",
            "mailto:nobody",
            "",
            "https://[::1/",
            "tel:+15550142",
        ),
        *("<https://www.example.com/a b>", "https:\\\\evil.net"),
    ],
)
def test_an_address_that_cannot_be_linked_is_reported(
    check_issue: Check, address: str
) -> None:
    (finding,) = check_issue(f"{SOUND}> - and [the files]({address}).\n")
    assert (finding.rule, finding.severity, finding.line) == (
        "unsafe-address",
        Severity.ERROR,
        13,
    )
    assert "secret" not in finding.message


def test_all_items_with_an_unsafe_address_are_reported_beside_the_one_that_stops_rendering(
    check_issue: Check,
) -> None:
    broken = SOUND.replace(LINK, "javascript:alert(1)")
    second = broken[broken.index("###") :].replace("files\n", "papers\n", 1)
    assert [finding.line for finding in check_issue(f"{broken}\n{second}")] == [
        17
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[https://www.bbc.com/news](https://www.example.com/)",
        "[www.bbc.com](https://www.example.com/)",
        "[bbc.com](https://www.example.com/)",
        "[as www.bbc.com says](https://www.example.com/)",
        "[editors@bbc.com](mailto:editors@example.com)",
        "[`bbc.com`](https://www.example.com/)",
        "[example.com](https://example.com.evil.net/)",
    ],
)
def test_words_that_name_another_host_are_reported(
    check_issue: Check, text: str
) -> None:
    findings = check_issue(f"{SOUND}{text}\n")
    assert "link-text-names-another-host" in {
        finding.rule for finding in findings
    }
    assert {finding.line for finding in findings} == {13}


@pytest.mark.parametrize(
    "words",
    [
        "here",
        "Read more …",
        "click here!",
        "Weiterlesen",
        "devamı",
        "这里",
        "بۇ يەر",
        "**more**",
    ],
)
def test_words_that_say_nothing_are_reported(
    check_issue: Check, words: str
) -> None:
    (finding,) = check_issue(
        f"{SOUND}It is [{words}](https://www.example.com/x).\n"
    )
    assert (finding.rule, finding.line) == ("generic-link-text", 13)


def test_a_link_without_words_is_reported(check_issue: Check) -> None:
    (finding,) = check_issue(f"{SOUND}It is [](https://www.example.com/x).\n")
    assert finding.rule == "generic-link-text"


@pytest.mark.parametrize(
    "link",
    [
        "<https://www.example.com/x>",
        "[https://www.example.com/x](https://www.example.com/x)",
    ],
)
def test_an_address_as_words_is_reported(check_issue: Check, link: str) -> None:
    (finding,) = check_issue(f"{SOUND}It is {link}.\n")
    assert finding.rule == "address-as-link-text"


def test_the_same_words_for_two_addresses_are_reported_at_the_second(
    check_issue: Check,
) -> None:
    text = "[The ruling](https://www.example.com/1) and\n[the ruling](https://www.example.com/2)."
    (finding,) = check_issue(f"{SOUND}{text}\n")
    assert (finding.rule, finding.line) == ("same-words-two-addresses", 14)


def test_tracking_parameters_are_reported_with_the_address_without_them(
    check_issue: Check,
) -> None:
    address = "https://www.example.com/?id=3&utm_source=x&b=%C3%A9;c#part"
    (finding,) = check_issue(SOUND.replace(LINK, address))
    assert finding.message.endswith(
        "use https://www.example.com/?id=3&b=%C3%A9;c#part"
    )


def test_a_link_in_a_template_is_reported_at_its_line(
    check_issue: Check, newsletter: Newsletter
) -> None:
    folder = newsletter.root / "templates"
    folder.mkdir()
    (folder / "footer.html.j2").write_text(
        '<p>\n<a href="http://printer.local/">Our rules</a></p>\n', "utf-8"
    )
    findings = check_issue()
    assert {finding.rule for finding in findings} == {
        "private-host",
        "http-link",
    }
    assert {(finding.path.name, finding.line) for finding in findings} == {
        ("footer.html.j2", 2)
    }


def test_the_tag_for_sendgrids_own_page_is_not_an_address(
    check_issue: Check,
) -> None:
    settings = SETTINGS.replace(
        'url = "https://example.org/u/{token}"', 'via = "sendgrid"'
    )
    assert "sendgrid" in settings
    assert not check_issue(settings=settings)


def test_a_link_in_the_settings_is_reported_at_its_line(
    check_issue: Check,
) -> None:
    (finding,) = check_issue(
        settings=SETTINGS.replace(
            "https://example.org/u/", "https://10.0.0.1/u/"
        )
    )
    assert (finding.rule, finding.path.name, finding.line) == (
        "private-host",
        "briefing.toml",
        8,
    )


@pytest.mark.parametrize(
    "text",
    [
        "[the full ruling](https://www.example.com/1) and [the press release](https://www.example.com/2?id=3#part)",
        "[example.com](https://www.example.com/1)",
        "[news.example.com/1](https://example.com/1)",
        "[write to us](mailto:editors@example.org?subject=Hello)",
        "[editors@example.org](mailto:editors@example.org)",
        "<editors@example.org>",
        "[the same page](https://www.example.com/1), and [the same page](https://www.example.com/1)",
        "[report][1]\n\n[1]: https://www.example.com/1",
        "[Münchner Zeitung](https://münchen.de/) and [ئۇيغۇرچە](https://ئۇيغۇر.com/a?b=ئا)",
        "`http://127.0.0.1/` and \\[no link\\](javascript:x)",
        "[port](https://www.example.com:443/), [share](https://www.example.com/share?s=20&source=us)",
    ],
)
def test_sound_links_have_no_finding(check_issue: Check, text: str) -> None:
    assert check_issue(f"{SOUND}{text}\n", ug=f"{SOUND}{text}\n") == []


@pytest.mark.parametrize(
    ("address", "target"),
    [
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.org%2Fb%3Fc&h=x",
            "https://a.org/b?c",
        ),
        (
            "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fa.org",
            "https://a.org",
        ),
        ("https://www.google.com/amp/s/www.a.org/b", "https://www.a.org/b"),
        (
            "https://www-a-org.cdn.ampproject.org/c/s/www.a.org/b",
            "https://www.a.org/b",
        ),
        (
            "https://urldefense.com/v3/__https://a.org/b__;!!x$",
            "https://a.org/b",
        ),
        ("https://x.list-manage.com/track/click?u=1", ""),
        ("https://a.org/url?q=https://b.org", ""),
    ],
)
def test_where_a_redirector_leads_is_read_from_its_address(
    address: str, target: str
) -> None:
    assert target_of(address) == target


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://a.org/?utm_source=x", "https://a.org/"),
        ("https://a.org/?mc_cid=1&mc_eid=2#top", "https://a.org/#top"),
        ("https://a.org/?a=1&UTM_Medium=x&b=2", "https://a.org/?a=1&b=2"),
        ("https://youtu.be/x?si=abc", "https://youtu.be/x"),
        ("https://a.org/?si=abc", "https://a.org/?si=abc"),
        ("https://a.org/?fbclid", "https://a.org/?fbclid"),
        ("https://a.org/?", "https://a.org/?"),
        ("https://a.org/?&&a", "https://a.org/?&&a"),
    ],
)
def test_tracking_parameters_are_removed_and_nothing_else(
    address: str, clean: str
) -> None:
    assert without_tracking(address) == clean


@pytest.mark.parametrize("override", ["\u202e", "\u2066"])
def test_an_address_is_shown_without_what_turns_it_round(override: str) -> None:
    assert as_shown(f"https://example.org/{override}gpj") == (
        "https://example.org/�gpj"
    )


@given(
    st.text(max_size=60)
    | st.text("htps:/.?#&=%@[]{}a1utm_", max_size=60).map(
        lambda rest: f"https://{rest}"
    )
)
def test_any_address_has_an_answer(address: str) -> None:
    assert isinstance(target_of(address), str)
    assert without_tracking(without_tracking(address)) == without_tracking(
        address
    )
    assert as_shown(address).isprintable()
