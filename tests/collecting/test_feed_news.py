"""News from feeds: the entries offered to the editor, and those remembered."""

import datetime as dt
from pathlib import Path

import pytest

from briefing.collecting.feed_news import FeedNews, FeedOffer
from briefing.collecting.feeds.feed import Entry, Feed
from briefing.collecting.feeds.polling import PollResult
from briefing.collecting.feeds.seen_file import SeenFile
from briefing.errors import FetchError, RefusedError
from briefing.newsletter import Newsletter

FEED = "https://www.example.org/feed.xml"
FIRST = Entry("1", "A vote on water", "https://www.example.org/a")
SECOND = Entry(
    "2",
    "School opens late",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.example.org%2Fb",
)
FAILED = PollResult(
    "https://www.example.net/feed.xml",
    error=FetchError("https://www.example.net/feed.xml", "is gone"),
)
UNCHANGED = PollResult("https://www.example.com/feed.xml")


@pytest.fixture
def newsletter(tmp_path: Path) -> Newsletter:
    Newsletter.create(
        tmp_path / "weekly",
        name="Weekly",
        organisation="Example",
        sender="a@example.org",
    )
    settings = tmp_path / "weekly" / "briefing.toml"
    text = settings.read_text("utf-8")
    settings.write_text(
        text.replace("[collect]\n", f'[collect]\nfeeds = ["{FEED}"]\n'), "utf-8"
    )
    return Newsletter.find(tmp_path / "weekly")


def news(newsletter: Newsletter, since: dt.date | None = None) -> FeedNews:
    """The feed is polled and has nothing that isn't recorded; of the others one failed."""
    seen = SeenFile.of(newsletter)
    feed = Feed(FEED, "Harbour Post", (FIRST, SECOND))
    seen.add(feed, '"1"', "", dt.date(2020, 10, 9))
    return FeedNews(
        seen, [PollResult(FEED, feed), FAILED, UNCHANGED], since=since
    )


def test_entries_of_all_feeds_are_offered_and_failures_are_warnings(
    newsletter: Newsletter,
) -> None:
    here = news(newsletter)
    assert here.offers == [FeedOffer(FEED, "Harbour Post", (FIRST, SECOND), ())]
    assert here.warnings == ["https://www.example.net/feed.xml: is gone"]


def test_what_was_not_chosen_is_offered_from_a_day_on(
    newsletter: Newsletter,
) -> None:
    news(newsletter).remember([FIRST.link])
    assert news(newsletter).entries == []
    assert news(newsletter, dt.date(2020, 10, 9)).offers == [
        FeedOffer(FEED, "Harbour Post", (), (SECOND,))
    ]
    assert news(newsletter, dt.date(2020, 10, 10)).offers == []
    assert news(newsletter).count_shown_before(dt.date(2020, 10, 9)) == 1
    assert news(newsletter).count_shown_before(dt.date(2020, 10, 10)) == 0


def test_entries_that_were_only_kept_are_still_new(
    newsletter: Newsletter,
) -> None:
    news(newsletter).keep()
    seen = SeenFile.of(newsletter)
    unchanged = FeedNews(seen, [PollResult(FEED)])
    assert unchanged.offers == [
        FeedOffer(FEED, "Harbour Post", (FIRST, SECOND), ())
    ]


def test_a_page_that_failed_is_offered_again_even_through_a_redirector(
    newsletter: Newsletter,
) -> None:
    news(newsletter).remember(
        [FIRST.link, SECOND.link], failed={"https://www.example.org/b"}
    )
    assert news(newsletter).entries == [SECOND]


def test_the_same_page_in_two_feeds_is_collected_once(
    newsletter: Newsletter,
) -> None:
    here = news(newsletter)
    other = Feed(UNCHANGED.url, "Copy", (FIRST,))
    here.seen.add(other, "", "", dt.date(2020, 10, 9))
    here.remember([FIRST.link])
    assert here.entries == []
    assert here.count_shown_before(dt.date.min) == 1


def test_one_feed_that_answers_is_enough(newsletter: Newsletter) -> None:
    here = news(newsletter)
    here.require_an_answer()
    FeedNews(here.seen, [UNCHANGED, FAILED]).require_an_answer()
    with pytest.raises(RefusedError, match="none of the feeds could be read"):
        FeedNews(here.seen, [FAILED]).require_an_answer()
