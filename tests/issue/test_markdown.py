"""The issue file: what each line means, what is refused and how, and that nothing is lost either
way.
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.errors import IssueError
from briefing.issue import headings, markdown
from briefing.issue.model import Issue, Item, Kind, Section
from tests.issue.strategies import issues, items, values

PATH = Path("issues/2020-10-09/issue.md")


def read(text: str) -> Issue:
    return markdown.read(text, PATH)


def only_item(text: str) -> Item:
    (item,) = read(f"# Brief\n\n{text}").items
    return item


WHOLE = """\
# Weekly Brief, 9 October 2020
date: 2020-10-09
subject: What happened
preheader: Three things
corrects: 2020-10-02

Dear readers,

welcome.

### Before any section

Text.

## In the news

### A court ruling: “first of its kind” #
kind: press-release
source: Example Watch
date: 2020-10-08
link: https://example.org/a
image: court.jpg
alt: A court
photo: Example Pictures
contact: Jo Doe, +1 555 0100
lang: de

A *text* of

two paragraphs.

## Statements
"""


class TestReading:
    def test_every_part_of_an_issue_is_found(self) -> None:
        assert read(WHOLE) == Issue(
            title="Weekly Brief, 9 October 2020",
            date=dt.date(2020, 10, 9),
            subject="What happened",
            preheader="Three things",
            corrects="2020-10-02",
            introduction="Dear readers,\n\nwelcome.",
            sections=(
                Section(
                    items=(Item(heading="Before any section", text="Text."),)
                ),
                Section(
                    title="In the news",
                    items=(
                        Item(
                            heading="A court ruling: “first of its kind” #",
                            kind=Kind.PRESS_RELEASE,
                            source="Example Watch",
                            date=dt.date(2020, 10, 8),
                            link="https://example.org/a",
                            image="court.jpg",
                            alt="A court",
                            photo="Example Pictures",
                            contact="Jo Doe, +1 555 0100",
                            lang="de",
                            text="A *text* of\n\ntwo paragraphs.",
                        ),
                    ),
                ),
                Section(title="Statements"),
            ),
        )

    @pytest.mark.parametrize(
        ("line", "heading"),
        [
            ("### A #", "A #"),
            ("###\tTabbed", "Tabbed"),
            ("###", ""),
            ("###   ", ""),
            ("###  two  spaces  ", "two  spaces"),
            (r"### *literal* \ :", r"*literal* \ :"),
            ("### a\u2028b\x85c", "a\u2028b\x85c"),
        ],
    )
    def test_a_heading_is_literal_to_the_end_of_its_line(
        self, line: str, heading: str
    ) -> None:
        assert only_item(f"{line}\n").heading == heading

    def test_a_blank_line_below_a_heading_means_that_it_has_no_header_lines(
        self,
    ) -> None:
        assert (
            only_item("### A\n\nNote: this is text\n").text
            == "Note: this is text"
        )

    def test_windows_line_ends_and_a_byte_order_mark_are_read(self) -> None:
        assert read("\ufeff" + WHOLE.replace("\n", "\r\n")) == read(WHOLE)

    def test_a_header_line_without_a_value_is_ignored(self) -> None:
        assert only_item("### A\ndate:\nlink:\nkind:\n") == Item(heading="A")

    def test_the_case_of_a_header_name_and_of_a_kind_does_not_matter(
        self,
    ) -> None:
        assert only_item("### A\nSource: BBC\nKIND: Press-Release\n") == Item(
            heading="A", source="BBC", kind=Kind.PRESS_RELEASE
        )

    def test_spaces_around_a_header_line_s_colon_and_value_are_dropped(
        self,
    ) -> None:
        assert (
            only_item("### A\nsource \t: \t BBC: One \t\n").source == "BBC: One"
        )

    def test_a_line_of_spaces_is_blank(self) -> None:
        item = only_item("### A\nsource: BBC\n \t\nNote: text\n \n")
        assert (item.source, item.text) == ("BBC", "Note: text")

    def test_items_before_the_first_section_belong_to_none(self) -> None:
        issue = read("# Brief\n\n### A\n\n### B\n\n## S\n\n### C\n\n### D\n")
        assert [
            (section.title, [item.heading for item in section.items])
            for section in issue.sections
        ] == [
            (None, ["A", "B"]),
            ("S", ["C", "D"]),
        ]

    def test_blank_lines_before_the_title_are_fine(self) -> None:
        assert read("\n \t\n# Brief\n").title == "Brief"
        assert read("\ufeff\n# Brief\n").title == "Brief"

    @pytest.mark.parametrize("line", ["#### A", "#A", " # A"])
    def test_other_marks_begin_no_part(self, line: str) -> None:
        with pytest.raises(IssueError):
            read(f"{line}\n")

    @pytest.mark.parametrize("character", ["\u2028", "\x85", "\x0b", "\x0c"])
    def test_only_line_feeds_end_a_line(self, character: str) -> None:
        assert only_item(
            f"### A\nsource: a{character}b\n\nc{character}d\n"
        ) == Item(heading="A", source=f"a{character}b", text=f"c{character}d")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begins with its title"),
        ("\n\ntext first\n# Title\n", 3, "begins with its title"),
        ("## Section\n", 1, "begins with its title"),
        ("# A\n\n# B\n", 3, "a second title"),
        ("# A\n\n### B\nsorce: BBC\n", 4, "did you mean 'source:'?"),
        ("# A\n\n### B\nxyzzy: BBC\n", 4, "use one of kind, source"),
        (
            "# A\n\n### B\nText at once\n",
            4,
            "there is text directly below a heading; put a blank line between them",
        ),
        (
            "# A\n\n### B\n source: BBC\n",
            4,
            "there is a space before 'source:'; begin header lines at the start",
        ),
        ("# A\n\n### B\n sorce: BBC\n", 4, "text directly below a heading"),
        (
            "# A\n\n### B\nSource  BBC\n",
            4,
            "a header line has a colon: 'Source: BBC'; if it is text, put",
        ),
        ("# A\n\n### B\nsource\n", 4, "text directly below a heading"),
        (
            "# A\n\n### B\nsource: BBC\nlink: x\nsorce: BBC\n",
            6,
            "no header line 'sorce:'",
        ),
        (
            "\n# A\n\n### B\nKIND: news\n",
            5,
            "there is no kind 'news'; use one of article, press-release, statement",
        ),
        (
            "# A\n\n### B\nlink: x\ndate: 8 October\n",
            5,
            "'8 October' isn't a date",
        ),
        ("# A\n\n### B\nsource: a\nsource: b\n", 5, "a second 'source:'"),
        (
            "# A\n\n### B\ndate: 8 October\n",
            4,
            "write dates as year-month-day, such as 2026-11-25",
        ),
        (
            "# A\n\n### B\ndate: 2020-02-31\n",
            4,
            "write dates as year-month-day, such as 2026-11-25",
        ),
        (
            "# A\n\n### B\ndate: ٢٠٢٠-١٠-٠٩\n",
            4,
            "write dates as year-month-day, such as 2026-11-25",
        ),
        (
            "# A\n\n### B\nkind: pres-release\n",
            4,
            "did you mean 'press-release'?",
        ),
        ("# A\n\n## S\n\nloose\n", 5, "belongs to no item"),
        (
            "# A\n\n## S\nkind: brief\n",
            4,
            "belongs to no item; if the title is an item's headline, write ### before it: '### S'",
        ),
        (
            "# A\n\n## S\n###B\nkind: brief\n",
            4,
            "there is no space after ###; write '### B'",
        ),
        (
            "# A\n\n### B\n\t### C\nlink: x\n",
            4,
            "there is a space or tab before ###",
        ),
        (
            "# A\n\n### B\nof C\nlink: x\n",
            4,
            "if it continues the line above, join",
        ),
        (
            "# A\n\n### B\nlink: x\ny\n",
            5,
            "if it continues the line above, join",
        ),
        ("# A\n\n### B\nsource：BBC\n", 4, "write 'source: BBC'"),
        ("#A\n", 1, "with # at the start of the line and then a space"),
        (
            "\t# A\n\n### B\n",
            1,
            "with # at the start of the line and then a space",
        ),
        (
            "＃ A\n\n### B\n",
            1,
            "with # at the start of the line and then a space",
        ),
        (
            "# A\n\n### B\n\none\n---\n",
            6,
            "because --- underlines the line above",
        ),
        ("# A\n\n### B\n\n#### deep\n", 5, "a heading inside the text"),
        (
            "# A\n\n### B\n\n  ### indented\n",
            5,
            "a heading inside the text: there is a space or tab before ###; write '### indented' at the start",
        ),
        (
            "# A\n\n### B\n\none\n\n> ## quoted\n",
            7,
            "a heading inside the text",
        ),
        ("# A\n\n### B\n\none\ntwo\n---\n", 7, "a heading inside the text"),
        (
            "# A\n\n### B\nsource: BBC\nlink: x\n\n#### deep\n",
            7,
            "a heading inside the text",
        ),
        ("# A\nsubject: B\n\n#### deep\n", 4, "a heading inside the text"),
        (
            "# A\n\n#### deep\n",
            3,
            "a heading inside the text; write ### before an item's headline, or a backslash",
        ),
        (
            "# A\n\n### B\n\none\n===\n",
            6,
            "because === underlines the line above",
        ),
        (
            "# A\n\n### B\n\n#### a = b\n",
            5,
            "a heading inside the text; write ### before an item's headline",
        ),
        ("# A\n\n### B\n\none\rtwo\n", 5, "a carriage return"),
        ("# A\n\n### B\n\none\0two\n", 5, "a NUL"),
        ("\n\0", 2, "a NUL"),
        ("# A\nkind: brief\n", 2, "there is no header line 'kind:'"),
    ],
)
def test_a_mistake_is_reported_with_file_line_and_remedy(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(IssueError) as caught:
        read(text)
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{PATH}, line {line}: ")
    assert "\n" not in str(caught.value)


def test_the_first_of_several_mistakes_is_reported_with_their_number() -> None:
    text = "# A\n\n### B\ndate: 8 October\n"
    with pytest.raises(IssueError, match=r"line 4: ") as single:
        read(text)
    assert "more" not in str(single.value)
    with pytest.raises(IssueError, match=r"line 4: ") as several:
        read(f"{text}sorce: BBC\n\n#### text\n")
    assert str(several.value) == (
        f"{single.value} (2 more: 'briefing check' lists them)"
    )


class TestDrafts:
    """What is read of a file with mistakes."""

    def test_the_first_of_two_titles_counts(self) -> None:
        issue, mistakes = markdown.read_draft("# A\n\n# B\n", PATH)
        assert (issue.title, len(mistakes)) == ("A", 1)

    def test_mistakes_are_in_the_order_of_their_lines(self) -> None:
        text = "# A\n\n### B\ndate: 8 October\nsorce: BBC\n\n#### text\n"
        _, mistakes = markdown.read_draft(text, PATH)
        assert [mistake.line for mistake in mistakes] == [4, 5, 7]

    def test_loose_lines_below_a_section_are_one_mistake(self) -> None:
        text = "# A\n\n## S\n\nloose\nlines\n\nand more\n"
        _, mistakes = markdown.read_draft(text, PATH)
        assert [mistake.line for mistake in mistakes] == [5]


class TestRoundTrip:
    @given(issues())
    def test_every_issue_is_read_back_as_it_was_written(
        self, issue: Issue
    ) -> None:
        assert read(markdown.write(issue)) == issue

    @given(issues(), st.booleans())
    def test_a_file_that_was_not_changed_is_written_back_byte_for_byte(
        self, issue: Issue, windows: bool
    ) -> None:
        text = markdown.write(issue)
        if windows:
            text = text.replace("\n", "\r\n")
        assert markdown.write(read(text)) == text

    @given(issues(), items())
    def test_what_a_person_wrote_stays_byte_for_byte_when_an_item_is_added(
        self, issue: Issue, item: Item
    ) -> None:
        text = markdown.write(issue).rstrip("\n")
        changed = read(text).with_items([item])
        written = markdown.write(changed)
        assert written.startswith(text)
        assert read(written) == changed

    @given(issues(), values)
    def test_an_item_that_was_changed_does_not_touch_its_neighbours(
        self, issue: Issue, source: str
    ) -> None:
        # As untidy as people leave it.
        text = markdown.write(issue).replace("\n\n", "\n \n\n")
        before = read(text)
        assume(before.sections and before.sections[-1].items)
        last = before.sections[-1]
        changed = replace(last.items[-1], source=source)
        assume(changed != last.items[-1])
        sections = (
            *before.sections[:-1],
            replace(last, items=(*last.items[:-1], changed)),
        )
        after = markdown.write(replace(before, sections=sections))
        assert last.items[-1].origin is not None
        untouched = text.removesuffix(last.items[-1].origin.raw)
        assert after.startswith(untouched)
        assert list(read(after).items)[-1] == changed

    def test_the_whole_format_is_written_as_people_write_it(self) -> None:
        issue = read(WHOLE)
        parts = [
            replace(
                section,
                items=tuple(replace(i, origin=None) for i in section.items),
                origin=None,
            )
            for section in issue.sections
        ]
        assert (
            markdown.write(replace(issue, sections=tuple(parts), origin=None))
            == WHOLE
        )


class TestWriting:
    NEW = Item(heading="New", text="Text.")

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("# Brief", "# Brief\n\n### New\n\nText.\n"),
            ("# Brief\n", "# Brief\n\n### New\n\nText.\n"),
            ("# Brief\n\n", "# Brief\n\n### New\n\nText.\n"),
            ("# Brief\n\n\n", "# Brief\n\n\n### New\n\nText.\n"),
            ("# Brief\n \n", "# Brief\n \n\n### New\n\nText.\n"),
            ("# Brief\r\n", "# Brief\r\n\r\n### New\r\n\r\nText.\r\n"),
            ("# Brief\r\n\r\n", "# Brief\r\n\r\n### New\r\n\r\nText.\r\n"),
            (
                "# Brief\n\n### A\n\nend",
                "# Brief\n\n### A\n\nend\n\n### New\n\nText.\n",
            ),
        ],
    )
    def test_a_new_item_follows_a_blank_line(
        self, before: str, after: str
    ) -> None:
        assert markdown.write(read(before).with_items([self.NEW])) == after

    def test_a_blank_line_follows_a_new_item(self) -> None:
        issue = read("# Brief\n\n## S\n\n## T\n### A\n## U\n")
        assert markdown.write(issue.with_items([self.NEW], section="S")) == (
            "# Brief\n\n## S\n\n### New\n\nText.\n\n## T\n### A\n## U\n"
        )

    def test_a_new_item_follows_another_new_one(self) -> None:
        issue = read("# Brief\n").with_items([self.NEW, Item(heading="Last")])
        assert (
            markdown.write(issue) == "# Brief\n\n### New\n\nText.\n\n### Last\n"
        )

    def test_only_a_changed_part_is_rewritten(self) -> None:
        issue = read(
            "#  Brief\nDate:2020-10-09\n\n##  S\n###  A\nsource:x\n### B\nsource:y\n"
        )
        (section,) = issue.sections
        first, second = section.items
        changed = replace(section, items=(replace(first, source="z"), second))
        assert markdown.write(replace(issue, sections=(changed,))) == (
            "#  Brief\nDate:2020-10-09\n\n##  S\n\n### A\nsource: z\n\n### B\nsource:y\n"
        )

    def test_a_changed_title_does_not_touch_what_is_below(self) -> None:
        issue = read("# Brief\n\n##  S\n###  A\n")
        (section,) = issue.sections
        renamed = replace(
            issue, title="News", sections=(replace(section, title="T"),)
        )
        assert markdown.write(renamed) == "# News\n\n## T\n\n###  A\n"

    def test_an_empty_headline_leaves_no_space_behind_its_mark(self) -> None:
        assert (
            markdown.write(Issue(sections=(Section(items=(Item(),)),)))
            == "#\n\n###\n"
        )

    def test_an_article_needs_no_kind(self) -> None:
        lines = markdown.write(
            Issue(sections=(Section(items=(Item(), Item(kind=Kind.APPEAL))),))
        ).split("\n")
        assert [line for line in lines if line.startswith("kind:")] == [
            "kind: appeal"
        ]


class TestSplittingHeadings:
    @pytest.mark.parametrize(
        ("line", "heading"),
        [
            ("# A", (1, "A")),
            ("## A", (2, "A")),
            ("### A", (3, "A")),
            ("#\tA \t", (1, "A")),
            ("# A #", (1, "A #")),
            ("###", (3, "")),
            ("# ", (1, "")),
            ("# # A", (1, "# A")),
            ("#### A", None),
            ("####", None),
            ("#A", None),
            ("#\u00a0A", None),
            (" # A", None),
            ("A # B", None),
            ("", None),
        ],
    )
    def test_a_heading_is_one_to_three_marks_and_a_space(
        self, line: str, heading: tuple[int, str] | None
    ) -> None:
        assert headings.split_heading(line) == heading


class TestFindingHeadings:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a\n\n# b\n\n## c", 2),
            ("a\n---\n\n# b", 1),
            ("a\nb\n===", 2),
            ("> a\n> b\n> ---", 2),
            ("- a\n\n  b\n  -", 3),
            ("1) a\n   ==", 1),
            ("```\n# a\n```\n\n###### b", 4),
            ("```\n# a\n```", None),
            ("<div>\n# a\n</div>", 1),  # there is no raw HTML in our texts
            ("    # a", None),
            ("a # b", None),
            ("a\n\n---", None),
            ("", None),
        ],
    )
    def test_the_line_with_the_mark_of_the_first_one(
        self, text: str, line: int | None
    ) -> None:
        assert next(headings.find_headings(text), None) == line


class TestEscapingHeadings:
    @pytest.mark.parametrize(
        ("text", "escaped"),
        [
            ("### so", r"\### so"),
            ("#", r"\#"),
            ("  ###### so", r"  \###### so"),
            ("> # so", r"> \# so"),
            ("- # so", r"- \# so"),
            ("a\n---", "a\n\\---"),
            ("a\n  ===", "a\n  \\==="),
            ("#hashtag", "#hashtag"),
            (
                "```\n# so\n```",
                "```\n\\# so\n```",
            ),  # code for Markdown, a heading for the file
            ("---\n\na", "---\n\na"),
            ("a\n---\n---", "a\n\\---\n\\---"),
            # In the quote a rule follows, once the heading above it is none.
            ("> #### so\n> a\n---", "> \\#### so\n> a\n---"),
        ],
    )
    def test_only_the_mark_of_a_heading_is_escaped(
        self, text: str, escaped: str
    ) -> None:
        assert headings.escape_headings(text) == escaped

    def test_of_many_headings_each_is_escaped(self) -> None:
        text = "#### so\n\nSo.\n---\n\n" * 2000
        escaped = "\\#### so\n\nSo.\n\\---\n\n" * 2000
        assert headings.escape_headings(text) == escaped

    @given(
        st.lists(
            st.one_of(values, st.text("#=-> \t*+1.ab\n", max_size=12)),
            max_size=8,
        ).map("\n".join)
    )
    def test_nothing_is_left_that_a_markdown_reader_takes_for_a_heading(
        self, text: str
    ) -> None:
        escaped = headings.escape_headings(Item(text=text).text)
        assert not list(headings.find_headings(escaped))
        assert not [
            token
            for token in MarkdownIt("commonmark").parse(escaped)
            if token.type == "heading_open"
        ]
        assert not [
            line for line in escaped.split("\n") if headings.split_heading(line)
        ]


class TestPlaces:
    def test_a_part_knows_its_line_in_the_file(self) -> None:
        issue = read(WHOLE)
        first, second = issue.items
        assert [
            markdown.line_of(part)
            for part in (issue, first, issue.sections[1], second)
        ] == [
            1,
            11,
            15,
            17,
        ]

    def test_a_header_line_is_found_by_its_name(self) -> None:
        *_, item = read(WHOLE).items
        assert markdown.line_of(item, "link") == 21
        assert markdown.line_of(replace(item, origin=None), "link") is None

    def test_a_missing_header_line_is_found_at_the_heading(self) -> None:
        issue = read("# Brief\n\n### A\nSource: x\nLINK: y\n\nalt: text\n")
        (item,) = issue.items
        lines = [
            markdown.line_of(item, name)
            for name in ("", "source", "link", "alt", "photo")
        ]
        assert lines == [3, 4, 5, 3, 3]

    def test_blank_lines_before_the_title_count(self) -> None:
        issue = read("\n\n# Brief\ndate: 2020-10-09\n\n### A\n")
        assert [markdown.line_of(issue), markdown.line_of(issue, "date")] == [
            3,
            4,
        ]
        assert [markdown.line_of(item) for item in issue.items] == [6]

    @pytest.mark.parametrize(
        ("below", "lines"),
        [
            (
                "source: x\n\n\nText\n\nand more\n \n",
                [(6, "Text"), (7, ""), (8, "and more"), (9, " ")],
            ),
            ("\nText: one\nTwo", [(4, "Text: one"), (5, "Two")]),
            ("source: x\n", []),
            ("", []),
        ],
    )
    def test_the_lines_of_a_text_are_numbered(
        self, below: str, lines: list[tuple[int, str]]
    ) -> None:
        (item,) = read(f"# Brief\n### A\n{below}").items
        assert list(markdown.text_lines(item)) == lines
        assert list(markdown.text_lines(replace(item, origin=None))) == []

    def test_the_lines_of_an_introduction_are_numbered(self) -> None:
        issue = read("# Brief\ndate: 2020-10-09\n\nWelcome.\n\n### A\n")
        assert list(markdown.text_lines(issue)) == [(4, "Welcome."), (5, "")]
