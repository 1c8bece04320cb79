"""Polling feeds for new entries, and the file that records those the editor has seen."""

import datetime as dt
import json
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from briefing.collecting.feeds.feed import MOST_ENTRIES, Entry, Feed
from briefing.collecting.feeds.polling import PollResult, poll
from briefing.collecting.feeds.seen import FeedRecord
from briefing.collecting.feeds.seen_file import SeenFile
from briefing.errors import BriefingError, FetchError
from briefing.network.fetch import Response, fetch
from briefing.network.fetch_guard import Guard
from briefing.newsletter import Newsletter
from tests.network.test_fetch import site

FEED = "https://www.example.org/feed"
OTHER = "https://www.example.net/feed"
TODAY = dt.date(2020, 10, 9)


def entries(*names: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(id=name, title=name, link=f"https://www.example.org/{name}")
        for name in names
    )


def rss(*names: str) -> bytes:
    items = "".join(
        f"<item><title>{name}</title><link>https://www.example.org/{name}</link></item>"
        for name in names
    )
    return f"<rss version='2.0'><channel><title>Harbour Post</title>{items}</channel></rss>".encode()


@pytest.fixture
def with_feeds(newsletter: Newsletter) -> Newsletter:
    """A newsletter with two feeds in its settings."""
    path = newsletter.root / "briefing.toml"
    feeds = f'[collect]\nfeeds = ["{FEED}", "{OTHER}"]\n'
    path.write_text(
        path.read_text("utf-8").replace("[collect]\n", feeds), "utf-8"
    )
    return Newsletter(newsletter.root)


def add(seen: SeenFile, *names: str, feed: str = FEED, etag: str = "") -> None:
    """Record that these entries were found in a feed."""
    seen.add(Feed(feed, "Harbour Post", entries(*names)), etag, "then", TODAY)


def seen_again(newsletter: Newsletter, seen: SeenFile) -> SeenFile:
    seen.save()
    return SeenFile.of(newsletter)


def new(seen: SeenFile, *names: str, feed: str = FEED) -> list[str]:
    """The entries with these names that aren't recorded yet."""
    return [entry.id for entry in seen.new(Feed(feed, "", entries(*names)))]


def waiting(seen: SeenFile, feed: str = FEED) -> list[str]:
    """The entries that wait, and * after those that were shown."""
    return [
        entry.entry.id + "*" * entry.was_shown
        for entry in seen.record(feed).waiting
    ]


