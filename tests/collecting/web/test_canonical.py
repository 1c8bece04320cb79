"""Links: without tracking, without redirectors, canonical where that can be trusted."""

from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.text.hosts import site_of
from briefing.collecting.web.canonical import (
    address_to_request,
    clean_address,
    find_link,
    part_of_page,
)
from briefing.collecting.web.redirectors import (
    is_redirector,
    original_address,
    unwrap,
)
from briefing.collecting.web.tracking import is_tracking
from briefing.issue.links import unsafe_reason
from tests.collecting.web.pages import URL, meta, page

TARGET = "https://www.example.org/news/library?id=7&lang=de"
QUOTED = quote(TARGET, safe="")


# --- Without the query


@pytest.mark.parametrize(
    ("requested", "canonical", "link"),
    [
        ("article.php?id=7", "article.php", "article.php?id=7"),
        ("news?story=library&utm_source=x", "news", "news?story=library"),
        ("article.php?id=7", "article.php?id=7", "article.php?id=7"),
        ("article.php?id=7", "library-closed", "library-closed"),
        (
            "library-closed-2020?page=1",
            "library-closed-2020",
            "library-closed-2020",
        ),
        ("a/20201008.html?x=1", "a/20201008.html", "a/20201008.html"),
    ],
)
def test_a_canonical_address_without_the_query_that_names_the_article_is_not_taken(
    requested: str, canonical: str, link: str
) -> None:
    site = "https://www.example.org/"
    head = f"<link rel='canonical' href='{site}{canonical}'>"
    assert (
        find_link(page("", head, url=f"{site}{requested}")) == f"{site}{link}"
    )


# --- Tracking


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        (
            "https://example.org/a?utm_source=x&id=7&fbclid=y",
            "https://example.org/a?id=7",
        ),
        (
            "https://example.org/a?pk_no=1412361&pk_campaign=x",
            "https://example.org/a?pk_no=1412361",
        ),
        (
            "https://example.org/a?UTM_Source=x&CMP=share&ocid=z",
            "https://example.org/a",
        ),
        (
            "https://example.org/a?id=7&amp;utm_medium=x",
            "https://example.org/a?id=7",
        ),
        (
            "https://example.org/a?utm%5Fsource=x&q=a%20b+c",
            "https://example.org/a?q=a%20b+c",
        ),
        (
            "https://example.org/a?ref=desk.example.net&id=7",
            "https://example.org/a?id=7",
        ),
        (
            "https://example.org/a?ref=v2.10&id=7",
            "https://example.org/a?ref=v2.10&id=7",
        ),
        ("https://example.org/a?id=7#comments", "https://example.org/a?id=7"),
        ("https://example.org/a#:~:text=library", "https://example.org/a"),
        ("https://example.org/#!/a/7", "https://example.org/#!/a/7"),
        ("HTTPS://example.org/a?b", "https://example.org/a?b"),
        (
            "https://www.bbc.co.uk/news/1?ref=x&page=2",
            "https://www.bbc.co.uk/news/1?page=2",
        ),
        (
            "https://example.org/a?ref=x&page=2&mod=b&cid=3",
            "https://example.org/a?ref=x&page=2&mod=b&cid=3",
        ),
        (
            "https://www.nytimes.com/a.html?unlocked_article_code=x&smid=y",
            "https://www.nytimes.com/a.html",
        ),
        ("https://youtu.be/abc?si=x&t=30", "https://youtu.be/abc?t=30"),
        (
            "https://m.youtube.com/watch?v=abc&pp=x",
            "https://m.youtube.com/watch?v=abc",
        ),
        ("https://notbbc.co.uk/a?ref=x", "https://notbbc.co.uk/a?ref=x"),
    ],
)
def test_tracking_parameters_are_removed_and_everything_else_stays(
    address: str, bare: str
) -> None:
    assert clean_address(address) == bare


PARAMETERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "utm_source",
                "utm_%63ampaign",
                "fbclid",
                "GCLID",
                "id",
                "q",
                "page",
                "ref",
                "mc_eid",
                "",
                "amp;xtor",
                "wt.mc",
            ]
        ),
        st.text("abc%26=+é/", max_size=6),
    ),
    max_size=6,
)


@given(
    st.sampled_from(["https", "http", "HTTP"]),
    st.sampled_from(
        [
            "example.org",
            "www.bbc.com",
            "x.com",
            "example.org:8080",
            "xn--e1afmkfd.com",
        ]
    ),
    st.text("ab/é%20.", max_size=10),
    PARAMETERS,
    st.sampled_from(["", "#a", "#!/a", "#/x", "#:~:text=b"]),
)
def test_cleaning_again_changes_nothing_and_no_tracking_is_left(
    scheme: str,
    host: str,
    path: str,
    parameters: list[tuple[str, str]],
    fragment: str,
) -> None:
    query = "&".join(f"{name}={value}" for name, value in parameters)
    address = f"{scheme}://{host}/{path}?{query}{fragment}"
    once = clean_address(address)
    assert clean_address(once) == once
    assert urlsplit(once).netloc == urlsplit(address).netloc
    assert urlsplit(once).path == urlsplit(address).path
    assert not any(
        is_tracking(parameter, host)
        for parameter in urlsplit(once).query.split("&")
    )


