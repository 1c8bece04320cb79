"""The issue file: what each line means, what is refused and how, and that nothing is lost either way."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.errors import IssueError
from briefing.issue import markdown
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
                Section(items=(Item(heading="Before any section", text="Text."),)),
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
    def test_a_heading_is_literal_to_the_end_of_its_line(self, line: str, heading: str) -> None:
        assert only_item(f"{line}\n").heading == heading

    def test_a_blank_line_below_a_heading_means_that_it_has_no_header_lines(self) -> None:
        assert only_item("### A\n\nNote: this is text\n").text == "Note: this is text"

    def test_windows_line_ends_and_a_byte_order_mark_are_read(self) -> None:
        assert read("\ufeff" + WHOLE.replace("\n", "\r\n")) == read(WHOLE)

    def test_a_header_line_without_a_value_is_as_good_as_none(self) -> None:
        assert only_item("### A\ndate:\nlink:\nkind:\n") == Item(heading="A")

    def test_the_case_of_a_header_name_does_not_matter(self) -> None:
        assert only_item("### A\nSource: BBC\n").source == "BBC"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "begins with its title"),
        ("\n\ntext first\n# Title\n", 3, "begins with its title"),
        ("## Section\n", 1, "begins with its title"),
        ("# A\n\n# B\n", 3, "a second title"),
        ("# A\n\n### B\nsorce: BBC\n", 4, "did you mean 'source:'?"),
        ("# A\n\n### B\nxyzzy: BBC\n", 4, "known are kind, source"),
        ("# A\n\n### B\nText at once\n", 4, "put a blank line between"),
        ("# A\n\n### B\nsource: a\nsource: b\n", 5, "a second 'source:'"),
        ("# A\n\n### B\ndate: 8 October\n", 4, "write it as 2020-10-09"),
        ("# A\n\n### B\ndate: 2020-02-31\n", 4, "write it as 2020-10-09"),
        ("# A\n\n### B\ndate: ٢٠٢٠-١٠-٠٩\n", 4, "write it as 2020-10-09"),
        ("# A\n\n### B\nkind: pres-release\n", 4, "did you mean 'press-release'?"),
        ("# A\n\n## S\n\nloose\n", 5, "belongs to no item"),
        ("# A\n\n## S\nkind: brief\n", 4, "belongs to no item"),
        ("# A\n\n### B\n\n#### deep\n", 5, "a heading inside a text"),
        ("# A\n\n### B\n\n  # indented\n", 5, "a heading inside a text"),
        ("# A\n\n### B\n\none\n\n> ## quoted\n", 7, "a heading inside a text"),
        ("# A\n\n### B\n\none\ntwo\n---\n", 7, "a heading inside a text"),
        ("# A\n\n### B\n\none\n===\n", 6, "a heading inside a text"),
        ("# A\n\n### B\n\none\rtwo\n", 5, "a carriage return"),
        ("# A\n\n### B\n\none\0two\n", 5, "a NUL"),
        ("# A\nkind: brief\n", 2, "there is no header line 'kind:'"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_cure(text: str, line: int, words: str) -> None:
    with pytest.raises(IssueError) as caught:
        read(text)
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{PATH}, line {line}: ")
    assert "\n" not in str(caught.value)


class TestRoundTrip:
    @given(issues())
    def test_every_issue_is_read_back_as_it_was_written(self, issue: Issue) -> None:
        assert read(markdown.write(issue)) == issue

    @given(issues(), st.booleans())
    def test_a_file_that_was_not_changed_is_written_back_byte_for_byte(self, issue: Issue, windows: bool) -> None:
        text = markdown.write(issue)
        if windows:
            text = text.replace("\n", "\r\n")
        assert markdown.write(read(text)) == text

    @given(issues(), items())
    def test_what_a_person_wrote_stays_byte_for_byte_when_an_item_is_added(self, issue: Issue, item: Item) -> None:
        text = markdown.write(issue).rstrip("\n")
        changed = read(text).with_items([item])
        written = markdown.write(changed)
        assert written.startswith(text)
        assert read(written) == changed

    @given(issues(), values)
    def test_an_item_that_was_changed_does_not_touch_its_neighbours(self, issue: Issue, source: str) -> None:
        text = markdown.write(issue).replace("\n\n", "\n \n\n")  # as untidy as people leave it
        before = read(text)
        assume(before.sections and before.sections[-1].items)
        last = before.sections[-1]
        changed = replace(last.items[-1], source=source)
        assume(changed != last.items[-1])
        sections = (*before.sections[:-1], replace(last, items=(*last.items[:-1], changed)))
        after = markdown.write(replace(before, sections=sections))
        assert last.items[-1].origin is not None
        untouched = text.removesuffix(last.items[-1].origin.raw)
        assert after.startswith(untouched)
        assert list(read(after).items)[-1] == changed

    def test_the_whole_format_is_written_as_people_write_it(self) -> None:
        issue = read(WHOLE)
        parts = [
            replace(section, items=tuple(replace(i, origin=None) for i in section.items), origin=None)
            for section in issue.sections
        ]
        assert markdown.write(replace(issue, sections=tuple(parts), origin=None)) == WHOLE


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
            ("---\n\na", "---\n\na"),
        ],
    )
    def test_only_the_mark_of_a_heading_is_escaped(self, text: str, escaped: str) -> None:
        assert markdown.escape_headings(text) == escaped

    @given(st.lists(st.one_of(values, st.text("#=-> \t*+1.ab\n", max_size=12)), max_size=8).map("\n".join))
    def test_nothing_is_left_that_a_markdown_reader_takes_for_a_heading(self, text: str) -> None:
        escaped = markdown.escape_headings(Item(text=text).text)
        assert markdown.heading_in(escaped) is None
        assert not [token for token in MarkdownIt("commonmark").parse(escaped) if token.type == "heading_open"]
        assert not [line for line in escaped.split("\n") if markdown.HEADING.match(line)]


class TestPlaces:
    def test_a_part_knows_its_line_in_the_file(self) -> None:
        issue = read(WHOLE)
        first, second = issue.items
        assert [markdown.line_of(part) for part in (issue, first, issue.sections[1], second)] == [
            1,
            11,
            15,
            17,
        ]

    def test_a_header_line_is_found_by_its_name(self) -> None:
        *_, item = read(WHOLE).items
        assert markdown.line_of(item, "link") == 21
        assert markdown.line_of(replace(item, origin=None), "link") is None
