"""Issues are found by the names that people use, and no edit in the meantime is overwritten."""

import datetime as dt
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from briefing.errors import (
    BriefingError,
    ChangedError,
    IssueError,
    NotFoundError,
    RefusedError,
)
from briefing.issue import markdown, store
from briefing.issue.model import Issue, Item
from briefing.newsletter import Newsletter
from tests import examples
from tests.issue.strategies import issues

TEXT = "# Weekly Brief\ndate: 2020-10-09\n\n### A\n\nText.\n"


def write(
    newsletter: Newsletter, name: str, file: str = "issue.md", text: str = TEXT
) -> Path:
    path = newsletter.issues / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def speak(newsletter: Newsletter, *languages: str) -> Newsletter:
    """The newsletter with other languages."""
    path = newsletter.root / "briefing.toml"
    listed = ", ".join(f'"{code}"' for code in languages)
    path.write_text(
        path.read_text("utf-8").replace(
            'languages = ["en"]', f"languages = [{listed}]"
        ),
        "utf-8",
    )
    return Newsletter(newsletter.root)


class TestIds:
    def test_an_id_is_a_date_with_a_slug_for_a_second_issue_on_a_day(
        self,
    ) -> None:
        day = dt.date(2020, 10, 9)
        assert store.issue_id(day) == "2020-10-09"
        assert store.issue_id(day, "appeal-2") == "2020-10-09-appeal-2"

    @pytest.mark.parametrize(
        "slug",
        [
            "Appeal",
            "an appeal",
            "../x",
            "appeal-",
            "a--b",
            "ü",
            "a\n",
            "a.b",
            "a/b",
        ],
    )
    def test_a_slug_that_is_not_a_safe_folder_name_is_refused(
        self, slug: str
    ) -> None:
        with pytest.raises(
            RefusedError,
            match="can't be in the name of an issue's folder; use letters from a to z, digits",
        ):
            store.issue_id(dt.date(2020, 10, 9), slug)

    @pytest.mark.parametrize(
        ("name", "date"),
        [
            ("2020-10-09", dt.date(2020, 10, 9)),
            ("2020-10-09-appeal", dt.date(2020, 10, 9)),
            ("2020-02-31", None),
            ("2020-10-9", None),
            ("٢٠٢٠-١٠-٠٩", None),
            ("inbox", None),
            ("2020-10-09\n", None),
        ],
    )
    def test_an_id_begins_with_its_date(
        self, name: str, date: dt.date | None
    ) -> None:
        assert store.date_of(name) == date

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("2020-10-09", "--date 2020-10-09"),
            ("2020-10-09-new-appeal", "--date 2020-10-09 --slug new-appeal"),
        ],
    )
    def test_an_issue_is_composed_again_by_the_parts_of_its_id(
        self, name: str, options: str
    ) -> None:
        assert store.compose_options(name) == options

    def test_the_newest_comes_first_and_other_folders_are_ignored(
        self, newsletter: Newsletter
    ) -> None:
        for name in (
            "2019-12-31",
            "2020-10-09",
            "2020-10-09-appeal",
            "2020-10-10",
            "inbox",
            "2020-02-31",
            "drafts",
        ):
            write(newsletter, name)
        write(newsletter, "2021-01-01", "notes.md")
        write(newsletter, "2021-01-02", "issue.md~")
        write(newsletter, "2018-01-01", "issue.ug.md")
        (newsletter.issues / "2022-01-01").mkdir()
        (newsletter.issues / "2022-01-02").write_text("a file")
        assert store.ids(newsletter) == [
            "2020-10-10",
            "2020-10-09-appeal",
            "2020-10-09",
            "2019-12-31",
            "2018-01-01",
        ]

    def test_without_the_folder_there_are_no_issues(
        self, tmp_path: Path
    ) -> None:
        assert store.ids(Newsletter(tmp_path)) == []