@pytest.mark.parametrize(
    "typed",
    [
        "example.org/news?fbclid=x",
        " www.example.org/news ",
        "https://example.org/news",
    ],
)
def test_the_scheme_of_an_address_that_was_typed_may_be_missing(
    typed: str,
) -> None:
    host, _, _ = typed.strip().removeprefix("https://").partition("/")
    assert address_to_request(typed) == f"https://{host}/news"


@pytest.mark.parametrize(
    ("fragment", "part"),
    [
        ("#entry-5", "entry-5"),
        ("#t=120", "t=120"),
        ("#entry-5:~:text=A%20vote", "entry-5"),
        ("", ""),
        ("#:~:text=A%20vote", ""),
        ("#!/entry", ""),
        ("#comments", ""),
        ("#Kommentare", ""),
        ("#disqus_thread", ""),
        ("#utm_source=x", ""),
    ],
)
def test_a_fragment_leads_to_a_part_of_a_page_or_only_counts_or_marks(
    fragment: str, part: str
) -> None:
    assert part_of_page(f"https://example.org/live?a=b{fragment}") == part


@given(st.text(max_size=60))
def test_any_text_can_be_cleaned_and_unwrapped(text: str) -> None:
    clean_address(text)
    part_of_page(text)
    unwrap(text)
    unwrap(f"https://www.google.com/url?q={text}")


# --- Redirectors


@pytest.mark.parametrize(
    "address",
    [
        f"https://l.facebook.com/l.php?u={QUOTED}&h=AT0xyz",
        f"https://www.facebook.com/sharer/sharer.php?u={QUOTED}",
        f"https://www.google.com/url?sa=t&q={QUOTED}&usg=x",
        f"https://www.google.com.tr/url?url={QUOTED}",
        f"https://eur01.safelinks.protection.outlook.com/?url={QUOTED}&data=05%7C01",
        f"https://urldefense.com/v3/__{TARGET}__;!!abc!def$",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.org_news_library-3Fid-3D7-26lang-3Dde&d=x",
        f"https://www.youtube.com/redirect?event=video&q={QUOTED}",
        f"https://slack-redir.net/link?url={QUOTED}",
        f"https://out.reddit.com/t3_x?url={QUOTED}&token=y",
        f"https://vk.com/away.php?to={QUOTED}",
        f"https://duckduckgo.com/l/?uddg={QUOTED}",
        f"https://click.mail.example.net/open?c=1&url={QUOTED}",
        f"https://news.example.net/track/click?id=3&target={QUOTED}",
        "https://www.google.com/amp/s/www.example.org/news/library?id=7&lang=de",
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/library?id=7&lang=de",
        "https://blog.example.net?action=user_content_redirect&user_email=reader@example.com"
        "&encoded_url=aHR0cHM6Ly93d3cuZXhhbXBsZS5vcmcvbmV3cy9saWJyYXJ5P2lkPTcmbGFuZz1kZQ==",
        "https://blog.example.net?encoded_url=+//+aHR0cHM6Ly93d3cuZXhhbXBsZS5vcmcvbmV3cy9saWJyYXJ5P2lkPTcmbGFuZz1kZQ",
        "https://abc.mjt.lu/lnk/AAA/1/bbb/aHR0cHM6Ly93d3cuZXhhbXBsZS5vcmcvbmV3cy9saWJyYXJ5P2lkPTcmbGFuZz1kZQ",
        "https://www.bing.com/ck/a?!&&p=x&u=a1aHR0cHM6Ly93d3cuZXhhbXBsZS5vcmcvbmV3cy9saWJyYXJ5P2lkPTcmbGFuZz1kZQ",
        f"https://href.li/?{TARGET}",
        f"https://l.facebook.com/l.php?u={quote(f'https://www.google.com/url?q={QUOTED}', safe='')}",
    ],
)
def test_a_redirector_is_taken_off_without_contacting_it(address: str) -> None:
    assert unwrap(address) == TARGET


@pytest.mark.parametrize(
    ("encoded", "target"),
    [
        ("aHR0cDovL2EuZGU", "http://a.de"),
        ("aHR0cHM6Ly9leGFtcGxlLm9yZy9hP2I9fj4_", "https://example.org/a?b=~"),
        ("aHR0cHM6Ly9leGFtcGxlLm9yZy9hP2I9fj4%2F", "https://example.org/a?b=~"),
    ],
)
def test_a_search_result_may_be_short_and_in_either_form_of_base64(
    encoded: str, target: str
) -> None:
    assert unwrap(f"https://www.bing.com/ck/a?u=a1{encoded}") == target


