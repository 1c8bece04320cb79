"""Items join an issue: it gets what it lacks, what people wrote stays, and nothing from the inbox
is lost.
"""

import datetime as dt
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from briefing.errors import ChangedError, IssueError, RefusedError
from briefing.issue import compose, store
from briefing.issue.inbox import load_inbox
from briefing.issue.model import Item
from briefing.newsletter import Newsletter

DAY = "2020-10-09"
A, B, C = (
    Item(heading=heading, text=f"Text of {heading}.") for heading in "ABC"
)


def set_up(
    newsletter: Newsletter, *issue: str, languages: str = '["en"]'
) -> Newsletter:
    """Return the newsletter with other lines under [issue]."""
    path = newsletter.root / "briefing.toml"
    head = (
        path.read_text("utf-8")
        .partition("[issue]")[0]
        .replace('languages = ["en"]', f"languages = {languages}")
    )
    path.write_text(head + "\n".join(["[issue]", *issue, ""]), "utf-8")
    return Newsletter(newsletter.root)


def file(newsletter: Newsletter, name: str = DAY) -> Path:
    return newsletter.issues / name / "issue.md"


def write(
    newsletter: Newsletter, text: str, name: str = DAY, **photos: bytes
) -> Path:
    path = file(newsletter, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    for stem, data in photos.items():
        (path.parent / f"{stem}.jpg").write_bytes(data)
    return path


def headings(newsletter: Newsletter, name: str = DAY) -> list[list[str]]:
    issue = store.load(file(newsletter, name), "en").issue
    return [
        [item.heading for item in section.items] for section in issue.sections
    ]


def folder(newsletter: Newsletter, name: str = DAY) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (newsletter.issues / name).iterdir()
    }