class TestFinding:
    def test_an_issue_is_found_by_id_path_or_file_or_by_default(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        older, newest = (
            write(newsletter, name).parent
            for name in ("2020-10-02", "2020-10-09")
        )
        inbox = write(newsletter, "inbox").parent
        monkeypatch.chdir(newsletter.root)
        assert store.find(newsletter, None) == newest
        assert store.find(newsletter, "inbox") == inbox
        for reference in (
            "2020-10-02",
            "issues/2020-10-02",
            "issues/2020-10-02/issue.md",
            str(older),
            f"{older}/",
        ):
            assert store.find(newsletter, reference) == older
        monkeypatch.chdir(older)
        assert store.find(newsletter, ".") == older
        assert store.find(newsletter, "issue.md") == older
        (older / "photos").mkdir()
        monkeypatch.chdir(older / "photos")
        assert store.find(newsletter, "..").name == "2020-10-02"

    def test_an_issue_of_another_newsletter_is_refused(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        folder = tmp_path / "other" / "2020-10-09"
        folder.mkdir(parents=True)
        (folder / "issue.md").write_text("# Title\n", "utf-8")
        with pytest.raises(
            NotFoundError, match="isn't an issue of this newsletter"
        ):
            store.find(newsletter, str(folder))

    @pytest.mark.parametrize(
        "reference",
        [
            "2020-10-03",
            "inbox",
            "elsewhere",
            "issues/2020-10-03",
            "",
            "x" * 300,
            "a\0b",
            "notes/issue.md",
        ],
    )
    def test_a_missing_issue_is_reported_with_the_newest_ones(
        self, newsletter: Newsletter, reference: str
    ) -> None:
        for name in ("2020-10-01", "2020-10-02", "2020-10-08", "2020-10-09"):
            write(newsletter, name)
        with pytest.raises(NotFoundError) as caught:
            store.find(newsletter, reference)
        words = f"there is no issue '{reference}'; the newest: 2020-10-09, 2020-10-08, 2020-10-02"
        assert str(caught.value) == words

    def test_without_any_issue_the_command_to_make_one_is_named(
        self, newsletter: Newsletter
    ) -> None:
        with pytest.raises(
            NotFoundError,
            match="there is no issue yet; make one with 'briefing compose'",
        ):
            store.find(newsletter, None)
        with pytest.raises(
            NotFoundError,
            match=r"there is no issue '2020-10-09'; make one with 'briefing compose'",
        ):
            store.find(newsletter, "2020-10-09")

    def test_a_folder_without_an_issue_file_is_not_an_issue(
        self, newsletter: Newsletter
    ) -> None:
        (newsletter.issues / "2020-10-09").mkdir()
        with pytest.raises(NotFoundError):
            store.find(newsletter, "2020-10-09")


class TestEditions:
    def test_the_newsletter_s_first_language_comes_first(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = speak(newsletter, "en", "zh-Hans", "ug")
        for file in (
            "issue.ug.md",
            "issue.zh-Hans.md",
            "issue.md",
            "notes.md",
            "issue.md~",
            ".issue.md.ab12.tmp",
        ):
            write(newsletter, "2020-10-09", file)
        found = store.editions(newsletter, newsletter.issues / "2020-10-09")
        assert [
            (edition.lang, edition.path.name, edition.id) for edition in found
        ] == [
            ("en", "issue.md", "2020-10-09"),
            ("zh-Hans", "issue.zh-Hans.md", "2020-10-09"),
            ("ug", "issue.ug.md", "2020-10-09"),
        ]

    def test_a_language_that_the_newsletter_does_not_have_is_refused(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "2020-10-09", "issue.fr.md")
        with pytest.raises(
            IssueError,
            match=r"issue\.fr\.md: 'fr' isn't a language of the newsletter; add it",
        ) as caught:
            store.editions(newsletter, path.parent)
        assert caught.value.path == path

    def test_two_editions_in_one_language_are_refused(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-09")
        write(newsletter, "2020-10-09", "issue.en.md")
        with pytest.raises(
            IssueError,
            match=r"already an edition in 'en', issue\.en\.md; keep one",
        ):
            store.editions(newsletter, newsletter.issues / "2020-10-09")

    def test_its_date_is_its_own_or_that_of_its_folder(
        self, newsletter: Newsletter
    ) -> None:
        own = store.load(write(newsletter, "2020-10-02-appeal"), "en")
        folder_s = store.load(
            write(newsletter, "2020-10-02", text="# Weekly Brief\n"), "en"
        )
        assert (own.date, folder_s.date) == (
            dt.date(2020, 10, 9),
            dt.date(2020, 10, 2),
        )
        assert (
            store.load(write(newsletter, "inbox", text="# Inbox\n"), "en").date
            is None
        )


class TestChosenEdition:
    def test_without_a_language_it_is_the_first_that_was_written(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = speak(newsletter, "en", "zh-Hans", "ug")
        folder = newsletter.issues / "2020-10-09"
        write(newsletter, "2020-10-09", "issue.ug.md")
        assert store.chosen_edition(newsletter, folder, None).lang == "ug"
        write(newsletter, "2020-10-09", "issue.zh-Hans.md")
        assert store.chosen_edition(newsletter, folder, None).lang == "zh-Hans"
        assert store.chosen_edition(newsletter, folder, "ug").lang == "ug"

    def test_mistakes_in_other_editions_do_not_matter(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = speak(newsletter, "en", "ug")
        folder = write(newsletter, "2020-10-09").parent
        write(newsletter, "2020-10-09", "issue.ug.md", text="no title\n")
        assert store.chosen_edition(newsletter, folder, None).lang == "en"
        with pytest.raises(IssueError):
            store.chosen_edition(newsletter, folder, "ug")

    def test_one_that_is_missing_is_refused_with_those_there_are(
        self, newsletter: Newsletter
    ) -> None:
        folder = write(newsletter, "2020-10-09").parent
        with pytest.raises(
            NotFoundError, match=r"no edition in 'ug'; it has en$"
        ):
            store.chosen_edition(newsletter, folder, "ug")


class TestFirstEdition:
    """The edition in the newsletter's first language: issue.md, or a file named after that
    language.
    """

    def test_it_is_issue_md_whatever_the_first_language_is(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = speak(newsletter, "ug", "en")
        write(newsletter, "2020-10-09", "issue.en.md")
        path = write(newsletter, "2020-10-09")
        edition = store.first_edition(newsletter, "2020-10-09")
        assert (edition.path, edition.lang) == (path, "ug")

    def test_a_file_named_after_the_first_language_is_the_first_edition(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "2020-10-09", "issue.en.md")
        edition = store.first_edition(newsletter, "2020-10-09")
        assert (edition.path, edition.lang) == (path, "en")

    def test_issue_md_wins_where_both_exist(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "2020-10-09", "issue.en.md")
        path = write(newsletter, "2020-10-09")
        assert store.first_edition_path(newsletter, "2020-10-09") == path

    def test_a_new_one_is_written_to_issue_md(
        self, newsletter: Newsletter
    ) -> None:
        expected = newsletter.issues / "2020-10-09" / "issue.md"
        assert store.first_edition_path(newsletter, "2020-10-09") == expected
        with pytest.raises(NotFoundError, match="there is no such file"):
            store.first_edition(newsletter, "2020-10-09")

    def test_other_editions_are_named_after_their_language(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = speak(newsletter, "en", "ug")
        write(newsletter, "2020-10-09", "issue.en.md")
        names = {
            lang: store.edition_path(newsletter, "2020-10-09", lang).name
            for lang in ("en", "ug")
        }
        assert names == {"en": "issue.en.md", "ug": "issue.ug.md"}


class TestLoading:
    def test_an_edition_contains_what_its_file_says(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "2020-10-09")
        assert store.load(path, "en").issue == markdown.read(TEXT, path)

    @pytest.mark.parametrize(
        ("data", "line"),
        [
            (TEXT.replace("Text", "Zürich").encode("cp1252"), 6),
            (b"\xff\xfe#\0 \0", 1),
            (b"# A\n\nx\n\xc3", 4),
        ],
    )
    def test_a_file_that_is_not_utf_8_is_named_with_its_line(
        self, newsletter: Newsletter, data: bytes, line: int
    ) -> None:
        path = write(newsletter, "2020-10-09")
        path.write_bytes(data)
        with pytest.raises(
            IssueError, match="is not UTF-8; save it again as UTF-8 text"
        ) as caught:
            store.load(path, "en")
        assert (caught.value.line, caught.value.path) == (line, path)

    def test_a_missing_or_unreadable_file_is_named(
        self, newsletter: Newsletter
    ) -> None:
        with pytest.raises(NotFoundError, match="there is no such file"):
            store.load(newsletter.issues / "2020-10-09" / "issue.md", "en")
        (newsletter.issues / "issue.md").mkdir()
        with pytest.raises(IssueError, match="can't be read"):
            store.load(newsletter.issues / "issue.md", "en")


class TestSaving:
    @given(issues())
    @settings(
        max_examples=examples(3),
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_what_is_saved_is_loaded_again(
        self, tmp_path_factory: pytest.TempPathFactory, issue: Issue
    ) -> None:
        path = tmp_path_factory.mktemp("issues") / "2020-10-09" / "issue.md"
        made = store.create(path, issue, "en")
        assert store.load(path, "en") == made
        assert store.save(made, issue) == made

    def test_a_change_is_written_and_can_be_followed_by_another(
        self, newsletter: Newsletter
    ) -> None:
        edition = store.load(write(newsletter, "2020-10-09"), "en")
        for heading in ("B", "C"):
            edition = store.save(
                edition, edition.issue.with_items([Item(heading=heading)])
            )
        assert [
            item.heading for item in store.load(edition.path, "en").issue.items
        ] == ["A", "B", "C"]
        assert [path.name for path in edition.path.parent.iterdir()] == [
            "issue.md"
        ]

    @pytest.mark.parametrize(
        "after", [TEXT + "\nedited\n", TEXT.replace("\n", "\r\n"), "", None]
    )
    def test_an_edit_in_the_meantime_is_not_overwritten(
        self, newsletter: Newsletter, after: str | None
    ) -> None:
        path = write(newsletter, "2020-10-09")
        edition = store.load(path, "en")
        path.unlink() if after is None else path.write_bytes(after.encode())
        with pytest.raises(
            ChangedError,
            match="was changed in the meantime, so nothing was written; run",
        ):
            store.save(edition, replace(edition.issue, title="Other"))
        assert (path.read_bytes().decode() if path.exists() else None) == after

    def test_a_new_edition_never_replaces_an_existing_file(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "2020-10-09")
        with pytest.raises(
            ChangedError,
            match=r"was created in the meantime, so nothing was written",
        ):
            store.create(path, Issue(title="Other"), "en")
        assert path.read_text("utf-8") == TEXT

    def test_it_is_readable_to_those_who_work_together(
        self, newsletter: Newsletter
    ) -> None:
        made = store.create(
            newsletter.issues / "2020-10-09" / "issue.md",
            Issue(title="A"),
            "en",
        )
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o644

    def test_a_folder_that_cannot_be_made_is_one_line(
        self, newsletter: Newsletter
    ) -> None:
        (newsletter.issues / "2020-10-09").write_text("a file")
        with pytest.raises((BriefingError, OSError)):
            store.create(
                newsletter.issues / "2020-10-09" / "issue.md",
                Issue(title="A"),
                "en",
            )
