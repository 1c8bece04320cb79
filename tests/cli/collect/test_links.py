"""briefing collect: links and saved pages become items of the inbox."""

import io
import json
import re
import threading
from pathlib import Path

import pytest
from PIL import Image

from briefing.issue import store
from tests.cli.collect.web import (
    ADDRESS,
    ALT,
    HEADLINE,
    SENTENCE,
    TEXT,
    Web,
    assert_one_line,
    guards,
    head_of,
    iptc,
    items,
    jpeg,
    page,
    photo_of,
    saved,
    settings,
    tree,
    with_segment,
)
from tests.cli.conftest import Run
from tests.cli.terminal import in_terminal


class TestOneLink:
    def test_a_link_becomes_an_item_of_the_inbox_with_its_photo(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        web.has("photo.jpg", jpeg())
        address = web.has(
            "news/files?id=7",
            page(figure=photo_of(web), head=head_of(web)),
        )
        result = run("collect", f"{address}&utm_source=mail")
        assert (result.exit_code, result.stderr) == (0, "")
        text = "\n\n".join(TEXT)
        assert inbox.read_text("utf-8").startswith(
            "# Inbox\n\n"
            f"### {HEADLINE}\n"
            "source: Harbour Post\n"
            "date: 2020-10-08\n"
            f"link: {web.url('news/files?id=7')}\n"
            "image: court-in-far-valley-opens-its-files-to-families.jpg\n"
            f"alt: {ALT}\n"
            "photo: Jo Doe\n\n"
            f"{text[: len(SENTENCE)]}"
        )
        (item,) = items(inbox)
        assert text.startswith(item.text)
        assert sorted(path.name for path in inbox.parent.iterdir()) == [
            item.image,
            "issue.md",
        ]

    def test_the_terminal_shows_what_was_found_and_what_comes_next(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        web.has("photo.jpg", jpeg())
        headline = f"{HEADLINE}, after they had waited for nine years and a day in front of a closed door"
        result = run(
            "collect",
            web.has(
                "a", page(headline, figure=photo_of(web), head=head_of(web))
            ),
        )
        lines = result.stdout.splitlines()
        assert " ".join(lines[:2]) == headline
        assert lines[2] == "  Harbour Post · 8 October 2020 · Photo: Jo Doe"
        assert lines[3].startswith("  The court in Far Valley opened its files")
        assert lines[-2:] == [
            "1 item added to issues/inbox/issue.md.",
            "Next: 'briefing compose' makes an issue from the inbox.",
        ]
        assert max(map(len, lines)) <= 80

    def test_in_a_terminal_no_line_is_longer_than_80_columns(
        self, weekly: Path
    ) -> None:
        name = saved(
            weekly,
            page(
                f"{HEADLINE}, after they had waited for nine years and a day in front of a door"
            ),
        )
        said, code = in_terminal(
            weekly, ["collect", ADDRESS, "--page", name, "--dry-run"]
        )
        assert code == 0
        plain = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", said).split("\n")
        assert max(len(line.rpartition("\r")[2]) for line in plain) <= 80
        assert "This was a dry run; 1 item would go into the inbox." in said

    def test_a_kind_other_than_article_is_written(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        address = web.has(
            "press-releases/files",
            page(
                f"Press release: {HEADLINE}", site="Far Valley Rights Network"
            ),
        )
        values = json.loads(run("collect", address, "--json").stdout)
        (item,) = items(inbox)
        assert (item.kind, values[0]["kind"]) == (
            "press-release",
            "press-release",
        )

    @pytest.mark.parametrize(
        ("lang", "kept"), [("en", ""), ("en-GB", ""), ("de", "de")]
    )
    def test_a_language_other_than_the_edition_s_is_written(
        self, weekly: Path, inbox: Path, run: Run, lang: str, kept: str
    ) -> None:
        german = (
            "Das Gericht im Fernen Tal hat den Familien der Verschwundenen am Donnerstag seine Akten geöffnet.",
            "Die Familien hatten neun Jahre lang darauf gewartet, und viele von ihnen kamen mit Fotos zum Gericht.",
            "Das Netzwerk für Menschenrechte nannte die Entscheidung einen ersten Schritt, dem weitere folgen müssen.",
        )
        name = saved(
            weekly,
            page("Gericht öffnet Akten", text=german, lang=lang)
            if kept
            else page(lang=lang),
        )
        assert run("collect", ADDRESS, "--page", name).exit_code == 0
        assert [item.lang for item in items(inbox)] == [kept]

    def test_the_photo_s_metadata_is_removed(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        notes = Image.Exif()
        notes[0x010E] = "canary"
        notes.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
        photo = (
            jpeg(
                1500,
                1000,
                exif=notes,
                comment=b"canary",
                xmp=b"<x>canary</x>",
                icc_profile=b"canary" * 30,
            )
            + b"canary"
        )
        web.has("photo.jpg", with_segment(photo, iptc(110, "canary")))
        run(
            "collect",
            web.has("a", page(figure=photo_of(web), head=head_of(web))),
        )
        (item,) = items(inbox)
        data = (inbox.parent / item.image).read_bytes()
        assert b"canary" not in data
        with Image.open(io.BytesIO(data)) as image:
            assert (
                image.width,
                dict(image.getexif()),
                "icc_profile" in image.info,
            ) == (1104, {}, False)

    def test_without_a_credit_on_the_page_the_photo_s_metadata_counts(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        web.has(
            "photo.jpg",
            with_segment(jpeg(), iptc(110, "Jo Doe/Harbour Agency")),
        )
        address = web.has(
            "a", page(figure=photo_of(web, ""), head=head_of(web))
        )
        (values,) = json.loads(run("collect", address, "--json").stdout)
        assert (values["photo"], "photo" in values["uncertain"]) == (
            "Jo Doe/Harbour Agency",
            False,
        )
        assert [item.photo for item in items(inbox)] == [
            "Jo Doe/Harbour Agency"
        ]

    def test_what_is_guessed_and_what_is_missing_is_said_before_the_next_step(
        self, weekly: Path, run: Run
    ) -> None:
        guessed = page("A ruling").replace(b"2020-10-08", b"")
        name = saved(weekly, guessed)
        lines = run(
            "collect", "https://www.harbour.test/a", "--page", name
        ).stdout.splitlines()
        assert "  not found: the date" in lines
        assert "  needs review: the headline" in lines
        assert lines[-1] == (
            "Next: review the fields listed above in that file, then run 'briefing compose'."
        )
        assert lines[-2].startswith("1 item added to ")

    def test_a_missing_credit_is_reported_and_not_written(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        web.has("photo.jpg", jpeg())
        result = run(
            "collect",
            web.has("a", page(figure=photo_of(web, ""), head=head_of(web))),
        )
        assert "  not found: the photo's credit\n" in result.stdout
        assert "photo:" not in inbox.read_text("utf-8")

    @pytest.mark.parametrize(
        ("body", "status", "words"),
        [
            (
                b"",
                404,
                "its photo can't be fetched: the site returned an error (404)",
            ),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                200,
                "its photo was left out: it is",
            ),
            (
                jpeg()[:5000],
                200,
                "its photo was left out: it is damaged or cut off",
            ),
        ],
    )
    def test_without_a_usable_photo_the_item_is_still_collected(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        body: bytes,
        status: int,
        words: str,
    ) -> None:
        web.has("photo.jpg", body, status)
        result = run(
            "collect",
            web.has("a", page(figure=photo_of(web), head=head_of(web))),
        )
        assert result.exit_code == 0
        assert words in " ".join(result.stdout.split())
        (item,) = items(inbox)
        assert (item.image, item.alt, item.photo) == ("", "", "")
        assert [path.name for path in inbox.parent.iterdir()] == ["issue.md"]

    def test_a_photo_in_a_private_network_is_not_fetched(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        web: Web,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def resolve(host: str, _port: int) -> list[str]:
            return (
                ["10.0.0.1"] if host == "inner.example.org" else ["127.0.0.1"]
            )

        guards(monkeypatch, web.port, resolve)
        image = '<meta property="og:image" content="http://inner.example.org/photo.jpg">'
        result = run("collect", web.has("a", page(head=image)))
        assert result.exit_code == 0
        assert "can't be fetched" in result.stdout
        assert [item.image for item in items(inbox)] == [""]


class TestSavedPageAlone:
    @pytest.mark.parametrize(
        "head",
        [
            "<!-- saved from url=(0034)https://www.harbour.test/a?id=7&utm_source=x -->",
            "<link rel='canonical' href='https://www.harbour.test/a?id=7'>",
            "<meta property='og:url' content='https://www.harbour.test/a?id=7'>",
        ],
    )
    def test_its_address_and_photo_are_in_the_saved_files(
        self, weekly: Path, inbox: Path, run: Run, offline: None, head: str
    ) -> None:
        figure = f"<img src='./saved_files/photo.jpg' alt='{ALT}'>"
        data = page(figure=figure).replace(b"<head>", f"<head>{head}".encode())
        (weekly / "saved_files").mkdir()
        (weekly / "saved_files" / "photo.jpg").write_bytes(jpeg())
        result = run("collect", "--page", saved(weekly, data))
        assert (result.exit_code, result.stderr) == (0, "")
        (item,) = items(inbox)
        assert item.link == "https://www.harbour.test/a?id=7"
        assert (item.image, item.alt) != ("", "")

    def test_no_file_outside_its_folder_is_taken_for_a_photo(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        (weekly / "saved_files").mkdir()
        (weekly / "secret.jpg").write_bytes(jpeg())
        (weekly / "saved_files" / "photo.jpg").symlink_to(weekly / "secret.jpg")
        name = saved(weekly, page(figure="<img src='./saved_files/photo.jpg'>"))
        result = run("collect", web.url("a"), "--page", name)
        assert "its photo can't be fetched" in result.stdout


class TestPublishers:
    def test_an_uncertain_name_is_asked_about_once_and_remembered(
        self, weekly: Path, inbox: Path
    ) -> None:
        unnamed = (
            page()
            .replace(b"og:site_name", b"x")
            .replace(b" | Harbour Post", b"")
        )
        name = saved(weekly, unnamed)
        collect = ["collect", "https://www.harbour.test/a", "--page", name]
        said, code = in_terminal(weekly, collect, "Harbour Post\n")
        assert code == 0, said
        assert (
            "Who publishes harbour.test? The answer is saved in briefing.toml."
            in said
        )
        assert '"harbour.test" = "Harbour Post"' in (
            weekly / "briefing.toml"
        ).read_text("utf-8")
        again, code = in_terminal(weekly, [*collect, "--again"])
        assert code == 0, again
        assert "Who publishes" not in again
        assert [item.source for item in items(inbox)] == ["Harbour Post"] * 2

    def test_without_a_terminal_nothing_is_asked(
        self, weekly: Path, run: Run
    ) -> None:
        unnamed = (
            page()
            .replace(b"og:site_name", b"x")
            .replace(b" | Harbour Post", b"")
        )
        name = saved(weekly, unnamed)
        before = (weekly / "briefing.toml").read_bytes()
        result = run("collect", "https://www.harbour.test/a", "--page", name)
        assert "needs review: the publisher" in result.stdout
        assert (weekly / "briefing.toml").read_bytes() == before


class TestJson:
    def test_it_has_the_documented_keys_and_values(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        web.has("photo.jpg", jpeg())
        address = web.has(
            "news/files", page(figure=photo_of(web), head=head_of(web))
        )
        (values,) = json.loads(
            run("collect", f"{address}?utm_source=mail", "--json").stdout
        )
        excerpt = values.pop("excerpt")
        assert " ".join(TEXT).startswith(" ".join(excerpt.split()))
        assert len(excerpt) <= 900
        assert values == {
            "title": HEADLINE,
            "source": "Harbour Post",
            "date": "2020-10-08",
            "image": web.url("photo.jpg"),
            "lang": "en",
            "url": web.url("news/files"),
            "photo": "Jo Doe",
            "alt": ALT,
            "kind": "article",
            "uncertain": [],
            "already": None,
        }

    def test_missing_values_are_null(self, weekly: Path, run: Run) -> None:
        name = saved(
            weekly,
            b"<html><body><p>Nothing that could be known.</p></body></html>",
        )
        (values,) = json.loads(
            run(
                "collect", ADDRESS, "--page", name, "--json", "--dry-run"
            ).stdout
        )
        assert {key for key, value in values.items() if value is None} >= {
            "date",
            "image",
            "photo",
            "alt",
            "already",
        }
        assert "title" in values["uncertain"]
        assert "" not in [
            value for value in values.values() if isinstance(value, str)
        ]

    def test_it_cannot_steer_a_terminal(self, weekly: Path, run: Run) -> None:
        name = saved(
            weekly, page("A \x1b[31mred\x1b[0m \u009b31m \u202etpircs\u202c")
        )
        printed = run("collect", ADDRESS, "--page", name, "--json").stdout
        assert not re.search(
            "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", printed
        )
        assert len(json.loads(printed)) == 1


class TestDryRun:
    def test_spaces_around_a_pasted_address_are_ignored(
        self, weekly: Path, run: Run, offline: None
    ) -> None:
        result = run(
            "collect",
            f" {ADDRESS} ",
            "--page",
            saved(weekly, page()),
            "--dry-run",
            "--json",
        )
        assert (
            json.loads(result.stdout)[0]["url"]
            == "https://www.example.org/news/files"
        )

    def test_with_a_saved_page_nothing_is_written_and_no_connection_is_opened(
        self, weekly: Path, run: Run, offline: None
    ) -> None:
        image = '<meta property="og:image" content="https://www.example.org/photo.jpg">'
        name = saved(weekly, page(head=image))
        before = tree(weekly)
        result = run("collect", ADDRESS, "--page", name, "--dry-run")
        assert result.exit_code == 0
        assert (
            "This was a dry run; 1 item would go into the inbox."
            in result.stdout
        )
        assert (
            run(
                "collect", ADDRESS, "--page", name, "--dry-run", "--json"
            ).exit_code
            == 0
        )
        assert tree(weekly) == before

    def test_with_a_link_only_the_page_is_fetched(
        self, weekly: Path, run: Run, web: Web
    ) -> None:
        settings(weekly, "evidence = true")
        before = tree(weekly)
        assert (
            run(
                "collect", web.has("a", page(head=head_of(web))), "--dry-run"
            ).exit_code
            == 0
        )
        assert web.asked == ["/a"]
        assert tree(weekly) == before


class TestSeveralLinks:
    def test_several_links_are_fetched_at_the_same_time(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        web.waiting = threading.Barrier(4)
        titles = [
            "Harbour wall to be rebuilt",
            "Families see the files",
            "A vote on water",
            "School opens late",
        ]
        links = [
            web.has(str(number), page(title))
            for number, title in enumerate(titles)
        ]
        assert run("collect", *links).exit_code == 0
        assert [item.heading for item in items(inbox)] == titles

    def test_a_failed_link_is_reported_in_one_line_and_the_others_are_collected(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        first, last = (
            web.has("first", page("A vote on water")),
            web.has("last", page("School opens late")),
        )
        result = run("collect", first, web.url("gone"), "no address", last)
        assert result.exit_code == 1
        assert [item.heading for item in items(inbox)] == [
            "A vote on water",
            "School opens late",
        ]
        lines = result.stderr.splitlines()
        assert len(lines) == 2
        assert lines[0] == f"error: {web.url('gone')}: is gone"
        assert lines[1].startswith("briefing: no address: isn't a")
        assert "2 items added to issues/inbox/issue.md" in result.stdout

    def test_the_same_link_twice_becomes_one_item(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        address = web.has("a", page())
        web.has("a?utm_source=feed", page())
        result = run("collect", address, address, f"{address}?utm_source=feed")
        assert "1 item added to" in result.stdout
        assert len(items(inbox)) == 1
        assert web.asked.count("/a") == 1

    def test_if_all_links_fail_nothing_is_written(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        result = run("collect", web.url("a"), web.url("b"))
        assert (
            result.exit_code,
            result.stdout,
            len(result.stderr.splitlines()),
        ) == (
            1,
            "",
            2,
        )
        assert not inbox.parent.exists()


class TestAlreadyRan:
    @pytest.fixture
    def ran(self, weekly: Path, web: Web) -> Path:
        """The newsletter with an issue that ran a link, typed with its tracking parameters."""
        path = weekly / "issues" / "2020-10-02" / "issue.md"
        path.parent.mkdir()
        link = web.url("a?utm_source=newsletter")
        path.write_text(
            f"# Brief\ndate: 2020-10-02\n\n### Another headline\nlink: {link}\n\nText.\n",
            "utf-8",
        )
        return weekly

    def test_a_link_that_ran_is_left_out_with_the_issue_that_ran_it(
        self, ran: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        address = web.has("a", page(head=head_of(web)))
        result = run("collect", f"{address}?fbclid=abc")
        assert result.exit_code == 0
        assert (
            "left out: already in issue 2020-10-02; use --again to collect it anyway"
            in result.stdout
        )
        assert not inbox.exists()
        assert "/photo.jpg" not in web.asked
        assert (
            json.loads(run("collect", address, "--json").stdout)[0]["already"]
            == "2020-10-02"
        )

    def test_again_collects_what_already_ran(
        self, ran: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        assert (
            "1 item added to"
            in run("collect", web.has("a", page()), "--again").stdout
        )
        assert [item.heading for item in items(inbox)] == [HEADLINE]

    def test_nearly_the_same_headline_on_another_site_already_ran(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        run("collect", web.has("a", page()))
        before = tree(inbox.parent)
        result = run("collect", web.has("b", page(f"{HEADLINE.title()}!")))
        assert "left out: already in the inbox" in result.stdout
        assert tree(inbox.parent) == before

    def test_again_collects_what_is_in_the_inbox(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        address = web.has("a", page())
        run("collect", address)
        result = run("collect", address, "--again")
        assert result.exit_code == 0
        assert "1 item added to" in result.stdout
        assert len(items(inbox)) == 2

    def test_similar_headlines_of_different_news_are_both_collected(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        run(
            "collect",
            web.has("a", page("Ten arrested after a march in Far Valley")),
        )
        run(
            "collect",
            web.has("b", page("Ten released after a march in Harbour City")),
        )
        assert len(items(inbox)) == 2


class TestSections:
    def test_a_section_is_created_in_the_inbox_and_compose_uses_it(
        self, weekly: Path, inbox: Path, run: Run, web: Web
    ) -> None:
        text = (
            (weekly / "briefing.toml")
            .read_text("utf-8")
            .replace("sections = []", 'sections = ["News", "Appeals"]')
        )
        (weekly / "briefing.toml").write_text(text, "utf-8")
        run(
            "collect",
            web.has("a", page("A vote on water")),
            "--section",
            "Appeals",
        )
        run("collect", web.has("b", page("School opens late")))
        assert inbox.read_text("utf-8").index("School") < inbox.read_text(
            "utf-8"
        ).index("## Appeals\n\n### A vote")
        assert run("compose", "--date", "2020-10-09").exit_code == 0
        issue = store.load(
            weekly / "issues" / "2020-10-09" / "issue.md", "en"
        ).issue
        assert [
            (section.title, [item.heading for item in section.items])
            for section in issue.sections
        ] == [
            ("News", ["School opens late"]),
            ("Appeals", ["A vote on water"]),
        ]
        assert items(inbox) == []

    @pytest.fixture
    def sections(self, weekly: Path) -> None:
        """The newsletter has sections."""
        path = weekly / "briefing.toml"
        text = path.read_text("utf-8")
        named = 'sections = ["In the news", "Appeals"]'
        path.write_text(text.replace("sections = []", named), "utf-8")

    @pytest.mark.parametrize("typed", ["IN THE NEWS", "◎ In the news:"])
    def test_capitals_and_ornaments_do_not_matter(
        self,
        weekly: Path,
        inbox: Path,
        run: Run,
        sections: None,
        typed: str,
    ) -> None:
        name = saved(weekly, page())
        run("collect", ADDRESS, "--page", name, "--section", typed)
        assert "\n## In the news\n" in inbox.read_text("utf-8")

    @pytest.mark.parametrize(
        ("typed", "hint"),
        [
            ("Apeals", "did you mean 'Appeals'?"),
            ("Headlines", "did you mean 'In the news'?"),
            (
                "Events",
                "use 'In the news', 'Appeals', or add it to 'sections' under [issue] in briefing.toml",
            ),
        ],
    )
    def test_without_a_terminal_an_unknown_section_is_refused_and_the_near_one_named(
        self,
        weekly: Path,
        run: Run,
        sections: None,
        offline: None,
        typed: str,
        hint: str,
    ) -> None:
        result = run("collect", ADDRESS, "--section", typed)
        assert_one_line(result, f"there is no section '{typed}'; {hint}\n")

    @pytest.mark.parametrize(
        ("answers", "section"), [("\n", "Appeals"), ("n\ny\n", "Apeals")]
    )
    def test_in_a_terminal_an_unknown_section_is_asked_about(
        self,
        weekly: Path,
        inbox: Path,
        sections: None,
        answers: str,
        section: str,
    ) -> None:
        name = saved(weekly, page())
        collect = ["collect", ADDRESS, "--page", name, "--section", "Apeals"]
        said, code = in_terminal(weekly, collect, answers)
        assert code == 0, said
        assert "There is no section 'Apeals'. Use 'Appeals'? [Y/n]:" in said
        assert f"\n## {section}\n" in inbox.read_text("utf-8")

    def test_a_section_that_nobody_wants_is_not_made(
        self, weekly: Path, inbox: Path, sections: None
    ) -> None:
        collect = ["collect", ADDRESS, "--section", "Apeals"]
        said, code = in_terminal(weekly, collect, "n\nn\n")
        assert code == 130, said
        assert not inbox.exists()