class TestNewIssue:
    def test_it_begins_as_the_settings_say(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(
            newsletter,
            'title = "Brief of {date} ({date})"',
            'introduction = "welcome.\\n\\n# not a title"',
            'sections = ["In the news", "Statements"]',
        )
        made = compose.compose(newsletter, DAY, [A, B])
        assert (made.new, made.added, len(made.already)) == (True, (A, B), 0)
        assert made.edition.path.read_text("utf-8") == (
            "# Brief of 9 October 2020 (9 October 2020)\n"
            "date: 2020-10-09\n\n"
            "welcome.\n\n\\# not a title\n\n"
            "## In the news\n\n"
            "### A\n\nText of A.\n\n"
            "### B\n\nText of B.\n\n"
            "## Statements\n"
        )

    @pytest.mark.parametrize(
        ("language", "title"),
        [
            ("de", "Weekly Brief, 9. Oktober 2020"),
            ("tr", "Weekly Brief, 9 Ekim 2020"),
        ],
    )
    def test_its_date_is_written_in_the_newsletter_s_first_language(
        self, newsletter: Newsletter, language: str, title: str
    ) -> None:
        newsletter = set_up(newsletter, languages=f'["{language}", "en"]')
        assert (
            compose.compose(newsletter, DAY, [A]).edition.issue.title == title
        )

    def test_an_issue_with_a_slug_has_the_date_of_its_id(
        self, newsletter: Newsletter
    ) -> None:
        made = compose.compose(newsletter, f"{DAY}-appeal", [A])
        assert made.edition.issue.date == dt.date(2020, 10, 9)
        assert made.edition.path.parent.name == f"{DAY}-appeal"

    def test_it_has_no_sections_unless_the_settings_name_some(
        self, newsletter: Newsletter
    ) -> None:
        compose.compose(newsletter, DAY, [A, B])
        assert file(newsletter).read_text("utf-8") == (
            "# Weekly Brief, 9 October 2020\ndate: 2020-10-09\n\n### A\n\nText of A.\n\n### B\n\nText of B.\n"
        )

    def test_an_introduction_of_its_own_comes_before_that_in_the_settings(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(newsletter, 'introduction = "Every week the same."')
        own = compose.compose(
            newsletter, DAY, [A], introduction="Dear friends,"
        )
        other = compose.compose(newsletter, "2020-10-16", [A])
        introductions = [
            made.edition.issue.introduction for made in (own, other)
        ]
        assert introductions == ["Dear friends,", "Every week the same."]

    def test_it_may_have_no_items(self, newsletter: Newsletter) -> None:
        assert compose.compose(newsletter, DAY, []).new
        assert headings(newsletter) == []


class TestExistingIssue:
    def test_it_gets_only_what_it_lacks(self, newsletter: Newsletter) -> None:
        compose.compose(newsletter, DAY, [A])
        again = compose.compose(newsletter, DAY, [A, B, B])
        assert (again.new, again.added, len(again.already)) == (False, (B,), 2)
        assert headings(newsletter) == [["A", "B"]]

    def test_items_with_one_link_are_added_together_unless_nothing_differs(
        self, newsletter: Newsletter
    ) -> None:
        link = "https://example.org/a"
        first, second = replace(A, link=link), replace(B, link=link)
        again = replace(A, link=link, text="")
        made = compose.compose(newsletter, DAY, [first, second, again])
        assert (made.added, made.already) == ((first, second), (again,))
        assert not compose.compose(newsletter, DAY, [second, first]).added

    def test_a_second_time_nothing_changes(
        self, newsletter: Newsletter
    ) -> None:
        path = compose.compose(newsletter, DAY, [A, B]).edition.path
        before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
        again = compose.compose(newsletter, DAY, [B, A])
        assert again.added == ()
        assert (
            path.read_bytes(),
            path.stat().st_mtime_ns,
            path.stat().st_ino,
        ) == before

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    def test_what_people_wrote_stays_byte_for_byte(
        self, newsletter: Newsletter, newline: str
    ) -> None:
        text = (
            "#   Our  title\r\nDate: 2020-10-09\n\n\n\nHello  \n\n##\tNews\n\n"
        )
        text += "###A\n\n### A \nsource:x\n\nText of A, edited.\n"
        text = (
            text.replace("###A\n\n", "")
            .replace("\r\n", "\n")
            .replace("\n", newline)
        )
        path = write(newsletter, text)
        compose.compose(newsletter, DAY, [A, B])
        assert (
            path.read_bytes().decode()
            == text + "\n### B\n\nText of B.\n".replace("\n", newline)
        )

    def test_an_edit_at_the_same_moment_is_not_overwritten(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write(newsletter, "# Brief\n")
        load = store.load

        def load_and_be_overtaken(*args: Path | str) -> store.Edition:
            edition = load(*args)  # type: ignore[arg-type]  # passed on as they came
            path.write_text("# Edited\n")
            return edition

        monkeypatch.setattr(store, "load", load_and_be_overtaken)
        with pytest.raises(ChangedError, match="run the command again"):
            compose.compose(newsletter, DAY, [A])
        assert path.read_text() == "# Edited\n"

    def test_an_issue_with_a_mistake_is_not_changed(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "# Brief\nsubjct: a\n")
        with pytest.raises(IssueError, match="did you mean 'subject:'"):
            compose.compose(newsletter, DAY, [A])
        assert path.read_text() == "# Brief\nsubjct: a\n"

    def test_an_edition_named_by_the_first_language_is_the_issue(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "# Brief\n\n### A\n").rename(
            newsletter.issues / DAY / "issue.en.md"
        )
        made = compose.compose(newsletter, DAY, [A, B])
        assert (made.new, made.edition.path) == (False, path)
        assert list(folder(newsletter)) == ["issue.en.md"]


class TestUndatedItems:
    TODAY = "2020-10-16"

    def chosen(self, newsletter: Newsletter, *, agrees: bool = True) -> str:
        self.asked: list[str] = []

        def add_to(name: str) -> bool:
            self.asked.append(name)
            return agrees

        return compose.issue_for_undated(newsletter, self.TODAY, add_to)

    def test_they_go_into_the_newest_unsent_issue_if_that_is_wished(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "# Brief\n", "2020-10-02")
        write(newsletter, "# Brief\n")
        assert self.chosen(newsletter) == DAY
        assert self.chosen(newsletter, agrees=False) == self.TODAY
        assert self.asked == [DAY]

    def test_they_go_into_the_issue_of_today_if_there_is_one(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "# Brief\n", self.TODAY)
        write(newsletter, "# Appeal\n", f"{self.TODAY}-appeal")
        assert (self.chosen(newsletter), self.asked) == (self.TODAY, [])

    def test_they_begin_an_issue_where_none_is_unsent(
        self, newsletter: Newsletter
    ) -> None:
        assert (self.chosen(newsletter), self.asked) == (self.TODAY, [])


class TestSections:
    ISSUE = "# Brief\n\n## News\n\n### X\n\n## Statements\n\n### Y\n"

    @pytest.mark.parametrize(
        ("sections", "section", "expected"),
        [
            ("[]", None, [["X"], ["Y", "A"]]),
            ('["News", "Statements"]', None, [["X", "A"], ["Y"]]),
            ('["Gone", "Statements"]', None, [["X"], ["Y", "A"]]),
            ('[" News "]', None, [["X", "A"], ["Y"]]),
            ('["News"]', "Statements", [["X"], ["Y", "A"]]),
            ('["News"]', "Appeals", [["X"], ["Y"], ["A"]]),
        ],
    )
    def test_items_go_into_the_named_section_else_the_first_of_the_settings_that_exists(
        self,
        newsletter: Newsletter,
        sections: str,
        section: str | None,
        expected: list[list[str]],
    ) -> None:
        newsletter = set_up(newsletter, f"sections = {sections}")
        write(newsletter, self.ISSUE)
        compose.compose(newsletter, DAY, [A], section)
        assert headings(newsletter) == expected


INBOX = """\
# Inbox

### Older
date: 2020-10-05
image: old.jpg

Text of the older.

## Statements

### Undated

### Newer
date: 2020-10-07
image: new.jpg

Text of the newer."""


class TestInbox:
    def test_its_items_move_newest_first_into_their_sections_with_their_photos(
        self, newsletter: Newsletter
    ) -> None:
        write(
            newsletter, INBOX, "inbox", old=b"old", new=b"new", unused=b"unused"
        )
        made = compose.compose_inbox(newsletter, DAY)
        assert [item.heading for item in made.added] == [
            "Older",
            "Newer",
            "Undated",
        ]
        assert file(newsletter).read_text("utf-8") == (
            "# Weekly Brief, 9 October 2020\ndate: 2020-10-09\n\n"
            "### Older\ndate: 2020-10-05\nimage: old.jpg\n\nText of the older.\n\n"
            "## Statements\n\n"
            "### Newer\ndate: 2020-10-07\nimage: new.jpg\n\nText of the newer.\n\n"
            "### Undated\n"
        )
        assert sorted(folder(newsletter)) == ["issue.md", "new.jpg", "old.jpg"]
        assert sorted(folder(newsletter, "inbox")) == ["issue.md", "unused.jpg"]
        assert headings(newsletter, "inbox") == []

    def test_an_inbox_from_windows_makes_no_mixed_line_ends(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "# Brief\n\n### X\n\nText.\n")
        write(newsletter, INBOX.replace("\n", "\r\n"), "inbox")
        compose.compose_inbox(newsletter, DAY)
        assert b"\r" not in file(newsletter).read_bytes()

    def test_an_empty_inbox_is_refused_with_a_hint(
        self, newsletter: Newsletter
    ) -> None:
        for text in (None, "# Inbox\n", "# Inbox\n\n## Statements\n"):
            if text:
                write(newsletter, text, "inbox")
            with pytest.raises(
                RefusedError,
                match="the inbox is empty; fill it with 'briefing collect LINK'",
            ):
                compose.compose_inbox(newsletter, DAY)
            assert not file(newsletter).exists()

    def test_a_photo_never_replaces_another_with_the_same_name(
        self, newsletter: Newsletter
    ) -> None:
        write(
            newsletter,
            "# Brief\n\n### X\nimage: new.jpg\n",
            new=b"another",
            old=b"old",
        )
        write(newsletter, INBOX, "inbox", old=b"old", new=b"new")
        compose.compose_inbox(newsletter, DAY)
        photos = {
            name: data
            for name, data in folder(newsletter).items()
            if name.endswith("jpg")
        }
        assert photos == {
            "new.jpg": b"another",
            "new-2.jpg": b"new",
            "old.jpg": b"old",
        }
        images = {
            item.heading: item.image
            for item in store.load(file(newsletter), "en").issue.items
        }
        assert images == {
            "X": "new.jpg",
            "Newer": "new-2.jpg",
            "Older": "old.jpg",
            "Undated": "",
        }

    def test_two_items_may_share_a_photo(self, newsletter: Newsletter) -> None:
        write(
            newsletter,
            "# Inbox\n\n### A\nimage: p.jpg\n\n### B\nimage: p.jpg\n",
            "inbox",
            p=b"p",
        )
        compose.compose_inbox(newsletter, DAY)
        assert folder(newsletter)["p.jpg"] == b"p"
        assert list(folder(newsletter, "inbox")) == ["issue.md"]

    @pytest.mark.parametrize(("breaks_at", "known"), [(0, 0), (1, 3)])
    def test_a_crash_loses_nothing(
        self,
        newsletter: Newsletter,
        monkeypatch: pytest.MonkeyPatch,
        breaks_at: int,
        known: int,
    ) -> None:
        write(newsletter, "# Brief\n")
        write(newsletter, INBOX, "inbox", old=b"old", new=b"new")
        saved = 0
        save = store.save

        def save_or_break(*args: object) -> store.Edition:
            nonlocal saved
            if saved == breaks_at:
                raise KeyboardInterrupt
            saved += 1
            return save(*args)  # type: ignore[arg-type]  # passed on as they came

        with monkeypatch.context() as broken:
            broken.setattr(store, "save", save_or_break)
            with pytest.raises(KeyboardInterrupt):
                compose.compose_inbox(newsletter, DAY)
        assert file(newsletter, "inbox").read_text() == INBOX
        assert {"old.jpg", "new.jpg"} <= set(folder(newsletter, "inbox"))

        again = compose.compose_inbox(newsletter, DAY)
        assert len(again.already) == known
        assert headings(newsletter) == [["Older"], ["Newer", "Undated"]]
        assert sorted(folder(newsletter)) == ["issue.md", "new.jpg", "old.jpg"]
        assert list(folder(newsletter, "inbox")) == ["issue.md"]

    def test_a_missing_photo_keeps_its_name(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, "# Inbox\n\n### A\nimage: p.jpg\n", "inbox")
        compose.compose_inbox(newsletter, DAY)
        assert [
            item.image
            for item in store.load(file(newsletter), "en").issue.items
        ] == ["p.jpg"]

    @pytest.mark.parametrize(
        "name",
        [
            "../../subscribers.csv",
            "{root}/subscribers.csv",
            "../2020-10-02/p.jpg",
        ],
    )
    def test_a_path_out_of_the_inbox_copies_and_removes_nothing(
        self, newsletter: Newsletter, name: str
    ) -> None:
        write(newsletter, "# Older\n", "2020-10-02", p=b"p")
        name = name.format(root=newsletter.root)
        write(newsletter, f"# Inbox\n\n### A\nimage: {name}\n", "inbox")
        compose.compose_inbox(newsletter, DAY)
        assert newsletter.subscribers.exists()
        assert folder(newsletter, "2020-10-02")["p.jpg"] == b"p"
        assert list(folder(newsletter)) == ["issue.md"]

    def test_a_link_out_of_the_inbox_is_left_there(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "# Inbox\n\n### A\nimage: p.jpg\n", "inbox")
        (path.parent / "p.jpg").symlink_to(newsletter.subscribers)
        compose.compose_inbox(newsletter, DAY)
        assert (path.parent / "p.jpg").is_symlink()
        assert list(folder(newsletter)) == ["issue.md"]

    @pytest.mark.parametrize("name", ["issue.md", "issue.ug.md", "sub", "."])
    def test_only_photos_are_moved(
        self, newsletter: Newsletter, name: str
    ) -> None:
        path = write(newsletter, f"# Inbox\n\n### A\nimage: {name}\n", "inbox")
        (path.parent / "sub").mkdir()
        (path.parent / "issue.ug.md").write_text("# Inbox\n")
        made = compose.compose_inbox(newsletter, DAY)
        assert made.new
        assert headings(newsletter) == [["A"]]
        assert list(folder(newsletter)) == ["issue.md"]
        assert sorted(entry.name for entry in path.parent.iterdir()) == [
            "issue.md",
            "issue.ug.md",
            "sub",
        ]

    def test_a_link_to_itself_is_not_a_photo(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, "# Inbox\n\n### A\nimage: p.jpg\n", "inbox")
        (path.parent / "p.jpg").symlink_to("p.jpg")
        compose.compose_inbox(newsletter, DAY)
        assert headings(newsletter) == [["A"]]


class TestNothingIsLost:
    def test_the_same_item_with_another_photo_stays_in_the_inbox(
        self, newsletter: Newsletter
    ) -> None:
        text = "# {}\n\n### A\nimage: p.jpg\n\nText.\n"
        write(newsletter, text.format("Brief"), p=b"a photo")
        write(newsletter, text.format("Inbox"), "inbox", p=b"another photo")
        composed = compose.compose_inbox(newsletter, DAY)
        assert (composed.added, len(composed.already), composed.staying) == (
            (),
            1,
            1,
        )
        assert folder(newsletter, "inbox")["p.jpg"] == b"another photo"
        assert folder(newsletter)["p.jpg"] == b"a photo"

    def test_the_same_item_with_the_same_photo_leaves_the_inbox(
        self, newsletter: Newsletter
    ) -> None:
        write(
            newsletter,
            "# Brief\n\n### A\nimage: a.jpg\n\nText.\n",
            a=b"a photo",
        )
        write(
            newsletter,
            "# Inbox\n\n### A\nimage: p.jpg\n\nText.\n",
            "inbox",
            p=b"a photo",
        )
        composed = compose.compose_inbox(newsletter, DAY)
        assert (composed.added, len(composed.already), composed.staying) == (
            (),
            1,
            0,
        )
        assert list(folder(newsletter, "inbox")) == ["issue.md"]

    def test_what_the_issue_has_in_other_words_stays_in_the_inbox(
        self, newsletter: Newsletter
    ) -> None:
        first = "### Press release\nsource: One\n\nThe first text.\n"
        second = "### Press release\nsource: Two\n\nQuite another text.\n"
        same = "### Press release\nsource: One\n\nThe first text, in other words.\n"
        path = write(newsletter, f"# Brief\n\n{first}")
        inbox = write(newsletter, f"# Inbox\n\n{second}\n{same}", "inbox")
        composed = compose.compose_inbox(newsletter, DAY)
        assert path.read_text("utf-8") == f"# Brief\n\n{first}\n{second}"
        assert (len(composed.added), composed.staying) == (1, 1)
        assert inbox.read_text("utf-8") == f"# Inbox\n\n{same}"

    def test_commands_at_the_same_moment_take_turns(
        self, newsletter: Newsletter
    ) -> None:
        items = [
            Item(heading=f"Item {number}", text=f"Text {number}.")
            for number in range(8)
        ]
        with ThreadPoolExecutor(8) as pool:
            list(
                pool.map(
                    lambda item: compose.compose(newsletter, DAY, [item]), items
                )
            )
        found = store.load(newsletter.issues / DAY / "issue.md", "en").issue
        assert sorted(item.heading for item in found.items) == sorted(
            item.heading for item in items
        )

    def test_an_edit_right_before_the_write_is_not_overwritten(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write(newsletter, "# Title\n\n### A\n\nText of A.\n")
        flush = os.fsync

        def edit_meanwhile(descriptor: int) -> None:
            flush(descriptor)
            path.write_text("# Edited\n", "utf-8")

        monkeypatch.setattr(os, "fsync", edit_meanwhile)
        with pytest.raises(ChangedError):
            compose.compose(newsletter, DAY, [B])
        assert path.read_text("utf-8") == "# Edited\n"


class TestInboxSections:
    SETTINGS = 'sections = ["News", "Statements"]'
    WAITING = (
        "# Inbox\n\n### Loose\ndate: 2020-10-05\n\n"
        "## Statements\n\n### Old\n\n### New\ndate: 2020-10-07\n\n"
        "## Other\n\n### X\n"
    )

    def by_section(
        self, newsletter: Newsletter, name: str = DAY
    ) -> dict[str | None, list[str]]:
        issue = store.load(file(newsletter, name), "en").issue
        return {
            section.title: [item.heading for item in section.items]
            for section in issue.sections
        }

    def test_items_go_into_the_section_they_were_collected_for(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(newsletter, self.SETTINGS)
        write(newsletter, self.WAITING, "inbox")
        compose.compose_inbox(newsletter, DAY)
        assert self.by_section(newsletter) == {
            "News": ["Loose"],
            "Statements": ["New", "Old"],
            "Other": ["X"],
        }

    def test_a_named_section_takes_all_items(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(newsletter, self.SETTINGS)
        write(newsletter, self.WAITING, "inbox")
        compose.compose_inbox(newsletter, DAY, "Appeals")
        assert self.by_section(newsletter) == {
            "News": [],
            "Statements": [],
            "Appeals": ["New", "Loose", "Old", "X"],
        }

    def test_items_that_are_not_chosen_stay(
        self, newsletter: Newsletter
    ) -> None:
        write(newsletter, self.WAITING, "inbox")
        waiting = load_inbox(newsletter).issue
        made = compose.compose_inbox(
            newsletter,
            DAY,
            chosen=[item for item in waiting.items if item.heading == "Old"],
        )
        assert [item.heading for item in made.added] == ["Old"]
        assert self.by_section(newsletter, "inbox") == {
            None: ["Loose"],
            "Statements": ["New"],
            "Other": ["X"],
        }

    def test_photos_of_items_that_are_not_chosen_stay(
        self, newsletter: Newsletter
    ) -> None:
        text = "# Inbox\n\n### A\nimage: p.jpg\n\n### B\nimage: p.jpg\n\n### C\nimage: q.jpg\n"
        write(newsletter, text, "inbox", p=b"p", q=b"q")
        items = list(load_inbox(newsletter).issue.items)
        compose.compose_inbox(newsletter, DAY, chosen=items[:1])
        assert sorted(folder(newsletter, "inbox")) == [
            "issue.md",
            "p.jpg",
            "q.jpg",
        ]
        compose.compose_inbox(newsletter, DAY)
        assert sorted(folder(newsletter, "inbox")) == ["issue.md"]
        assert sorted(folder(newsletter)) == ["issue.md", "p.jpg", "q.jpg"]

    def test_choosing_nothing_changes_nothing(
        self, newsletter: Newsletter
    ) -> None:
        path = write(newsletter, self.WAITING, "inbox")
        with pytest.raises(
            RefusedError, match="nothing was chosen; the inbox is unchanged"
        ):
            compose.compose_inbox(newsletter, DAY, chosen=[])
        assert path.read_text("utf-8") == self.WAITING
        assert not file(newsletter).exists()

    def test_items_for_no_section_go_above_the_sections_of_the_inbox(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(newsletter, self.SETTINGS)
        compose.compose(newsletter, "inbox", [A], "Statements")
        compose.compose(newsletter, "inbox", [B])
        compose.compose(newsletter, "inbox", [C], "Statements")
        assert file(newsletter, "inbox").read_text("utf-8") == (
            "# Inbox\n\n### B\n\nText of B.\n\n## Statements\n\n### A\n\nText of A.\n\n### C\n\nText of C.\n"
        )

    def test_known_items_are_added_again_only_on_request(
        self, newsletter: Newsletter
    ) -> None:
        compose.compose(newsletter, "inbox", [A])
        compose.compose(newsletter, "inbox", [A])
        assert headings(newsletter, "inbox") == [["A"]]
        compose.compose(newsletter, "inbox", [A], again=True)
        assert headings(newsletter, "inbox") == [["A", "A"]]

    @pytest.mark.parametrize("there", [True, False])
    def test_a_crash_while_the_inbox_is_filled_leaves_no_trace(
        self,
        newsletter: Newsletter,
        monkeypatch: pytest.MonkeyPatch,
        there: bool,
    ) -> None:
        if there:
            compose.compose(newsletter, "inbox", [B])
        before = folder(newsletter, "inbox") if there else {}

        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(store, "create", stopped)
        monkeypatch.setattr(store, "save", stopped)
        for photos in ({}, {"a.jpg": b"a"}):
            with pytest.raises(KeyboardInterrupt):
                compose.compose(
                    newsletter,
                    "inbox",
                    [replace(A, image="a.jpg")],
                    photos=photos,
                )
        assert (newsletter.issues / "inbox").exists() == there
        assert not there or folder(newsletter, "inbox") == before


class TestBriefSections:
    SETTINGS = 'sections = ["In the news", "Statements and releases"]'

    def test_each_item_goes_into_the_section_for_its_title(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(newsletter, self.SETTINGS)
        made = compose.compose_titled(
            newsletter, DAY, [(A, "Velmar"), (B, "STATEMENTS"), (C, "")]
        )
        assert file(newsletter).read_text("utf-8").partition("\n\n")[2] == (
            "## In the news\n\n### C\n\nText of C.\n\n"
            "## Statements and releases\n\n### B\n\nText of B.\n\n"
            "## Velmar\n\n### A\n\nText of A.\n"
        )
        assert list(made.sections.items()) == [
            (C, "In the news"),
            (B, "Statements and releases"),
            (A, "Velmar"),
        ]
        assert made.new_sections == ("Velmar",)

    def test_without_configured_sections_those_of_the_brief_are_made(
        self, newsletter: Newsletter
    ) -> None:
        items = [(A, ""), (B, "World"), (C, "Velmar")]
        made = compose.compose_titled(newsletter, DAY, items)
        assert made.sections == {A: None, B: "World", C: "Velmar"}
        assert made.new_sections == ("World", "Velmar")

    def test_an_issue_that_exists_gets_what_it_lacks_and_nothing_is_moved(
        self, newsletter: Newsletter
    ) -> None:
        newsletter = set_up(newsletter, self.SETTINGS)
        text = "# Brief\n\n##  World \n\n### A\n\nText of A, edited.\n\n## Velmar\n"
        path = write(newsletter, text)
        made = compose.compose_titled(
            newsletter, DAY, [(A, "Velmar"), (B, "WORLD"), (C, "News")]
        )
        assert (made.added, len(made.already)) == ((B, C), 1)
        assert path.read_text("utf-8") == (
            "# Brief\n\n##  World \n\n### A\n\nText of A, edited.\n\n"
            "### B\n\nText of B.\n\n## Velmar\n\n## In the news\n\n### C\n\nText of C.\n"
        )
        assert made.new_sections == ("In the news",)

    def test_a_second_time_nothing_changes(
        self, newsletter: Newsletter
    ) -> None:
        items = [(A, "World"), (B, "Velmar"), (C, "")]
        compose.compose_titled(newsletter, DAY, items)
        before = file(newsletter).read_bytes()
        again = compose.compose_titled(newsletter, DAY, items)
        assert (again.added, len(again.already), again.new_sections) == (
            (),
            3,
            (),
        )
        assert file(newsletter).read_bytes() == before