class TestSeen:
    def test_at_first_every_entry_is_new(self, with_feeds: Newsletter) -> None:
        seen = SeenFile.of(with_feeds)
        assert new(seen, "b", "a") == ["b", "a"]
        assert (seen.record(FEED), seen.note) == (FeedRecord(), "")
        assert not with_feeds.state.exists()

    def test_new_entries_wait_before_older_ones_even_if_the_feed_drops_them(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, "b", "a")
        seen = seen_again(with_feeds, seen)
        add(seen, "d", "c")
        seen = seen_again(with_feeds, seen)
        assert waiting(seen) == ["d", "c", "b", "a"]
        assert new(seen, "e", "d", "a") == ["e"]
        assert new(seen, "a", feed=OTHER) == ["a"]

    def test_an_entry_without_a_link_cannot_be_collected_and_never_waits(
        self, with_feeds: Newsletter
    ) -> None:
        feed = Feed(FEED, "", (Entry("a", "Without a link", ""),))
        assert SeenFile.of(with_feeds).new(feed) == []

    def test_collected_entries_are_gone_and_others_that_were_shown_stay(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, "c", "b", "a")
        collected, shown, _ = entries("c", "b", "a")
        seen.settle(FEED, [collected], [shown])
        seen = seen_again(with_feeds, seen)
        assert waiting(seen) == ["b*", "a"]
        assert new(seen, "d", "c", "b", "a") == ["d"]
        seen.settle(FEED, [shown], [])
        assert waiting(seen_again(with_feeds, seen)) == ["a"]

    def test_an_entry_without_a_date_is_of_the_day_on_which_it_was_found(
        self, with_feeds: Newsletter
    ) -> None:
        dated, undated = entries("a", "b")
        dated = replace(dated, date=dt.date(2020, 10, 2))
        seen = SeenFile.of(with_feeds)
        seen.add(Feed(FEED, "", (dated, undated)), "", "", TODAY)
        days = [entry.day for entry in seen.record(FEED).waiting]
        assert days == [dt.date(2020, 10, 2), TODAY]

    def test_an_edited_headline_is_not_new(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, "a")
        (edited,) = (
            replace(entry, title="Corrected") for entry in entries("a")
        )
        assert not seen.new(Feed(FEED, "", (edited,)))

    def test_nothing_is_written_before_it_is_saved(
        self, with_feeds: Newsletter
    ) -> None:
        add(SeenFile.of(with_feeds), "a")
        assert new(SeenFile.of(with_feeds), "a")

    def test_the_file_is_private_and_forgets_what_was_collected(
        self, with_feeds: Newsletter
    ) -> None:
        before = os.umask(0)
        try:
            for _ in range(2):  # created, and replaced
                seen = SeenFile.of(with_feeds)
                add(seen, "canary")
                seen.settle(FEED, entries("canary"), [])
                seen.save()
                mode = stat.S_IMODE(seen.path.stat().st_mode)
                assert (
                    mode,
                    stat.S_IMODE(with_feeds.state.stat().st_mode),
                ) == (
                    0o600,
                    0o700,
                )
        finally:
            os.umask(before)
        assert "canary" not in seen.path.read_text("utf-8")

    def test_a_file_that_others_can_read_becomes_private(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.save()
        seen.path.chmod(0o644)
        seen.save()
        assert stat.S_IMODE(seen.path.stat().st_mode) == 0o600

    def test_the_oldest_entries_make_room_and_are_not_new_again(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        for start in range(0, 3000, 100):
            add(seen, *map(str, range(start, start + 100)))
        seen = seen_again(with_feeds, seen)
        assert len(waiting(seen)) == MOST_ENTRIES
        assert new(seen, *map(str, range(3000))) == [
            str(number) for number in range(1500)
        ]
        assert seen.path.stat().st_size < 200_000

    def test_a_feed_removed_from_the_settings_is_forgotten(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, "a", feed="https://secret.example.org/feed")
        seen = seen_again(with_feeds, seen)
        seen.save()
        assert "secret" not in seen.path.read_text("utf-8")

    @pytest.mark.parametrize("etag", ["x" * 201, "a\r\nCookie: b", "é"])
    def test_a_validator_that_cannot_be_sent_back_is_not_kept(
        self, with_feeds: Newsletter, etag: str
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, etag=etag)
        assert seen.record(FEED).etag == ""

    def test_what_was_shown_before_entries_waited_is_not_new(
        self, with_feeds: Newsletter
    ) -> None:
        add(seen := SeenFile.of(with_feeds))
        seen.save()
        record = {"etag": "", "modified": "", "seen": ["ca978112ca1bbdca"]}
        written = json.dumps({"version": 1, "feeds": {FEED: record}})
        seen.path.write_text(written)
        seen = SeenFile.of(with_feeds)
        assert (new(seen, "b", "a"), seen.note) == (["b"], "")

    @pytest.mark.parametrize(
        "data",
        [
            b"{",
            b"\xff",
            b"[]",
            b"{}",
            b"[" * 100_000,
            b'{"version": 3, "feeds": {}}',
            b'{"version": 1, "feeds": []}',
            b'{"version": 1, "feeds": {"x": 5}}',
            b'{"version": 1, "feeds": {"x": {"etag": "", "modified": "", "seen": [1]}}}',
            b'{"version": 1, "feeds": {"x": {"etag": 1, "modified": "", "seen": []}}}',
            b'{"version": 2, "feeds": {"x": {"etag": "", "modified": "", "seen": [], "waiting": [{}]}}}',
            b'{"version": 2, "feeds": {"x": {"etag": "", "modified": "", "seen": [], "waiting": [{"entry": {"id": "a",'
            b' "title": "", "link": "", "date": null}, "since": "yesterday", "was_shown": false}]}}}',
        ],
    )
    def test_a_damaged_file_is_ignored_with_a_note(
        self, with_feeds: Newsletter, data: bytes
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.save()
        seen.path.write_bytes(data)
        seen = SeenFile.of(with_feeds)
        assert (
            "can't be read, so all feed entries are shown as new" in seen.note
        )
        assert "\n" not in seen.note
        add(seen, "a")
        assert not seen_again(with_feeds, seen).note

    def test_an_empty_file_counts_as_none(self, with_feeds: Newsletter) -> None:
        seen = SeenFile.of(with_feeds)
        seen.save()
        seen.path.write_bytes(b"")
        assert not SeenFile.of(with_feeds).note

    def test_a_file_that_cannot_be_written_is_an_error(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.path.parent.mkdir(mode=0o700)
        seen.path.mkdir()
        with pytest.raises(BriefingError, match=r"feeds\.json"):
            seen.save()


class TestPolling:
    def test_the_answer_of_each_feed_is_returned_in_order(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, "a", etag='"0"')
        answers = Answers(
            {
                FEED: Response(
                    FEED,
                    200,
                    {"ETag": '"1"', "Last-Modified": "then"},
                    rss("b", "a"),
                ),
                OTHER: Response(OTHER, 200, {}, rss("c")),
            }
        )
        steps: list[tuple[int, int]] = []
        first, second = poll(
            seen,
            answers,
            [FEED, OTHER, FEED],
            progress=lambda *done: steps.append(done),
        )
        assert (titles(first), first.etag, first.modified) == (
            ["b", "a"],
            '"1"',
            "then",
        )
        assert titles(second) == ["c"]
        assert sorted(answers.requests) == [
            (OTHER, "", ""),
            (FEED, '"0"', "then"),
        ]
        assert steps == [(1, 2), (2, 2)]

    def test_a_feed_that_fails_does_not_stop_the_others(
        self, with_feeds: Newsletter
    ) -> None:
        broken = FetchError(FEED, "takes no connection")
        gone = "https://www.example.com/gone"
        answers = Answers(
            {
                FEED: broken,
                gone: Response(gone, 404, {}, b""),
                OTHER: Response(OTHER, 200, {}, rss("c")),
            }
        )
        first, second, third = poll(
            SeenFile.of(with_feeds), answers, [FEED, gone, OTHER]
        )
        assert (first.error, first.feed) == (broken, None)
        assert (
            str(second.error)
            == f"{gone}: returned status 404 instead of a feed"
        )
        assert titles(third) == ["c"]

    def test_an_unchanged_feed_has_no_answer_and_no_error(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        add(seen, "a", etag='"1"')
        (answer,) = poll(
            seen, Answers({FEED: Response(FEED, 304, {}, b"")}), [FEED]
        )
        assert (answer.feed, answer.error) == (None, None)

    def test_a_feed_that_moved_is_known_by_its_address_in_the_settings(
        self, with_feeds: Newsletter
    ) -> None:
        """Its validators are from another host, and `fetch` sends them only to that host."""
        answers = Answers(
            {
                FEED: Response(
                    "https://new.example.org/feed",
                    200,
                    {"ETag": '"1"'},
                    rss("a"),
                )
            }
        )
        (answer,) = poll(SeenFile.of(with_feeds), answers, [FEED])
        assert answer.feed
        assert (answer.feed.url, answer.etag) == (FEED, "")

    def test_eight_feeds_are_fetched_side_by_side(
        self, with_feeds: Newsletter
    ) -> None:
        together = threading.Barrier(8)

        def wait(url: str, *, etag: str, modified: str) -> Response:
            together.wait(60)
            return Response(url, 200, {}, rss("a"))

        feeds = [f"https://www.example.org/{number}" for number in range(16)]
        assert [
            result.url for result in poll(SeenFile.of(with_feeds), wait, feeds)
        ] == feeds

    def test_without_feeds_there_are_no_results(
        self, with_feeds: Newsletter
    ) -> None:
        assert poll(SeenFile.of(with_feeds), Answers({}), []) == []

    def test_a_real_server_answers_the_second_poll_with_304(
        self, newsletter: Newsletter
    ) -> None:
        def answer(request: bytes) -> Iterator[bytes]:
            if b'\r\nIf-None-Match: "1"\r\n' in request:
                yield b"HTTP/1.1 304 Not Modified\r\n\r\n"
            else:
                body = rss("b", "a")
                yield (
                    b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n%b'
                    % (len(body), body)
                )

        with site(answer) as here:
            seen, asking = (
                SeenFile.of(newsletter),
                partial(fetch, guard=Guard(loopback_port=here.port)),
            )
            (first,) = poll(seen, asking, [here.url])
            assert first.feed
            seen.add(first.feed, first.etag, first.modified, TODAY)
            (second,) = poll(seen, asking, [here.url])
        assert (titles(first), second.feed, second.error) == (
            ["b", "a"],
            None,
            None,
        )


def titles(result: PollResult) -> list[str]:
    return [entry.title for entry in result.feed.entries] if result.feed else []


class Answers:
    """A web of a few feeds, which records the requests."""

    def __init__(self, by_url: Mapping[str, Response | FetchError]) -> None:
        self.by_url = by_url
        self.requests: list[tuple[str, str, str]] = []

    def __call__(self, url: str, *, etag: str, modified: str) -> Response:
        self.requests.append((url, etag, modified))
        answer = self.by_url[url]
        if isinstance(answer, FetchError):
            raise answer
        return answer


def test_the_format_of_the_file_stays(with_feeds: Newsletter) -> None:
    seen = SeenFile.of(with_feeds)
    add(seen, "a", "b", etag='"1"')
    seen.settle(FEED, entries("a"), [])
    seen.save()
    assert json.loads(Path(seen.path).read_bytes()) == {
        "version": 2,
        "feeds": {
            FEED: {
                "title": "Harbour Post",
                "etag": '"1"',
                "modified": "then",
                "waiting": [
                    {
                        "entry": {
                            "id": "b",
                            "title": "b",
                            "link": "https://www.example.org/b",
                            "date": None,
                        },
                        "since": "2020-10-09",
                        "was_shown": False,
                    }
                ],
                "seen": ["ca978112ca1bbdca"],
            }
        },
    }
