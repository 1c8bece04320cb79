"""The headline: the heading that agrees with the page's head, without site names and kickers."""

import pytest

from briefing.collecting.web.titles import find_headline
from tests.collecting.web.pages import FIRST, TITLE, json_ld, meta, page

SITE = ["Example Post", "example.org", "example"]


def title(body: str, head: str = "") -> tuple[str, bool]:
    return find_headline(page(body, head), SITE)


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{TITLE} | Example Post</title>",
        f"<title>Example Post - {TITLE}</title>",
        f"<title>{TITLE} – News – Example Post</title>",
        meta("og:title", TITLE),
        meta("og:title", TITLE.upper()),
        meta("articletitle", TITLE),
        json_ld(f'{{"@type": "NewsArticle", "headline": "{TITLE}"}}'),
        meta("og:title", f"{TITLE}, and the readers protest"),
    ],
)
def test_the_heading_that_agrees_with_the_page_s_head_is_the_headline(
    head: str,
) -> None:
    assert title(
        f"<h1>Example Post</h1><h1>{TITLE}</h1><h1>Most read</h1>", head
    ) == (
        TITLE,
        True,
    )


def test_a_reworded_heading_is_the_headline() -> None:
    """Visible headings take precedence over metadata."""
    head = meta("og:title", "Exampleton closes last library by decree")
    assert title(f"<h1>{TITLE}</h1>", head) == (TITLE, False)


@pytest.mark.parametrize(
    ("declared", "is_certain"),
    [
        (f"Culture: {TITLE}", False),
        (f"{TITLE}: a report", True),
        (f"Culture - {TITLE} - Books", True),
        ("Exampleton closes", True),
    ],
)
def test_a_headline_is_certain_if_it_is_a_part_or_the_beginning_of_the_declared_title(
    declared: str, is_certain: bool
) -> None:
    head = meta("og:title", declared) + meta("twitter:title", TITLE)
    assert title(f"<h1>{TITLE}</h1>", head) == (TITLE, is_certain)


def test_the_second_heading_counts_where_the_first_is_the_site_s() -> None:
    head = f"<title>{TITLE} | Example Post</title>"
    assert title(
        f"<h1><a href='/'>The Post of Example</a></h1><h2>{TITLE}</h2>", head
    ) == (TITLE, True)
    assert title(
        f"<h1 class='site-title'>Reading in Exampleton</h1><h2>{TITLE}</h2>",
        head,
    ) == (TITLE, True)


@pytest.mark.parametrize(
    "heading",
    [
        "Example Post",
        "News",
        "Aktuelles",
        "<a href='/'>The Post of Example</a>",
    ],
)
def test_the_only_heading_that_can_be_a_headline_counts_more_than_the_page_s_head(
    heading: str,
) -> None:
    head = meta("og:title", "What the council wants to do with its books")
    assert title(f"<h1>{heading}</h1><h1>{TITLE}</h1>", head) == (TITLE, False)
    assert title(
        f"<h1>{TITLE}</h1><h2>The books of the council</h2>", head
    ) == (
        TITLE,
        False,
    )


def test_a_short_heading_yields_to_the_second_one_that_agrees() -> None:
    head = meta("og:title", TITLE)
    assert title(f"<h1>Culture pages</h1><h2>{TITLE}</h2>", head) == (
        TITLE,
        True,
    )


def test_a_long_heading_at_the_end_of_a_title_is_not_a_site_name() -> None:
    head = f"<title>Culture - Books in the north - {TITLE}</title>"
    body = f"<h1>{TITLE}</h1><h2>Culture</h2><h1>Most read</h1>"
    assert title(body, head) == (TITLE, True)


def test_of_two_headings_that_agree_equally_the_longer_one_is_the_headline() -> (
    None
):
    head = meta("og:title", f"Culture - {TITLE}")
    assert title(f"<h1>Culture</h1><h1>{TITLE}</h1>", head) == (TITLE, True)


def test_a_short_part_in_the_middle_of_a_title_is_not_a_headline() -> None:
    head = f"<title>{TITLE} - Culture - Example Post</title>"
    assert title(f"<h1>Culture</h1><h1>Most read</h1><p>{TITLE}</p>", head)[
        0
    ] == (f"{TITLE} - Culture")


