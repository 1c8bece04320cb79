"""News from feeds: the entries offered to the editor, and those remembered."""

from pathlib import Path

import pytest

from briefing.collecting.feed_news import FeedNews
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


@pytest.fixture
def news(newsletter: Newsletter) -> FeedNews:
    feed = Feed(FEED, "Harbour Post", (FIRST, SECOND))
    result = PollResult(FEED, feed, (FIRST, SECOND), etag='"1"')
    return FeedNews(SeenFile.of(newsletter), [result, FAILED, UNCHANGED])


def remembered(newsletter: Newsletter) -> tuple[list[Entry], tuple[str, str]]:
    """Entries that are still new for the next command, and the validators that it sends."""
    seen = SeenFile.of(newsletter)
    return seen.new(Feed(FEED, "", (FIRST, SECOND))), seen.validators(FEED)


def test_entries_of_all_feeds_are_offered_and_failures_are_warnings(
    news: FeedNews,
) -> None:
    assert news.entries == [FIRST, SECOND]
    assert news.warnings == ["https://www.example.net/feed.xml: is gone"]


def test_what_the_editor_saw_is_not_offered_again(
    newsletter: Newsletter, news: FeedNews
) -> None:
    news.remember()
    assert remembered(newsletter) == ([], ('"1"', ""))


def test_a_page_that_failed_is_offered_again_even_through_a_redirector(
    newsletter: Newsletter, news: FeedNews
) -> None:
    news.remember(failed={"https://www.example.org/b"})
    assert remembered(newsletter) == ([SECOND], ("", ""))


def test_one_feed_that_answers_is_enough(news: FeedNews) -> None:
    news.require_an_answer()
    FeedNews(news.seen, [UNCHANGED, FAILED]).require_an_answer()
    with pytest.raises(RefusedError, match="no feed answered"):
        FeedNews(news.seen, [FAILED]).require_an_answer()
