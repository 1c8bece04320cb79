"""Polling feeds for new entries, and the file that records those the editor has seen."""

import json
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from briefing.collecting.feeds.feed import Entry, Feed
from briefing.collecting.feeds.polling import poll
from briefing.collecting.feeds.seen_file import SeenFile
from briefing.errors import BriefingError, FetchError
from briefing.fetch import Guard, Response, fetch
from briefing.newsletter import Newsletter
from tests.test_fetch import site

FEED = "https://www.example.org/feed"
OTHER = "https://www.example.net/feed"


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


def seen_again(newsletter: Newsletter, seen: SeenFile) -> SeenFile:
    seen.save()
    return SeenFile.of(newsletter)


class TestSeen:
    def test_at_first_every_entry_is_new(self, with_feeds: Newsletter) -> None:
        seen = SeenFile.of(with_feeds)
        assert [
            entry.id for entry in seen.new(Feed(FEED, "", entries("b", "a")))
        ] == [
            "b",
            "a",
        ]
        assert (seen.validators(FEED), seen.note) == (("", ""), "")
        assert not with_feeds.state.exists()

    def test_seen_entries_are_no_longer_new_and_the_validators_are_kept(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember(
            FEED, entries("b", "a"), 'W/"1"', "Fri, 09 Oct 2020 08:00:00 GMT"
        )
        seen = seen_again(with_feeds, seen)
        assert [
            entry.id
            for entry in seen.new(Feed(FEED, "", entries("c", "b", "a")))
        ] == ["c"]
        assert [
            entry.id for entry in seen.new(Feed(OTHER, "", entries("a")))
        ] == ["a"]
        assert seen.validators(FEED) == (
            'W/"1"',
            "Fri, 09 Oct 2020 08:00:00 GMT",
        )

    def test_an_edited_headline_is_not_new(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember(FEED, entries("a"))
        (edited,) = (
            replace(entry, title="Corrected") for entry in entries("a")
        )
        assert not seen.new(Feed(FEED, "", (edited,)))

    def test_nothing_is_written_before_it_is_saved(
        self, with_feeds: Newsletter
    ) -> None:
        SeenFile.of(with_feeds).remember(FEED, entries("a"))
        assert SeenFile.of(with_feeds).new(Feed(FEED, "", entries("a")))

    def test_the_file_is_private_and_has_no_headlines(
        self, with_feeds: Newsletter
    ) -> None:
        before = os.umask(0)
        try:
            for _ in range(2):  # created, and replaced
                seen = SeenFile.of(with_feeds)
                seen.remember(FEED, entries("canary"))
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

    def test_it_forgets_the_oldest_entries_and_stays_small(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        for start in range(0, 3000, 100):
            seen.remember(FEED, entries(*map(str, range(start, start + 100))))
        seen = seen_again(with_feeds, seen)
        feed = Feed(FEED, "", entries(*map(str, range(3000))))
        assert [entry.id for entry in seen.new(feed)] == [
            str(number) for number in range(2000)
        ]
        assert seen.path.stat().st_size < 40_000

    def test_an_entry_that_is_seen_again_counts_as_the_latest(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember(FEED, entries("pinned", *map(str, range(998))))
        seen.remember(FEED, entries("pinned"))
        seen.remember(FEED, entries("a", "b"))
        assert [
            entry.id
            for entry in seen.new(
                Feed(FEED, "", entries("pinned", "0", "996", "997"))
            )
        ] == ["997"]

    def test_a_feed_removed_from_the_settings_is_forgotten(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember("https://secret.example.org/feed", entries("a"))
        seen = seen_again(with_feeds, seen)
        seen.save()
        assert "secret" not in seen.path.read_text("utf-8")

    @pytest.mark.parametrize("etag", ["x" * 201, "a\r\nCookie: b", "é"])
    def test_a_validator_that_cannot_be_sent_back_is_not_kept(
        self, with_feeds: Newsletter, etag: str
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember(FEED, (), etag)
        assert seen.validators(FEED) == ("", "")

    @pytest.mark.parametrize(
        "data",
        [
            b"{",
            b"\xff",
            b"[]",
            b"{}",
            b"[" * 100_000,
            b'{"version": 2, "feeds": {}}',
            b'{"version": 1, "feeds": []}',
            b'{"version": 1, "feeds": {"x": 5}}',
            b'{"version": 1, "feeds": {"x": {"etag": "", "modified": "", "seen": [1]}}}',
            b'{"version": 1, "feeds": {"x": {"etag": 1, "modified": "", "seen": []}}}',
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
            "can't be read, so all entries of the feeds are shown as new"
            in seen.note
        )
        assert "\n" not in seen.note
        seen.remember(FEED, entries("a"))
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
    def test_the_new_entries_of_each_feed_are_returned_in_order(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember(FEED, entries("https://www.example.org/a"), '"0"')
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
        assert (
            [entry.title for entry in first.entries],
            first.etag,
            first.modified,
        ) == (["b"], '"1"', "then")
        assert [entry.title for entry in second.entries] == ["c"]
        assert sorted(answers.requests) == [(OTHER, "", ""), (FEED, '"0"', "")]
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
        assert (first.error, first.feed, first.entries) == (broken, None, ())
        assert str(second.error) == f"{gone}: answers 404 instead of a feed"
        assert [entry.title for entry in third.entries] == ["c"]

    def test_an_unchanged_feed_has_nothing_new_and_keeps_its_validators(
        self, with_feeds: Newsletter
    ) -> None:
        seen = SeenFile.of(with_feeds)
        seen.remember(FEED, entries("a"), '"1"', "then")
        (answer,) = poll(
            seen, Answers({FEED: Response(FEED, 304, {}, b"")}), [FEED]
        )
        assert (answer.feed, answer.entries, answer.error) == (None, (), None)
        assert (answer.etag, answer.modified) == ('"1"', "then")

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
            seen.remember(first.url, first.entries, first.etag, first.modified)
            (second,) = poll(seen, asking, [here.url])
        assert (
            [entry.title for entry in first.entries],
            second.entries,
            second.error,
        ) == (["b", "a"], (), None)


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
    seen.remember(FEED, entries("a"), '"1"', "then")
    seen.save()
    assert json.loads(Path(seen.path).read_bytes()) == {
        "version": 1,
        "feeds": {
            FEED: {
                "etag": '"1"',
                "modified": "then",
                "seen": ["ca978112ca1bbdca"],
            }
        },
    }