def test_a_kicker_is_cut_off() -> None:
    head = meta("og:title", TITLE)
    for heading in (
        f"<span class='kicker'>Culture</span> {TITLE}",
        f"<span class='article__overline'>Culture –</span> {TITLE}",
        f"<span>Libraries in trouble</span><br>{TITLE}",
        f"{TITLE}<span class='badge'>Exclusive</span>",
    ):
        assert title(f"<h1>{heading}</h1>", head) == (TITLE, True)


@pytest.mark.parametrize(
    "kicker",
    ["<span class='kicker'>Culture:</span>", "<i class='kicker'>Culture</i>:"],
)
def test_what_a_colon_joins_to_the_headline_stays(kicker: str) -> None:
    assert title(f"<h1>{kicker} {TITLE}</h1>") == (f"Culture: {TITLE}", False)


def test_a_colon_of_the_headline_itself_stays() -> None:
    whole = f"“Nobody asked us”: {TITLE}"
    assert title(f"<h1>{whole}</h1>", meta("og:title", TITLE)) == (
        whole,
        False,
    )


@pytest.mark.parametrize("words", [TITLE, f"<b>{TITLE}</b>"])
def test_what_follows_a_colon_is_not_a_kicker(words: str) -> None:
    heading = f"Culture: <span class='topline'>{words}</span>"
    assert title(f"<h1>{heading}</h1>") == (f"Culture: {TITLE}", False)


def test_a_kicker_of_many_elements_is_left_out() -> None:
    kickers = "<span class='topline'><i>x</i></span>" * 10_000
    nested = f"{'<b>' * 200}{kickers}{'</b>' * 200}"
    assert title(f"<h1>{nested} {TITLE}</h1>") == (TITLE, False)


def test_pieces_of_a_heading_are_joined_as_in_the_page_s_head() -> None:
    whole = f"Culture: {TITLE}"
    heading = f"<span>Culture</span> <span>{TITLE}</span>"
    assert title(f"<h1>{heading}</h1>", meta("og:title", whole)) == (
        whole,
        True,
    )


@pytest.mark.parametrize(
    "path", ["<nav>{}</nav>", "<div class='breadcrumbs'>{}</div>"]
)
def test_the_headline_is_not_the_title_in_the_path_to_the_page(
    path: str,
) -> None:
    """Some sites put an h1 for search engines there."""
    head = meta("og:title", TITLE)
    path = path.format("Home › <h1>Exampleton library to close</h1>")
    assert title(f"{path}<h2>{TITLE}</h2>", head) == (TITLE, True)
    alone = title(f"{path}<h2>Most read</h2>", head)
    assert alone == ("Exampleton library to close", False)


def test_a_subtitle_in_the_page_s_head_is_not_a_headline() -> None:
    head = f"<title>The books - {TITLE}</title>"
    body = f"<h1>The books</h1><h2>{TITLE}</h2>"
    assert title(body, head) == ("The books", True)


def test_without_a_heading_the_page_s_head_counts_and_a_single_title_is_uncertain() -> (
    None
):
    assert title("<p>x</p>", f"<title>{TITLE} | Example Post</title>") == (
        TITLE,
        False,
    )
    assert title(
        "<p>x</p>",
        f"<title>{TITLE} | Example Post</title>" + meta("og:title", TITLE),
    ) == (TITLE, True)
    assert title(f"<h1>{TITLE}</h1>") == (TITLE, False)
    assert title("") == ("", False)


def test_hidden_headings_are_ignored_and_markup_is_removed_from_metas() -> None:
    head = meta(
        "og:title", "&lt;b&gt;Exampleton&lt;/b&gt; closes its last library"
    )
    assert title("<h1 style='display: none'>Menu of the site</h1>", head) == (
        TITLE,
        False,
    )


OTHER = "A blue bus drives to the sea every hour"
"""The headline of another story, as long as one."""


@pytest.mark.parametrize("tag", ["h2", "h3"])
def test_a_smaller_heading_that_the_head_repeats_counts_more_than_another_story_s_heading(
    tag: str,
) -> None:
    head = f"<title>{TITLE} - Culture - Example Post</title>"
    body = f"<h1>{OTHER}</h1><{tag}>{TITLE}</{tag}>"
    assert title(body, head) == (TITLE, True)
    assert title(f"<h1>{OTHER}</h1><{tag}>Its last library</{tag}>", head) == (
        OTHER,
        False,
    )


