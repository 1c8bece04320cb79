"""What is new in the feeds since last time, against feeds on this computer."""

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
from briefing.collecting.feeds.polling import Seen, gather
from briefing.errors import BriefingError, FetchError
from briefing.fetch import Guard, Response, fetch
from briefing.newsletter import Newsletter
from tests.test_fetch import site

FEED = "https://www.example.org/feed"
OTHER = "https://www.example.net/feed"


def entries(*names: str) -> tuple[Entry, ...]:
    return tuple(Entry(id=name, title=name, link=f"https://www.example.org/{name}") for name in names)


def rss(*names: str) -> bytes:
    items = "".join(f"<item><title>{name}</title><link>https://www.example.org/{name}</link></item>" for name in names)
    return f"<rss version='2.0'><channel><title>Harbour Post</title>{items}</channel></rss>".encode()


@pytest.fixture
def with_feeds(newsletter: Newsletter) -> Newsletter:
    """A newsletter whose settings name two feeds."""
    path = newsletter.root / "briefing.toml"
    feeds = f'[collect]\nfeeds = ["{FEED}", "{OTHER}"]\n'
    path.write_text(path.read_text("utf-8").replace("[collect]\n", feeds), "utf-8")
    return Newsletter(newsletter.root)


def seen_again(newsletter: Newsletter, seen: Seen) -> Seen:
    seen.save()
    return Seen.of(newsletter)


