"""The date of publication: where it is found, hardly ever that of a change, and on the publisher's
calendar.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.text.dates import DateReader
from briefing.collecting.web.page import Page
from briefing.collecting.web.publication_date import find_publication_date
from tests.collecting.web.pages import (
    FIRST,
    SECOND,
    TITLE,
    URL,
    article,
    json_ld,
    meta,
    page,
)

SIXTH, EIGHTH = dt.date(2020, 10, 6), dt.date(2020, 10, 8)
HEADLINE = f"<h1>{TITLE}</h1>"


def day(
    body: str = "", head: str = "", *, url: str = URL, language: str = "en"
) -> tuple[dt.date | None, bool]:
    return find_publication_date(page(body, head, url=url), TITLE, language)


# --- Where it is found


@pytest.mark.parametrize(
    "head",
    [
        json_ld(
            '{"@type": "NewsArticle", "datePublished": "2020-10-08T09:00:00+02:00", "dateModified": "2021-01-01"}'
        ),
        json_ld(
            '{"@graph": [{"@type": "WebPage", "datePublished": "2020-10-08"}]}'
        ),
        json_ld('{"@type": "NewsArticle", "datePublished": "2020-10-08"}}'),
        meta("article:published_time", "2020-10-08T09:00:00+0200")
        + meta("article:modified_time", "2021-01-01"),
        meta("parsely-pub-date", "2020-10-08"),
        meta("dc.date.issued", "20201008"),
        meta("pubdate", "Thu, 08 Oct 2020 09:00:00 GMT"),
        meta("sailthru.date", "8 October 2020"),
        meta("publish_date", "1602140400"),
        meta("published", "October 8, 2020"),
        meta("publisheddate", "2020-10-08"),
        meta("og:publish_date", "2020-10-08"),
        meta("date-pub", "2020-10-08"),
        meta("dcterms:created", "2020-10-08"),
    ],
)
def test_the_page_s_head_has_it(head: str) -> None:
    assert day(HEADLINE, head) == (EIGHTH, True)


@pytest.mark.parametrize(
    "body",
    [
        f"{HEADLINE}<p><time datetime='2020-10-08'>last week</time></p>",
        f"{HEADLINE}<p>By A. Writer | <time>8 October 2020</time></p>",
        f"<p>Thursday, October 8, 2020</p>{HEADLINE}",
        f"{HEADLINE}<div>8 Oct 2020, 9:15</div><p>{FIRST}</p>",
        f"{HEADLINE}<div>08 | 10 | 2020</div><p>{FIRST}</p>",
        f"{HEADLINE}<span>A. Writer</span><span>Oct 8, 2020</span><p>{FIRST}</p>",
        f"{HEADLINE}{'<div> </div>' * 150}<div>8 October 2020</div><p>{FIRST}</p>",
        f"{HEADLINE}<p>EXAMPLETON, October 8, 2020 – {FIRST}</p>",
        f"{HEADLINE}<p>{FIRST}</p><p>{SECOND * 8}</p><p>Published on 8 October 2020 by the press office</p>",
        f"{HEADLINE}<p>{FIRST}</p><p>{SECOND * 8}</p><p>Posted October 8, 2020 by the press office</p>",
        f"{HEADLINE}<p>{FIRST}</p><p>{SECOND * 8}</p><p>Datum: 08.10.2020</p>",
        f"<span itemprop='datePublished' content='2020-10-08'>x</span>{HEADLINE}",
    ],
)
def test_the_page_shows_it(body: str) -> None:
    assert day(body) == (EIGHTH, True)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/2020/10/08/library",
        "https://example.org/2020/oct/08/library",
        "https://example.org/2020/middle_east/10/8/library",
        "https://example.org/news/20201008-library",
        "https://example.org/news/2020-10-08/library",
        "https://example.org/news/library-08-10-2020",
        "https://example.org/news/2020/10/201008-library",
        "https://web.archive.org/web/20211224101010/https://example.org/2020/10/08/library",
    ],
)
def test_the_address_has_it(url: str) -> None:
    assert day(HEADLINE, url=url) == (EIGHTH, True)


def test_another_storys_date_near_the_headline_yields_to_the_address() -> None:
    body = f"<p>Latest story: 1 May 2008</p>{HEADLINE}<p>{FIRST * 8}</p>"
    url = "https://example.org/2020/10/08/library"
    assert day(body, url=url) == (EIGHTH, True)
    near = f"{HEADLINE}<p>9 October 2020</p><p>{FIRST * 8}</p>"
    assert day(near, url=url) == (EIGHTH + dt.timedelta(days=1), True)


def test_an_element_named_date_is_weaker_than_the_page_s_own_date() -> None:
    """It may date an event or another article."""
    event = "<ul><li><span class='datum'>9 October 2020</span></li></ul>"
    head = meta("date", "2020-10-08")
    assert day(f"{HEADLINE}<p>{FIRST * 8}</p>{event}", head) == (EIGHTH, True)


def test_a_month_in_the_address_selects_a_date_of_the_text() -> None:
    body = f"{HEADLINE}<p>{FIRST * 8}</p><p>In 2019, on 1 May 2019, it was quiet.</p><p>Written on 8 October 2020.</p>"
    assert day(body, url="https://example.org/2020/10/library") == (
        EIGHTH,
        True,
    )


def test_a_month_and_its_year_in_the_address_are_not_a_day() -> None:
    url = "https://example.org/2021/jan21/library"
    assert day(f"{HEADLINE}<p>{FIRST}</p>", url=url) == (None, False)


def test_the_likeliest_date_in_the_head_counts_if_it_is_near_the_headline() -> (
    None
):
    head = json_ld('{"@type": "Article", "datePublished": "2020-10-08"}')
    other = "<li><time itemprop='datePublished' datetime='2020-10-09'>Friday</time></li>"
    body = f"{other}{HEADLINE}<p>8 October 2020</p>"
    assert day(body, head) == (EIGHTH, True)


def test_a_date_near_the_headline_decides_between_two_in_the_head() -> None:
    head = json_ld(
        '{"@type": "Article", "datePublished": "2020-10-06"}'
    ) + meta("article:published_time", "2020-10-08")
    assert day(f"{HEADLINE}<p>8 October 2020</p>", head) == (EIGHTH, True)


# --- What is ignored


def test_the_date_of_a_change_does_not_decide_between_two_in_the_head() -> None:
    head = (
        meta("article:published_time", "2020-10-08")
        + meta("datePublished", "2021-01-01")
        + meta("article:modified_time", "2021-01-01T09:00:00")
    )
    assert day(f"{HEADLINE}<p>1 January 2021</p>", head) == (EIGHTH, True)


def test_a_time_right_above_the_headline_counts_more_than_one_far_below_it() -> (
    None
):
    far = "<i></i>" * 30 + "<p><time>9 October 2020</time></p>"
    body = f"<p><time>8 October 2020</time></p>{HEADLINE}{far}"
    assert day(body) == (EIGHTH, True)


def test_dates_of_changes_comments_and_other_articles_are_ignored() -> None:
    others = (
        "<p class='updated'>Updated: <time datetime='2021-01-01'>1 January 2021</time></p>"
        "<div class='comments'><time datetime='2021-01-02'>2 January 2021</time></div>"
        "<div class='related-teaser'><time datetime='2021-01-03'>3 January 2021</time></div>"
    )
    found, sure = day(
        f"{HEADLINE}{others}<p>{FIRST}</p>",
        meta("article:modified_time", "2021-01-01"),
    )
    assert not sure or found is None
    assert day(
        f"{HEADLINE}{others}<time class='published'>8 October 2020</time>"
    ) == (
        EIGHTH,
        True,
    )


@pytest.mark.parametrize(
    "line",
    [
        "Article mis à jour le 1er janvier 2021",
        "Letzte Änderung: 1. Januar 2021",
        "Обновлено: 01.01.2021",
        "Registriert: 01.01.2021",
    ],
)
def test_a_change_or_registration_in_the_text_is_not_a_publication(
    line: str,
) -> None:
    body = f"<p>8 October 2020</p>{HEADLINE}<p>{line}</p>"
    assert day(body, language="de") == (EIGHTH, True)


def test_the_line_before_a_date_can_say_that_it_is_that_of_a_change() -> None:
    body = "<div>Updated on</div><div>9 October 2020</div><div>8 October 2020</div>"
    assert day(f"{HEADLINE}{body}<p>{FIRST}</p>") == (EIGHTH, True)


def test_a_change_in_an_element_named_date_is_only_a_guess() -> None:
    change = "<p class='date'>Updated 9 October 2020</p>"
    start = f"{HEADLINE}<p>{FIRST * 8}</p>{change}"
    assert day(start) == (EIGHTH + dt.timedelta(days=1), False)
    own = "<p class='date'>8 October 2020</p>"
    assert day(start + own) == (EIGHTH, True)


def test_only_the_words_before_a_date_say_what_it_is() -> None:
    line = "<p>Updated: 9 October 2020. Published: 8 October 2020</p>"
    assert day(f"{HEADLINE}{line}") == (EIGHTH, True)


@pytest.mark.parametrize(
    "line",
    [
        "Updated: <time datetime='2020-10-09'>9 October 2020</time>, published: <time>8 October 2020</time>",
        "<span>Updated</span> <time datetime='2020-10-09'>9 October 2020</time> <p>8 October 2020",
        "<time>8 October 2020</time>, updated: <time>9 October 2020</time>",
        "<time class='published updated'>8 October 2020</time>, <time>7 October 2020</time>",
    ],
)
def test_the_words_before_a_time_say_what_it_is(line: str) -> None:
    assert day(f"{HEADLINE}<p>{line}</p>") == (EIGHTH, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 October 2020, updated: 9 October 2020", EIGHTH),
        ("Last updated: 8 October 2020", EIGHTH),
        ("Last updated: 8 October 2020; closed since 1 May 2020", EIGHTH),
    ],
)
def test_a_guess_is_not_the_date_of_a_change_after_another_date(
    text: str, expected: dt.date
) -> None:
    assert day(f"<p>{FIRST}</p><p>{text}</p>") == (expected, False)


@pytest.mark.parametrize(
    ("declared", "changed", "is_believed"),
    [
        ("2021-09-01", "2021-09-01", False),
        ("2021-09-02", "2021-09-01", False),
        ("2021-09-01", "2021-09-02", True),
        ("2020-11-01", "2020-11-01", True),
    ],
)
def test_a_page_that_shows_a_much_earlier_date_declares_its_last_change(
    declared: str, changed: str, is_believed: bool
) -> None:
    head = json_ld(
        f'{{"@type": "Article", "datePublished": "{declared}", "dateModified": "{changed}"}}'
    )
    expected = dt.date.fromisoformat(declared) if is_believed else EIGHTH
    assert day(f"{HEADLINE}<p>8 October 2020</p>", head) == (expected, True)


@pytest.mark.parametrize(
    ("published", "changed", "shown", "expected"),
    [
        ("2020-10-06", "2020-10-08", "8 October 2020", EIGHTH),
        ("2020-10-06", "2020-10-08", "Updated: 8 October 2020", SIXTH),
        (
            "2020-10-06",
            "2020-10-08",
            "8 October 2020</p><p>6 October 2020",
            SIXTH,
        ),
        ("2020-10-06", "2020-10-07", "8 October 2020", SIXTH),
        ("2020-10-06", "2020-11-08", "8 November 2020", SIXTH),
    ],
)
def test_a_change_within_a_week_dates_the_page_if_readers_see_no_other_date(
    published: str, changed: str, shown: str, expected: dt.date
) -> None:
    head = json_ld(
        f'{{"@type": "Article", "datePublished": "{published}", "dateModified": "{changed}"}}'
    )
    assert day(f"{HEADLINE}<p>{shown}</p>", head) == (expected, True)


def test_a_declared_date_that_the_address_has_is_believed() -> None:
    head = meta("article:published_time", "2021-09-01")
    head += meta("article:modified_time", "2021-09-01")
    url = "https://www.example.org/2021/09/01/library"
    body = f"{HEADLINE}<p>8 October 2020</p>"
    assert day(body, head, url=url)[0] == dt.date(2021, 9, 1)


def test_a_date_whose_day_and_month_are_swapped_is_not_an_earlier_one() -> None:
    head = meta("article:published_time", "2020-12-01")
    head += meta("article:modified_time", "2020-12-01")
    assert day(f"{HEADLINE}<p>2020-01-12</p>", head)[0] == dt.date(2020, 12, 1)


@pytest.mark.parametrize(
    ("change", "is_believed"),
    [
        ("Updated: 9 October 2020", False),
        ("Updated: 10 October 2020", True),
        ("Fair of 9 October 2020", True),
    ],
)
def test_a_declared_date_that_the_page_calls_a_change_is_not_believed(
    change: str, is_believed: bool
) -> None:
    head = meta("article:published_time", "2020-10-09T09:00:00+02:00")
    body = f"{HEADLINE}<p>8 October 2020</p><p>{FIRST * 8}</p><p>{change}</p>"
    expected = dt.date(2020, 10, 9) if is_believed else EIGHTH
    assert day(body, head) == (expected, True)


@pytest.mark.parametrize(
    ("declared", "shown", "url"),
    [
        (
            "2020-10-09",
            "8 October 2020",
            "https://www.example.org/2020/10/09/a",
        ),
        ("2020-10-09", "2020-09-10", URL),
    ],
)
def test_a_declared_change_in_the_address_or_with_swapped_numbers_is_believed(
    declared: str, shown: str, url: str
) -> None:
    head = meta("article:published_time", declared)
    body = (
        f"{HEADLINE}<p>{shown}</p><p>{FIRST * 8}</p><p>Updated: {declared}</p>"
    )
    assert day(body, head, url=url) == (dt.date(2020, 10, 9), True)


@pytest.mark.parametrize(
    "time", ["<time>{}</time>", "<b itemprop='datePublished'>{}</b>"]
)
def test_a_date_in_a_link_with_other_words_is_that_of_another_page(
    time: str,
) -> None:
    own, other = time.format("8 October 2020"), time.format("9 October 2020")
    card = f"<a href='/ferry'>{other}<span>The ferry runs again after a year</span></a>"
    body = f"<main>{HEADLINE}{card}<p>By Mira Solane, <a href='/2020/10'>{own}</a></p></main>"
    assert day(body) == (EIGHTH, True)
    linked = f"<a href='{URL}'>{HEADLINE}{own}</a>"
    assert day(linked) == (EIGHTH, True)


def test_a_class_of_an_element_around_the_headline_says_nothing_about_the_date() -> (
    None
):
    current = "<p>Friday, 9 October 2020</p>"
    own = "<p class='line'><time class='published'>8 October 2020</time></p>"
    layout = f"<div class='with-sidebar'>{HEADLINE}{own}<p>{FIRST}</p></div>"
    assert day(current + layout) == (EIGHTH, True)
    sidebar = f"<div class='sidebar'>{own}</div>"
    assert day(f"{current}{HEADLINE}{sidebar}<p>{FIRST}</p>") == (
        EIGHTH + dt.timedelta(days=1),
        True,
    )


@pytest.mark.parametrize(
    ("name", "is_believed"),
    [
        ("entry-date updated", True),
        ("updated pubdate", True),
        ("updated", False),
    ],
)
def test_the_date_of_an_entry_may_also_be_named_as_that_of_a_change(
    name: str, is_believed: bool
) -> None:
    time = f"<time class='{name}' datetime='2020-10-08'>Thursday</time>"
    current = "<p>9 October 2020</p>"
    found, _ = day(f"{current}{HEADLINE}{time}<p>{FIRST}</p>")
    assert (found == EIGHTH) is is_believed


@pytest.mark.parametrize(
    "other",
    [
        "<figcaption>The library on 1 May 2019</figcaption>",
        "<p class='photo-caption'>The library on 1 May 2019</p>",
        "<blockquote class='twitter-tweet'>A. Reader <a>May 1, 2019</a></blockquote>",
        "<div class='instagram-media'><p>A. Reader, <time>1 May 2019</time></p></div>",
    ],
)
def test_captions_and_embedded_posts_do_not_date_the_page(other: str) -> None:
    body = f"<p>8 October 2020</p>{HEADLINE}{other}<p>{FIRST}</p>"
    assert day(body) == (EIGHTH, True)


def test_the_nearest_date_above_the_headline_counts() -> None:
    others = "<p>Another story</p><p>9 October 2020</p><p>Read on</p>"
    body = f"{others}<p>8 October 2020</p>{HEADLINE}"
    assert day(body) == (EIGHTH, True)


def test_the_headline_in_a_list_of_the_latest_articles_is_not_the_article_s() -> (
    None
):
    latest = f"<h3>{TITLE}</h3><h3>A new school</h3><p>9 October 2020</p>"
    body = f"{latest}<p>{FIRST * 8}</p>{HEADLINE}<p>8 October 2020</p>"
    assert day(body) == (EIGHTH, True)


def test_a_comment_does_not_date_the_page() -> None:
    text = f"<p>{FIRST * 8}</p>"
    comment = (
        "<div class='comment'><span class='date'>9 October 2020</span></div>"
    )
    own = "<div class='date'>8 October 2020</div>"
    assert day(HEADLINE + text + comment + own) == (EIGHTH, True)


def test_a_date_within_the_text_is_ignored() -> None:
    text = "The library had been opened by the queen herself on 1 May 1998, and nobody had thought of its end."
    found, sure = find_publication_date(article(f"{FIRST} {text}"), TITLE, "en")
    assert (found, sure) != (dt.date(1998, 5, 1), True)


@pytest.mark.parametrize(
    "data",
    [
        '{"publishDate": "2020-10-08T09:00:00"}',
        """{'pubDate':'20201008'}""",
        '{"article_publication_date": "2020-10-08 09:00"}',
        r'"{\"firstPublishedAt\":\"2020-10-08\"}"',
    ],
)
def test_the_data_of_a_script_is_a_guess(data: str) -> None:
    script = f"<script>window.article = {data};</script>"
    change = "<p class='date'>Updated 9 October 2020</p>"
    text = f"{HEADLINE}<p>{FIRST * 8}</p>"
    assert day(text + change + script) == (EIGHTH, False)
    own = "<p class='date'>7 October 2020</p>"
    seventh = EIGHTH - dt.timedelta(days=1)
    assert day(text + own + script) == (seventh, True)


@pytest.mark.parametrize(
    "data",
    [
        '{"updateDate": "2020-10-08"}',
        '{"republishDate": "2020-10-08"}',
        '{"publishDate": "2020-10-081"}',
        '{"publishDate": "soon"}',
    ],
)
def test_other_data_of_a_script_is_not_a_date(data: str) -> None:
    script = f"<script>window.article = {data};</script>"
    body = f"{HEADLINE}<p>{FIRST * 8}</p>"
    assert day(body + script) == (None, False)


def test_without_any_date_there_is_none() -> None:
    assert day(f"{HEADLINE}<p>{FIRST}</p>") == (None, False)


@pytest.mark.parametrize(
    "text",
    [
        "2020-13-45",
        "0000-00-00",
        "9999-12-31",
        "1970-01-01",
        "now",
        "%%DATE%%",
        "-1",
        "1" * 400,
    ],
)
def test_an_impossible_date_is_none(text: str) -> None:
    assert day(HEADLINE, meta("article:published_time", text)) == (None, False)


# --- The publisher's calendar


def test_the_date_is_read_in_the_time_zone_that_the_page_writes() -> None:
    assert day(
        head=meta("article:published_time", "2020-10-08T00:30:00+09:00")
    ) == (
        EIGHTH,
        True,
    )
    assert day(
        head=meta("article:published_time", "2020-10-08T23:30:00-05:00")
    ) == (
        EIGHTH,
        True,
    )


def test_where_the_head_is_in_utc_the_date_that_the_page_shows_counts() -> None:
    evening = meta("article:published_time", "2020-10-09T02:11:00Z")
    assert day(
        f"{HEADLINE}<time datetime='2020-10-08T21:11:00-05:00'>yesterday</time>",
        evening,
    ) == (EIGHTH, True)
    assert day(f"{HEADLINE}<p>October 8, 2020</p>", evening) == (EIGHTH, True)
    assert day(HEADLINE, evening) == (dt.date(2020, 10, 9), True)
    assert day(
        HEADLINE,
        evening
        + meta("date", "x")
        + meta("pubdate", "2020-10-08T21:11:00-05:00"),
    ) == (EIGHTH, True)


@pytest.mark.parametrize(
    ("time", "shown", "expected"),
    [
        ("13:14:00Z", 7, 8),
        ("11:59:00Z", 7, 7),
        ("09:59:00Z", 9, 8),
        ("10:00:00Z", 9, 9),
        ("13:14:00Z", 9, 9),
    ],
)
def test_no_time_zone_is_more_than_12_hours_behind_or_14_ahead(
    time: str, shown: int, expected: int
) -> None:
    head = meta("article:published_time", f"2020-10-08T{time}")
    body = f"{HEADLINE}<p>{shown} October 2020</p><p>{FIRST}</p>"
    assert day(body, head) == (dt.date(2020, 10, expected), True)


def test_midnight_in_central_europe_is_late_evening_in_utc() -> None:
    head = meta("article:published_time", "2020-10-07T22:00:00Z")
    assert day(HEADLINE, head, url="https://www.example.de/a") == (EIGHTH, True)
    assert day(HEADLINE, head, url="https://www.example.org/a") == (
        dt.date(2020, 10, 7),
        True,
    )


# --- Reading dates


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("8 October 2020", ""),
        ("Oct. 8th, 2020", "en"),
        ("8. Oktober 2020", "de"),
        ("8 octobre 2020", "fr"),
        ("8 de octubre de 2020", "es"),
        ("8 Ekim 2020", "tr"),
        ("8 października 2020", "pl"),
        ("8 октября 2020 г.", "ru"),
        ("8 أكتوبر 2020", "ar"),
        ("8 تشرين الأول 2020", "ar"),
        ("8 تشرين الأول / أكتوبر 2020", "ar"),
        ("Oct 08 09:15 2020", "en"),
        ("Thu Oct 08 09:15:00 2020", "en"),
        ("2020年10月8日", "zh"),
        ("8. 10. 2020", "cs"),
        ("08.10.20", "de"),
        ("8/10/2020", "fr"),
        ("17 مهر 1399", "fa"),
        ("۱۷ مهر ۱۳۹۹", "fa-IR"),
        ("٨ أكتوبر ٢٠٢٠", "ar"),
        ("10/8/2020", "en-US"),
        ("25/12/2019 and 8 October 2020", "xx"),
    ],
)
def test_dates_are_read_in_the_page_s_language(
    text: str, language: str
) -> None:
    assert EIGHTH in [date for _, date in DateReader(language).find(text)]


@pytest.mark.parametrize("language", ["en", ""])
def test_a_date_that_can_be_two_is_none(language: str) -> None:
    reader = DateReader(language)
    assert list(reader.find("08/10/2020")) == []
    assert reader.find_first("08/08/2020") == dt.date(2020, 8, 8)


def test_a_date_with_full_stops_begins_with_the_month_if_it_must() -> None:
    reader = DateReader("en")
    for text in ("10.15.2020", "Published: 10.15.20, 22:47"):
        assert reader.find_first(text) == dt.date(2020, 10, 15)
    assert reader.find_first("Release 1.15.20") is None


def test_the_day_before_which_something_was_is_no_date() -> None:
    reader = DateReader("zh")
    for text in ("旧版(2007年11月18号以前)", "2007年11月18日之前"):
        assert reader.find_first(text) is None


@given(st.text(max_size=80), st.text(max_size=10))
def test_any_text_is_searched_for_dates(text: str, language: str) -> None:
    reader = DateReader(language, earliest=dt.date(1993, 1, 1))
    reader.parse_machine_date(text)
    assert all(date.year >= 1993 for _, date in reader.find(text))


@given(st.dates(dt.date(1993, 1, 1), dt.date(2025, 1, 1)))
def test_every_date_that_a_machine_writes_is_read(date: dt.date) -> None:
    for text in (date.isoformat(), f"{date:%Y%m%d}", f"{date}T23:59:59-11:00"):
        assert DateReader().parse_machine_date(text) == date


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("seconds", [1602115200, 1602201599])
def test_seconds_since_1970_are_a_day_in_utc(seconds: int) -> None:
    assert DateReader().parse_machine_date(str(seconds)) == EIGHTH


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("20201008T0900", EIGHTH),
        ("20201008 09:00", EIGHTH),
        ("20201008090000", EIGHTH),
        ("202010080900", None),
        ("202010081", None),
    ],
)
def test_a_time_after_eight_digits_is_set_apart_or_has_seconds(
    text: str, date: dt.date | None
) -> None:
    assert DateReader().parse_machine_date(text) == date


@pytest.mark.parametrize(
    ("date", "is_known"),
    [
        ("1992-12-31", False),
        ("1993-01-01", True),
        ("2020-10-09", True),
        ("2020-10-10", False),
    ],
)
def test_dates_before_the_web_or_after_tomorrow_are_none(
    date: str, is_known: bool
) -> None:
    found, _ = find_publication_date(
        page(HEADLINE, meta("pubdate", date)), TITLE, "en", today=EIGHTH
    )
    assert (found is not None) == is_known


@pytest.mark.parametrize(
    "start", ["<?xml ", "<?xml ><?xml ", "<!doctype html/>\n<?xml ", "<html "]
)
def test_spaces_after_a_declaration_take_no_time(start: str) -> None:
    hostile = Page.read(f"{start}{' ' * 100_000}".encode(), URL)
    assert find_publication_date(hostile, "", "") == (None, False)
