"""The publisher, the way people write it."""

import pytest

from briefing.collecting.web.publishers import KNOWN, find_publisher, site_names
from tests.collecting.web.pages import TITLE, json_ld, meta, page


def source(
    head: str = "",
    body: str = "",
    *,
    url: str = "https://www.examplepost.org/a",
    **names: str,
) -> tuple[str, bool]:
    return find_publisher(page(body, head, url=url), names)


@pytest.mark.parametrize(
    "head",
    [
        meta("og:site_name", "Example Post"),
        meta("og:site_name", "Example Post | News from the hills"),
        meta("og:site_name", "News from the hills – Example Post"),
        meta("og:site_name", "Example Post, the paper of the hills"),
        meta("sitename", "Example Post"),
        meta("og:site_name", "Redaktion Example Post"),
        meta("og:site_name", "„Example Post“"),
        json_ld(
            '{"@type": "NewsArticle", "publisher": {"@type": "Organization", "name": "Example Post"}}'
        ),
        json_ld('{"@type": "WebSite", "name": "Example Post"}'),
        meta("application-name", "Example Post"),
        f"<title>{TITLE} | Example Post</title>",
        f"<title>Example Post: {TITLE}</title>",
        meta("og:site_name", "examplepost.org")
        + json_ld('{"@type": "WebSite", "name": "Example Post"}'),
        meta("og:site_name", "Home") + meta("application-name", "Example Post"),
        meta("og:site_name", "https://www.examplepost.org")
        + meta("publisher", "Example Post"),
    ],
)
def test_the_page_names_its_publisher(head: str) -> None:
    assert source(head) == ("Example Post", True)


@pytest.mark.parametrize(
    "head",
    [
        meta("og:site_name", "Example Post App"),
        meta("og:site_name", "Example Post GmbH"),
        meta("og:site_name", "Example Post, Inc."),
        meta("copyright", "(c) 2020 Example Post. All rights reserved."),
        meta("copyright", "Copyright © 2019-2020 Example Post"),
        meta("copyright", "Example Post. Alle Rechte vorbehalten."),
        meta("copyright", "Example Post版权所有"),
        meta("publisher", "Hill Media SA")
        + meta("application-name", "Example Post"),
    ],
)
def test_an_app_a_company_and_a_copyright_line_add_nothing_to_the_name(
    head: str,
) -> None:
    assert source(head) == ("Example Post", True)


def test_a_host_in_small_letters_is_written_as_on_the_page() -> None:
    """It stays uncertain: the name may have more words."""
    head = meta("og:site_name", "examplepost.org")
    body = "<p>ExamplePost is read in the hills. Write to ExamplePost.</p><p>examplepost.org</p>"
    assert source(head, body) == ("ExamplePost", False)
    assert source("", body) == ("ExamplePost", False)
    assert source(head, "<p>Nothing.</p>") == ("examplepost.org", False)


def test_a_name_that_fits_the_host_is_preferred_to_a_slogan() -> None:
    head = (
        meta("og:site_name", "What the hills are talking about")
        + f"<title>{TITLE} - Example Post</title>"
    )
    assert source(head) == ("Example Post", True)


def test_accents_and_umlauts_fit_hosts_without_them() -> None:
    for name, url in (
        ("El Día", "https://www.eldia.example/a"),
        ("Küstenpost", "https://kuestenpost.example/a"),
    ):
        head = meta("og:site_name", f"{name}, noticias")
        assert source(head, url=url) == (name, True)


def test_the_service_that_a_blog_is_made_with_is_not_its_publisher() -> None:
    head = json_ld(
        '{"@type": "BlogPosting", "publisher": {"@type": "Organization", "name": "Blogger"}}'
    )
    head += f"<title>Examplepost: {TITLE}</title>"
    assert source(head) == ("Examplepost", True)


def test_initials_and_shortened_names_fit_their_hosts() -> None:
    head = meta("og:site_name", "News you need") + meta(
        "publisher", "Far Valley Rights Network"
    )
    assert source(head, url="https://fvrn.org/a") == (
        "Far Valley Rights Network",
        True,
    )
    head = meta("og:site_name", "News you need") + meta(
        "publisher", "Hill Valley Times"
    )
    assert source(head, url="https://www.hvtimes.com/a") == (
        "Hill Valley Times",
        True,
    )


