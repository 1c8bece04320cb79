"""What an issue is: values in a form that the file can contain, and when two items are the same
news.
"""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.model import Issue, Item, Section
from tests.issue.strategies import issues, items

DAY = dt.date(2020, 10, 9)


class TestTidying:
    @pytest.mark.parametrize(
        "given_value", ["  a b\t", "a\nb", "a\r\nb", "a\rb", "a\0 b", "a b\n"]
    )
    def test_a_value_is_one_trimmed_line(self, given_value: str) -> None:
        names = (
            "heading",
            "source",
            "link",
            "image",
            "alt",
            "photo",
            "contact",
            "lang",
        )
        item = Item(**dict.fromkeys(names, given_value))  # type: ignore[arg-type]  # all of them are texts
        assert {getattr(item, name) for name in names} == {"a b"}
        issue = Issue(
            title=given_value,
            subject=given_value,
            preheader=given_value,
            corrects=given_value,
        )
        assert {
            issue.title,
            issue.subject,
            issue.preheader,
            issue.corrects,
        } == {"a b"}
        assert Section(title=given_value).title == "a b"

    def test_a_text_keeps_its_lines_but_not_the_blank_ones_around_it(
        self,
    ) -> None:
        text = "\n \n    code\r\n\r\nb  \rc\0\n\t\n"
        assert Item(text=text).text == "    code\n\nb  \nc"
        assert Issue(introduction=text).introduction == "    code\n\nb  \nc"

    @given(issues())
    def test_tidying_what_is_tidy_changes_nothing(self, issue: Issue) -> None:
        again = Issue(
            title=issue.title,
            date=issue.date,
            subject=issue.subject,
            preheader=issue.preheader,
            corrects=issue.corrects,
            introduction=issue.introduction,
            sections=issue.sections,
        )
        assert again == issue


class TestSections:
    def test_only_the_first_section_may_have_no_title(self) -> None:
        assert list(
            Issue(
                sections=(
                    Section(items=(Item(heading="A"),)),
                    Section(title="S"),
                )
            ).items
        )
        with pytest.raises(ValueError, match="only the first section"):
            Issue(
                sections=(
                    Section(title="S"),
                    Section(items=(Item(heading="A"),)),
                )
            )

    def test_an_empty_section_without_a_title_is_dropped(self) -> None:
        assert Issue(sections=(Section(), Section(title="S"))) == Issue(
            sections=(Section(title="S"),)
        )


DAY = dt.date(2020, 10, 9)
LINK, OTHER = "https://example.org/a", "https://example.org/b"