class TestSeen:
    def test_at_first_all_is_new(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        assert [one.id for one in seen.new(Feed(FEED, "", entries("b", "a")))] == ["b", "a"]
        assert (seen.marks(FEED), seen.note) == (("", ""), "")
        assert not with_feeds.state.exists()

    def test_what_was_shown_is_no_longer_new_and_the_marks_are_known(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.remember(FEED, entries("b", "a"), 'W/"1"', "Fri, 09 Oct 2020 08:00:00 GMT")
        seen = seen_again(with_feeds, seen)
        assert [one.id for one in seen.new(Feed(FEED, "", entries("c", "b", "a")))] == ["c"]
        assert [one.id for one in seen.new(Feed(OTHER, "", entries("a")))] == ["a"]
        assert seen.marks(FEED) == ('W/"1"', "Fri, 09 Oct 2020 08:00:00 GMT")

    def test_an_edited_headline_is_not_new(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.remember(FEED, entries("a"))
        (edited,) = (replace(one, title="Corrected") for one in entries("a"))
        assert not seen.new(Feed(FEED, "", (edited,)))

    def test_nothing_is_written_before_it_is_saved(self, with_feeds: Newsletter) -> None:
        Seen.of(with_feeds).remember(FEED, entries("a"))
        assert Seen.of(with_feeds).new(Feed(FEED, "", entries("a")))

    def test_the_file_is_private_and_holds_no_headline(self, with_feeds: Newsletter) -> None:
        before = os.umask(0)
        try:
            for _ in range(2):  # made, and made anew
                seen = Seen.of(with_feeds)
                seen.remember(FEED, entries("canary"))
                seen.save()
                mode = stat.S_IMODE(seen.path.stat().st_mode)
                assert (mode, stat.S_IMODE(with_feeds.state.stat().st_mode)) == (0o600, 0o700)
        finally:
            os.umask(before)
        assert "canary" not in seen.path.read_text("utf-8")

    def test_a_file_that_others_may_read_is_made_private(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.save()
        seen.path.chmod(0o644)
        seen.save()
        assert stat.S_IMODE(seen.path.stat().st_mode) == 0o600

    def test_it_does_not_grow_without_end_and_forgets_the_oldest(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        for start in range(0, 3000, 100):
            seen.remember(FEED, entries(*map(str, range(start, start + 100))))
        seen = seen_again(with_feeds, seen)
        feed = Feed(FEED, "", entries(*map(str, range(3000))))
        assert [one.id for one in seen.new(feed)] == [str(number) for number in range(2000)]
        assert seen.path.stat().st_size < 40_000

    def test_what_is_shown_again_counts_as_the_latest(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.remember(FEED, entries("pinned", *map(str, range(998))))
        seen.remember(FEED, entries("pinned"))
        seen.remember(FEED, entries("a", "b"))
        assert [one.id for one in seen.new(Feed(FEED, "", entries("pinned", "0", "996", "997")))] == ["997"]

    def test_a_feed_that_was_taken_out_of_the_settings_is_forgotten(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.remember("https://secret.example.org/feed", entries("a"))
        seen = seen_again(with_feeds, seen)
        seen.save()
        assert "secret" not in seen.path.read_text("utf-8")

    @pytest.mark.parametrize("etag", ["x" * 201, "a\r\nCookie: b", "é"])
    def test_a_mark_that_is_none_is_not_kept(self, with_feeds: Newsletter, etag: str) -> None:
        seen = Seen.of(with_feeds)
        seen.remember(FEED, (), etag)
        assert seen.marks(FEED) == ("", "")

    @pytest.mark.parametrize(
        "data",
        [
            *(
                b"{",
                b"\xff",
                b"[]",
                b"{}",
                b'{"version": 2, "feeds": {}}',
                b'{"version": 1, "feeds": []}',
                b"[" * 100_000,
            ),
            *(b'{"version": 1, "feeds": {"x": 5}}', b'{"version": 1, "feeds": {"x": {"seen": [1]}}}'),
            b'{"version": 1, "feeds": {"x": {"etag": 1}}}',
        ],
    )
    def test_a_damaged_file_is_as_good_as_none_and_said(self, with_feeds: Newsletter, data: bytes) -> None:
        seen = Seen.of(with_feeds)
        seen.save()
        seen.path.write_bytes(data)
        seen = Seen.of(with_feeds)
        assert "can't be read, so that everything in the feeds is shown as new" in seen.note
        assert "\n" not in seen.note
        seen.remember(FEED, entries("a"))
        assert not seen_again(with_feeds, seen).note

    def test_an_empty_file_is_none(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.save()
        seen.path.write_bytes(b"")
        assert not Seen.of(with_feeds).note

    def test_what_cannot_be_written_is_one_line_and_leaves_the_last(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.path.parent.mkdir(mode=0o700)
        seen.path.mkdir()
        with pytest.raises(BriefingError, match=r"feeds\.json"):
            seen.save()


class TestGather:
    def test_of_each_feed_what_is_new_is_told_in_their_order(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.remember(FEED, entries("https://www.example.org/a"), '"0"')
        answers = Answers(
            {
                FEED: Response(FEED, 200, {"ETag": '"1"', "Last-Modified": "then"}, rss("b", "a")),
                OTHER: Response(OTHER, 200, {}, rss("c")),
            }
        )
        told: list[tuple[int, int]] = []
        first, second = gather(seen, answers, [FEED, OTHER, FEED], progress=lambda *done: told.append(done))
        assert ([one.title for one in first.entries], first.etag, first.modified) == (["b"], '"1"', "then")
        assert [one.title for one in second.entries] == ["c"]
        assert sorted(answers.asked) == [(OTHER, "", ""), (FEED, '"0"', "")]
        assert told == [(1, 2), (2, 2)]

    def test_one_that_fails_does_not_stop_the_others(self, with_feeds: Newsletter) -> None:
        broken = FetchError(FEED, "takes no connection")
        gone = "https://www.example.com/gone"
        answers = Answers({FEED: broken, gone: Response(gone, 404, {}, b""), OTHER: Response(OTHER, 200, {}, rss("c"))})
        first, second, third = gather(Seen.of(with_feeds), answers, [FEED, gone, OTHER])
        assert (first.error, first.feed, first.entries) == (broken, None, ())
        assert str(second.error) == f"{gone}: answers 404 instead of a feed"
        assert [one.title for one in third.entries] == ["c"]

    def test_one_that_did_not_change_has_nothing_new_and_keeps_its_marks(self, with_feeds: Newsletter) -> None:
        seen = Seen.of(with_feeds)
        seen.remember(FEED, entries("a"), '"1"', "then")
        (answer,) = gather(seen, Answers({FEED: Response(FEED, 304, {}, b"")}), [FEED])
        assert (answer.feed, answer.entries, answer.error) == (None, (), None)
        assert (answer.etag, answer.modified) == ('"1"', "then")

    def test_a_feed_that_moved_is_known_by_its_address_in_the_settings(self, with_feeds: Newsletter) -> None:
        """Its marks are of another host, which isn't told them: see fetch."""
        answers = Answers({FEED: Response("https://new.example.org/feed", 200, {"ETag": '"1"'}, rss("a"))})
        (answer,) = gather(Seen.of(with_feeds), answers, [FEED])
        assert answer.feed
        assert (answer.feed.url, answer.etag) == (FEED, "")

    def test_eight_are_asked_side_by_side(self, with_feeds: Newsletter) -> None:
        together = threading.Barrier(8)

        def wait(url: str, *, etag: str, modified: str) -> Response:
            together.wait(5)
            return Response(url, 200, {}, rss("a"))

        feeds = [f"https://www.example.org/{number}" for number in range(16)]
        assert [one.url for one in gather(Seen.of(with_feeds), wait, feeds)] == feeds

    def test_no_feeds_no_answers(self, with_feeds: Newsletter) -> None:
        assert gather(Seen.of(with_feeds), Answers({}), []) == []

    def test_with_a_real_server_the_second_time_costs_nothing(self, newsletter: Newsletter) -> None:
        def answer(request: bytes) -> Iterator[bytes]:
            if b'\r\nIf-None-Match: "1"\r\n' in request:
                yield b"HTTP/1.1 304 Not Modified\r\n\r\n"
            else:
                body = rss("b", "a")
                yield b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: %d\r\n\r\n%b' % (len(body), body)

        with site(answer) as here:
            seen, asking = Seen.of(newsletter), partial(fetch, guard=Guard(loopback_port=here.port))
            (first,) = gather(seen, asking, [here.url])
            seen.remember(first.url, first.entries, first.etag, first.modified)
            (second,) = gather(seen, asking, [here.url])
        assert ([one.title for one in first.entries], second.entries, second.error) == (["b", "a"], (), None)


class Answers:
    """A web of a few feeds, that notes what it is asked."""

    def __init__(self, by_url: Mapping[str, Response | FetchError]) -> None:
        self.by_url = by_url
        self.asked: list[tuple[str, str, str]] = []

    def __call__(self, url: str, *, etag: str, modified: str) -> Response:
        self.asked.append((url, etag, modified))
        answer = self.by_url[url]
        if isinstance(answer, FetchError):
            raise answer
        return answer


def test_the_file_is_what_the_next_version_will_find(with_feeds: Newsletter) -> None:
    seen = Seen.of(with_feeds)
    seen.remember(FEED, entries("a"), '"1"', "then")
    seen.save()
    assert json.loads(Path(seen.path).read_bytes()) == {
        "version": 1,
        "feeds": {FEED: {"etag": '"1"', "modified": "then", "seen": ["ca978112ca1bbdca"]}},
    }