@pytest.mark.parametrize(
    "address",
    [
        TARGET,
        f"https://www.example.org/search?url={QUOTED}",
        "https://l.facebook.com/l.php?u=javascript:alert(1)",
        "https://www.google.com/url?q=https://user:word@evil.example/",
        "https://www.google.com/url?q=/local",
        "https://bit.ly/3abc",
        "https://example.us1.list-manage.com/track/click?u=abc&id=def&e=123",
        "https://abc.mjt.lu/lnk/AAAAAAAAAAAAAAAAAAAAAAAA",
        "https://blog.example.net?encoded_url=AAAAAAAAAAAAAAAAAAAAAAAA",
        "",
        "http://[",
    ],
)
def test_an_address_without_a_usable_target_stays(address: str) -> None:
    assert unwrap(address) == address


# --- The canonical address


def link(
    canonical: str, url: str = f"{URL}?utm_source=x", **options: str
) -> str:
    head = f'<link rel="canonical" href="{canonical}">' + options.get(
        "head", ""
    )
    return find_link(page(head=head, url=url))


@pytest.mark.parametrize(
    "archived",
    [
        f"https://web.archive.org/web/20201008101010/{TARGET}",
        f"https://web.archive.org/web/20201008101010id_/{TARGET.replace('//', '/')}",
    ],
)
def test_a_page_in_the_internet_archive_is_fetched_and_linked_there(
    archived: str,
) -> None:
    """The site may be gone, or the editor doesn't want it to see a visit."""
    assert address_to_request(archived) == archived
    assert original_address(archived) == TARGET
    head = f'<link rel="canonical" href="{TARGET}">'
    assert find_link(page("", head, url=archived)) == archived


@pytest.mark.parametrize(
    "canonical",
    [
        f"{URL}-for-good",
        "/news/library-closed-for-good",
        f"{URL}-for-good?utm_source=feed",
        "https://web.archive.org/web/2020/https://www.example.org/news/library-closed-for-good",
        "http://www.example.org/news/library-closed-for-good",
    ],
)
def test_a_canonical_address_of_the_same_site_is_used(canonical: str) -> None:
    assert link(canonical) == f"{URL}-for-good"


@pytest.mark.parametrize(
    "canonical",
    [
        *(
            "https://www.example.org/",
            "/",
            "https://www.example.org/index.html",
            "https://www.example.org/login",
        ),
        *(
            "",
            "#",
            "https://other.example.net/news/library-closed",
            "javascript:alert(1)",
        ),
        *("https://user@www.example.org/a", "http://["),
        *("/news", "/news/", "library-closed_files/library-closed.html"),
    ],
)
def test_a_canonical_address_that_cannot_be_trusted_is_ignored(
    canonical: str,
) -> None:
    assert link(canonical) == URL


def test_a_page_in_another_form_may_claim_the_address_above_it() -> None:
    canonical = "https://www.example.org/news/library"
    assert link(canonical, url=f"{canonical}/amp") == canonical


def test_a_site_includes_all_hosts_of_one_owner() -> None:
    assert (
        link("https://www.example.co.uk/a", url="https://m.example.co.uk/a?x=1")
        == "https://www.example.co.uk/a"
    )
    assert (
        link("https://other.co.uk/a", url="https://example.co.uk/a")
        == "https://example.co.uk/a"
    )
    assert site_of("news.example.co.uk") == "example.co.uk"
    assert site_of("a.b.example.org") == site_of("example.org") == "example.org"
    assert site_of("") == ""


def test_at_a_feed_service_the_page_s_own_address_counts() -> None:
    feed = "https://feedproxy.google.com/~r/example/~3/abc/"
    assert link(URL, url=feed) == URL
    assert find_link(page(head=meta("og:url", URL), url=feed)) == URL
    assert link("https://www.example.org/", url=feed) == feed


def test_og_url_alone_is_not_trusted() -> None:
    assert find_link(page(head=meta("og:url", f"{URL}-x"))) == URL


@given(st.text(max_size=40))
def test_whatever_address_a_page_declares_the_link_is_safe(
    canonical: str,
) -> None:
    assert (
        unsafe_reason(
            find_link(page(head=f"<link rel=canonical href='{canonical}'>"))
        )
        == ""
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://l.facebook.com/l.php?u=x",
        "https://example.us1.list-manage.com/track/click?u=abc",
        "https://u123.ct.sendgrid.net/ls/click?upn=x",
        "https://www.google.co.uk/url?q=x",
        "https://news.google.com/rss/articles/abc",
    ],
)
def test_a_redirector_is_recognised_even_if_it_does_not_say_where_it_leads(
    address: str,
) -> None:
    assert is_redirector(address)


@pytest.mark.parametrize(
    "address",
    [
        TARGET,
        "https://www.google.com/search?q=x",
        "https://twitter.com/intent/tweet?url=x",
        "https://notgoogle.com/url",
    ],
)
def test_other_addresses_are_not_redirectors(address: str) -> None:
    assert not is_redirector(address)