class TestSameNews:
    @pytest.mark.parametrize(
        ("first", "second", "same"),
        [
            (Item(link=LINK, heading="A"), Item(link=LINK, heading="B"), True),
            (
                Item(link=LINK, heading="A"),
                Item(link=OTHER, heading="A"),
                False,
            ),
            (Item(link=LINK, heading="A"), Item(heading="A"), True),
            (Item(link=LINK, heading="A"), Item(heading="B"), False),
            (Item(heading="The  Ruling"), Item(heading="the ruling"), True),
            (
                Item(heading="A", text="x y z"),
                Item(heading="A", text="x, y z"),
                True,
            ),
            (Item(heading="A", text="x"), Item(heading="A", text="y"), False),
            (
                Item(heading="A", text="x", source="S"),
                Item(heading="A", text="y", source="s"),
                True,
            ),
            (
                Item(heading="A", source="S"),
                Item(heading="A", source="T"),
                False,
            ),
            (Item(heading="A", source="S"), Item(heading="A"), True),
            (
                Item(heading="A", date=DAY),
                Item(heading="A", date=DAY + dt.timedelta(1)),
                False,
            ),
            (Item(heading="A", text="x"), Item(text="x"), False),
            (Item(text="one\ntwo"), Item(text="One two"), True),
            (Item(text="one"), Item(text="two"), False),
            # A release without a headline is known by its text alone: a source publishes several on
            # one day.
            (
                Item(text="x", source="S", date=DAY),
                Item(text="y", source="S", date=DAY),
                False,
            ),
            (
                Item(text="x", source="S", date=DAY),
                Item(text="x", source="S", date=DAY),
                True,
            ),
            # More than half of the words of both must agree, in their order.
            (Item(text="a b c d"), Item(text="a b y z"), False),
            (Item(text="a b c x y"), Item(text="a b c z u v"), True),
        ],
    )
    def test_news_is_the_same_by_link_or_by_headline_unless_something_contradicts(
        self, first: Item, second: Item, same: bool
    ) -> None:
        assert first.same_as(second) is second.same_as(first) is same

    @given(items())
    def test_an_item_is_the_same_as_itself(self, item: Item) -> None:
        assert item.same_as(item)

    def test_an_issue_has_news_that_is_the_same_in_any_section(self) -> None:
        issue = Issue(
            sections=(
                Section(title="S", items=(Item(heading="A"),)),
                Section(title="T", items=(Item(heading="B"),)),
            )
        )
        assert issue.has(Item(heading="b"))
        assert not issue.has(Item(heading="C"))

    @pytest.mark.parametrize(
        ("item", "other", "adds_nothing"),
        [
            (
                Item(heading="a", link=LINK),
                Item(heading="A", link=LINK, text="x"),
                True,
            ),
            (
                Item(link=LINK, text="X y"),
                Item(heading="A", link=LINK, text="x y"),
                True,
            ),
            (
                Item(heading="A", link=LINK, text="x y z"),
                Item(heading="A", link=LINK, text="x y"),
                False,
            ),
            (
                Item(heading="B", link=LINK),
                Item(heading="A", link=LINK),
                False,
            ),
            (
                Item(heading="A", link=LINK, source="S"),
                Item(heading="A", link=LINK, source="T"),
                False,
            ),
            (Item(heading="A"), Item(heading="B"), False),
        ],
    )
    def test_an_item_adds_nothing_if_all_its_words_are_in_the_other(
        self, item: Item, other: Item, adds_nothing: bool
    ) -> None:
        assert item.adds_nothing_to(other) is adds_nothing


class TestAdding:
    ISSUE = Issue(
        title="Brief",
        date=dt.date(2020, 10, 9),
        sections=(
            Section(items=(Item(heading="A"),)),
            Section(title="S", items=(Item(heading="B"),)),
            Section(title="T", items=(Item(heading="C"),)),
        ),
    )

    @pytest.mark.parametrize(
        ("section", "headings"),
        [
            ("S", [["A"], ["B", "new"], ["C"]]),
            (None, [["A"], ["B"], ["C", "new"]]),
            ("U", [["A"], ["B"], ["C"], ["new"]]),
            (" S\n", [["A"], ["B", "new"], ["C"]]),
        ],
    )
    def test_items_go_below_those_of_their_section(
        self, section: str | None, headings: list[list[str]]
    ) -> None:
        changed = self.ISSUE.with_items([Item(heading="new")], section=section)
        assert [
            [item.heading for item in part.items] for part in changed.sections
        ] == headings

    def test_an_issue_without_sections_needs_none(self) -> None:
        assert Issue().with_items([Item(heading="A")]) == Issue(
            sections=(Section(items=(Item(heading="A"),)),)
        )

    def test_no_items_make_no_section(self) -> None:
        assert self.ISSUE.with_items([], section="U") is self.ISSUE

    @given(
        issues(),
        st.lists(items(), max_size=3),
        st.none() | st.sampled_from(["S", "", " x "]),
    )
    def test_existing_items_keep_their_order(
        self, issue: Issue, new: list[Item], section: str | None
    ) -> None:
        changed = issue.with_items(new, section=section)
        assert len(list(changed.items)) == len(list(issue.items)) + len(new)
        assert all(map(changed.has, [*issue.items, *new]))
        for before, after in zip(
            issue.sections, changed.sections, strict=False
        ):
            assert after.title == before.title
            assert after.items[: len(before.items)] == before.items

    @given(issues(), items(), items(), st.text(max_size=5))
    def test_items_for_the_same_section_go_into_it(
        self, issue: Issue, item: Item, other: Item, section: str
    ) -> None:
        once = issue.with_items([item], section=section)
        assert len(once.with_items([other], section=section).sections) == len(
            once.sections
        )