def test_the_settings_take_precedence_for_a_host_and_the_hosts_below_it() -> (
    None
):
    assert source(
        meta("og:site_name", "x"),
        url="https://en.post.example.org/a",
        **{"example.org": "The Post"},
    ) == (
        "The Post",
        True,
    )
    assert source(
        url="https://www.bbc.co.uk/a", **{"bbc.co.uk": "BBC News"}
    ) == (
        "BBC News",
        True,
    )
    assert source(
        url="https://notexample.org/a", **{"example.org": "The Post"}
    ) == (
        "notexample.org",
        False,
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.bbc.com/news/1", "BBC"),
        ("https://news.bbc.co.uk/1", "BBC"),
        ("https://www.amnesty.org.uk/x", "Amnesty International"),
        ("https://www.amnesty.de/x", "Amnesty International"),
        (
            "https://web.archive.org/web/2020/https://www.hrw.org/news/1",
            "Human Rights Watch",
        ),
    ],
)
def test_known_publishers_are_named_the_way_people_write_them(
    url: str, name: str
) -> None:
    assert source(meta("og:site_name", "Some News"), url=url) == (name, True)


def test_a_bare_host_is_the_last_resort_and_uncertain() -> None:
    assert source() == ("examplepost.org", False)
    assert source(meta("og:site_name", TITLE) + meta("og:title", TITLE)) == (
        "examplepost.org",
        False,
    )
    assert source(
        f"<title>{TITLE} | Hill Voice</title>", f"<h1>{TITLE}</h1>"
    ) == (
        "Hill Voice",
        False,
    )


def test_the_name_as_people_write_it_counts() -> None:
    in_small_letters = meta("og:site_name", "examplepost")
    named = meta("publisher", "Example Post")
    assert source(in_small_letters + named) == ("Example Post", True)
    longer = "Example Post Holding UK"
    twice = meta("og:site_name", longer) + meta("publisher", longer)
    named = meta("application-name", "Example Post")
    assert source(twice + named) == ("Example Post", True)


def test_a_title_with_the_host_leaves_the_publisher_uncertain() -> None:
    head = f"<title>{TITLE} - www.examplepost.org</title>"
    assert source(head) == ("examplepost.org", False)


def test_what_follows_a_colon_at_the_end_of_a_title_is_not_the_publisher() -> (
    None
):
    head = "<title>A diary of books: A year by the sea</title>"
    assert source(head, url="https://unknown.example.org/1")[0] != (
        "A year by the sea"
    )


def test_the_end_of_a_title_that_belongs_to_the_headline_is_not_the_publisher() -> (
    None
):
    assert source(
        "<title>Library - Part two</title>", "<h1>Library - Part two</h1>"
    ) == ("examplepost.org", False)


def test_no_part_of_a_chinese_title_with_punctuation_is_the_publisher() -> None:
    title = "<title>图书馆这一周 | 关门，还是搬家？读者在问</title>"
    assert source(title) == ("examplepost.org", False)


def test_a_list_that_begins_with_an_address_is_not_the_publisher() -> None:
    head = meta("copyright", "www.hills.example,山丘日报网,山丘日报社")
    head += f"<title>{TITLE} - 山丘日报网</title>"
    assert source(head) == ("山丘日报网", False)


def test_all_names_of_a_site_are_listed_for_cutting_them_off() -> None:
    named = page(
        head=meta("og:site_name", "Hill Voice"),
        url="https://www.examplepost.org/a",
    )
    assert {"Hill Voice", "examplepost.org", "examplepost"} <= {
        *site_names(named, {})
    }


def test_the_table_has_hosts_in_lower_case_and_no_empty_names() -> None:
    assert all(
        host == host.lower() and "/" not in host and not host.startswith("www.")
        for host in KNOWN
    )
    assert all(name.strip() == name and name for name in KNOWN.values())
