"""briefing collect --feed: what is new, to choose from; and the pages kept as evidence."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import NoReturn

import pytest
from warcio.archiveiterator import ArchiveIterator

from briefing import clock
from briefing.cli import prompts
from briefing.issue import store
from tests.cli.collect.web import (
    HEADLINE,
    Web,
    assert_one_line,
    items,
    page,
    rss,
    settings,
    tree,
)
from tests.cli.conftest import Run


class TestFeeds:
    @pytest.fixture
    def feed(self, weekly: Path, web: Web) -> str:
        """A feed of three pages that are there."""
        titles = ["A vote on water", "School opens late", "Harbour wall falls"]
        address = web.has(
            "feed.xml",
            rss(
                *(
                    (title, web.has(f"p{n}", page(title)))
                    for n, title in enumerate(titles)
                )
            ),
            ETag='"1"',
        )
        settings(weekly, f'feeds = ["{address}"]')
        return address

    @pytest.fixture
    def person(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Someone sits at the terminal and can answer."""
        monkeypatch.setattr(prompts, "is_interactive", lambda: True)

    def test_a_person_picks_from_a_numbered_list(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        feed: str,
        person: None,
    ) -> None:
        result = run("collect", "--feed", stdin="7\n1,3\n")
        assert result.stdout.startswith(
            "Harbour Post\n"
            "   1               A vote on water\n"
            "   2               School opens late\n"
        )
        assert (
            "Collect which? Numbers such as 1,3-5, or 'all', 'none' or 'later' [later]:"
            in result.stdout
        )
        assert (
            "'7' isn't from 1 to 3. Type numbers such as 1,3-5, or 'all', or 'none'"
            in result.stderr
        )
        assert [item.heading for item in items(inbox)] == [
            "A vote on water",
            "Harbour wall falls",
        ]
        assert "/p1" not in web.asked

    def test_the_order_of_the_numbers_is_the_order_in_the_inbox(
        self, weekly: Path, inbox: Path, run: Run, feed: str, person: None
    ) -> None:
        assert run("collect", "--feed", stdin="3,1\n").exit_code == 0
        headlines = [item.heading for item in items(inbox)]
        assert headlines == ["Harbour wall falls", "A vote on water"]

    def test_enter_loses_nothing_even_if_the_feed_drops_the_entries(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        feed: str,
        person: None,
    ) -> None:
        said = run("collect", "--feed", stdin="\n").stdout
        assert said.endswith(
            "They are kept for the next 'briefing collect --feed'.\n"
        )
        web.has("feed.xml", rss(("New", web.has("n", page("New")))))
        said = run("collect", "--feed", stdin="1-4\n").stdout
        assert said.startswith(
            "Harbour Post\n"
            "   1               New\n"
            "   2               A vote on water\n"
        )
        assert len(items(inbox)) == 4

    def test_ctrl_c_at_the_question_loses_nothing(
        self,
        weekly: Path,
        run: Run,
        web: Web,
        feed: str,
        person: None,
    ) -> None:
        assert run("collect", "--feed", stdin="").exit_code == 130
        web.has("feed.xml", rss())
        said = run("collect", "--feed", stdin="none\n").stdout
        assert "   3               Harbour wall falls\n" in said

    def test_what_was_shown_and_not_chosen_can_be_chosen_later(
        self, weekly: Path, inbox: Path, run: Run, feed: str, person: None
    ) -> None:
        week_ago = clock.today() - dt.timedelta(days=7)
        hint = (
            "2 headlines of the last week weren't chosen;\n"
            f"'briefing collect --feed --since {week_ago}' shows them again.\n"
        )
        assert run("collect", "--feed", stdin="2\n").stdout.endswith(hint)
        assert run("collect", "--feed").stdout == (
            f"Nothing new in the feeds.\n{hint}"
        )
        assert run("collect", "--feed", "--json").stdout == "[]\n"
        since = ("collect", "--feed", "--since", str(week_ago))
        said = run(*since, stdin="2\n").stdout
        assert said.startswith(
            "Harbour Post, shown before\n"
            "   1               A vote on water\n"
            "   2               Harbour wall falls\n"
            "Collect which? Numbers"
        )
        assert [item.heading for item in items(inbox)] == [
            "School opens late",
            "Harbour wall falls",
        ]
        said = run(*since, "--all").stdout
        assert "A vote on water\n" in said
        assert len(items(inbox)) == 3
        assert run(*since).stdout == "Nothing new in the feeds.\n"

    def test_since_leaves_out_what_is_older(
        self, weekly: Path, run: Run, web: Web, feed: str, person: None
    ) -> None:
        dates = {"Old": "2020-10-01", "Later": "2020-10-09"}
        entries = "".join(
            f"<item><title>{title}</title><link>{web.url(title)}</link><pubDate>{day}</pubDate></item>"
            for title, day in dates.items()
        )
        web.has(
            "feed.xml",
            f"<rss version='2.0'><channel>{entries}</channel></rss>".encode(),
        )
        said = run("collect", "--feed", "--since", "2020-10-09", stdin="none\n")
        assert "Collect it? Type '1' for yes, 'none', or 'later'" in said.stdout
        said = run("collect", "--feed", stdin="\n")
        assert "   1  01 Oct 2020  Old\n" in said.stdout

    def test_a_day_that_does_not_exist_is_a_usage_error(
        self, weekly: Path, run: Run
    ) -> None:
        result = run("collect", "--feed", "--since", "2020-02-30")
        assert result.exit_code == 2
        assert "2020-02-30" in result.stderr

    def test_all_collects_everything_without_asking(
        self, weekly: Path, inbox: Path, run: Run, feed: str
    ) -> None:
        result = run("collect", "--feed", "--all")
        assert (result.exit_code, len(items(inbox))) == (0, 3)
        assert "3 items added to" in result.stdout

    def test_without_a_terminal_the_error_names_the_option(
        self, weekly: Path, inbox: Path, run: Run, feed: str
    ) -> None:
        result = run("collect", "--feed")
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert "answer with --all" in result.stderr
        assert not inbox.exists()

    def test_a_broken_feed_does_not_stop_the_others(
        self, weekly: Path, inbox: Path, run: Run, web: Web, feed: str
    ) -> None:
        text = (weekly / "briefing.toml").read_text("utf-8")
        broken = web.has("broken.xml", b"<html><p>No feed any more.")
        (weekly / "briefing.toml").write_text(
            text.replace('feeds = ["', f'feeds = ["{broken}", "'), "utf-8"
        )
        result = run("collect", "--feed", "--all")
        assert (result.exit_code, len(items(inbox))) == (0, 3)
        assert result.stderr.startswith(f"note: {broken}: ")
        assert result.stderr.count("\n") == 1

    def test_if_no_feed_answers_the_command_fails(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        settings(weekly, f'feeds = ["{web.url("nowhere.xml")}"]')
        result = run("collect", "--feed", "--all")
        assert result.exit_code == 1
        assert "none of the feeds could be read" in result.stderr

    def test_without_feeds_the_error_says_where_to_list_them(
        self, weekly: Path, run: Run
    ) -> None:
        result = run("collect", "--feed", "--all")
        assert result.exit_code == 1
        assert (
            "add their addresses to 'feeds' under [collect] in briefing.toml"
            in result.stderr
        )

    def test_entries_are_remembered_only_after_the_inbox_is_written(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        feed: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def stopped(*_: object) -> NoReturn:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(store, "create", stopped)
            assert run("collect", "--feed", "--all").exit_code == 130
        assert not inbox.exists()
        run("collect", "--feed", "--all")
        assert len(items(inbox)) == 3

    def test_a_dry_run_remembers_nothing(
        self, weekly: Path, run: Run, feed: str
    ) -> None:
        before = tree(weekly)
        assert (
            "3 items would go"
            in run("collect", "--feed", "--all", "--dry-run").stdout
        )
        assert tree(weekly) == before

    def test_a_page_that_failed_is_offered_again_and_the_others_are_not(
        self, weekly: Path, inbox: Path, run: Run, web: Web, feed: str
    ) -> None:
        there = web.answers.pop("/p1")
        assert run("collect", "--feed", "--all").exit_code == 1
        assert len(items(inbox)) == 2
        web.answers["/p1"] = there
        result = run("collect", "--feed", "--all")
        assert result.exit_code == 0
        assert "1 item added to" in result.stdout
        assert len(items(inbox)) == 3

    def test_titles_cannot_steer_a_terminal(
        self, weekly: Path, run: Run, web: Web, person: None
    ) -> None:
        title = (
            "A &#x9b;31m \u202etpircs\u202c \u2066vote\u2069 " + "long " * 40
        )
        settings(
            weekly,
            f'feeds = ["{web.has("feed.xml", rss((title, web.url("a"))))}"]',
        )
        said = run("collect", "--feed", stdin="none\n").stdout
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202d\u202e]", said)
        assert max(map(len, said.splitlines())) <= 80


class TestEvidence:
    def test_the_page_is_kept_as_it_was_fetched(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        settings(weekly, "evidence = true")
        address = web.has("a", page())
        assert run("collect", address).exit_code == 0
        (path,) = (weekly / ".briefing" / "evidence").rglob("*.warc.gz")
        with path.open("rb") as file:
            kinds = {
                record.rec_type: record.content_stream().read()
                for record in ArchiveIterator(file)
            }
        assert kinds["response"] == page()
        row = json.loads(
            (weekly / ".briefing" / "evidence" / "index.jsonl").read_text(
                "utf-8"
            )
        )
        assert (row["link"], row["headline"]) == (address, HEADLINE)

    def test_without_the_setting_nothing_is_kept(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        run("collect", web.has("a", page()))
        assert not (weekly / ".briefing" / "evidence").exists()

    def test_if_evidence_cannot_be_written_the_inbox_is_unchanged(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        settings(weekly, "evidence = true")
        (weekly / ".briefing").mkdir(mode=0o700, exist_ok=True)
        (weekly / ".briefing" / "evidence").write_bytes(b"in the way")
        assert_one_line(run("collect", web.has("a", page())))
        assert not inbox.exists()