def test_a_smaller_heading_with_only_the_beginning_of_the_title_is_one_of_the_text() -> (
    None
):
    heading = "Where the books of a town go when it reads no more"
    head = meta("og:title", f"{TITLE}, and what they say about that")
    body = f"<h1>{heading}</h1><p>{FIRST}</p><h2>{TITLE}</h2>"
    assert title(body, head) == (heading, False)


@pytest.mark.parametrize("label", ["Satire", "@reader_of_books", "Kolumne"])
def test_a_short_heading_without_a_word_of_the_repeated_title_is_a_label(
    label: str,
) -> None:
    once = meta("og:title", TITLE)
    assert title(f"<h1>{label}</h1>", once) == (label, False)
    repeated = once + f"<title>{TITLE} | Example Post</title>"
    assert title(f"<h1>{label}</h1>", repeated) == (TITLE, True)


def test_a_short_heading_with_a_word_of_the_title_is_the_headline() -> None:
    head = meta("og:title", TITLE) + meta("twitter:title", TITLE)
    assert title("<h1>Our last library</h1>", head)[0] == "Our last library"


def test_of_several_headings_that_disagree_with_the_head_the_only_long_one_counts() -> (
    None
):
    head = meta("og:title", "Nobody reads by the river any more")
    body = f"<h1>{TITLE}</h1><h1>More from here</h1>"
    assert title(body, head) == (TITLE, False)
    assert title(f"{body}<h1>{OTHER}</h1>", head)[0].startswith("Nobody")


def test_where_the_head_only_names_the_site_the_first_heading_counts() -> None:
    head = "<title>Example Post</title>"
    body = f"<h2>News</h2><h2>{TITLE}</h2><h2>{OTHER}</h2>"
    assert title(body, head) == (TITLE, False)


@pytest.mark.parametrize(
    "headings", [f"<h2>{TITLE}</h2>", f"<h1>{TITLE}</h1><h1>Weather</h1>"]
)
def test_the_headline_of_a_front_page_is_the_site_s_name(headings: str) -> None:
    front = page(
        headings, "<title>Example Post</title>", url="https://www.example.org/"
    )
    assert find_headline(front, SITE) == ("Example Post", False)


def test_a_heading_that_ends_with_a_colon_is_completed_from_the_head() -> None:
    head = f"<title>The last library: {OTHER} | Example Post</title>"
    body = f"<h1>The last library:</h1><h2>{OTHER}</h2>"
    assert title(body, head) == (f"The last library: {OTHER}", True)


def test_a_sentence_with_the_words_of_a_short_title_is_not_a_headline() -> None:
    head = "<title>Library in 2020 - Annual Report</title>"
    body = f"<h3>Our annual report for the year 2020 about every library says this: {OTHER}</h3>"
    assert title(body, head)[0] == "Library in 2020 - Annual Report"


def test_without_a_heading_a_section_after_the_title_is_left_out() -> None:
    head = meta("og:title", f"{TITLE}-Culture") + meta("twitter:title", TITLE)
    assert title("<p>x</p>", head) == (TITLE, False)


def test_the_name_of_a_section_after_a_bar_is_left_out() -> None:
    assert title(f"<h1>{TITLE} | Opinion</h1>")[0] == TITLE
    for whole in (f"{TITLE} | Part 2", "Opinion | Library"):
        assert title(f"<h1>{whole}</h1>")[0] == whole


def test_a_heading_in_the_footer_is_not_a_headline() -> None:
    head = meta("og:title", TITLE)
    body = "<p>x</p><footer><h1>Back to the Website of the Example Post</h1></footer>"
    assert title(body, head)[0] == TITLE


def test_what_is_escaped_twice_is_read() -> None:
    body = (
        "<h1>Questions &amp;#x26; answers about a library&amp;rsquo;s end</h1>"
    )
    assert title(body)[0] == "Questions & answers about a library’s end"


def test_the_pronunciation_of_japanese_characters_is_left_out() -> None:
    body = "<h1><ruby>町<rp>(</rp><rt>まち</rt><rp>)</rp></ruby>の<ruby>図書館<rt>としょかん</rt></ruby>が閉館</h1>"
    assert title(body)[0] == "町の図書館が閉館"
