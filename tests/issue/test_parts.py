"""The parts of an issue keep their ids, whatever someone else does to its file."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import (
    ISSUE,
    START,
    ItemPlace,
    NumberedItem,
    NumberedSection,
    Parts,
    follow,
)
from tests.issue.strategies import issues, items

RULING = Item(heading="A ruling", link="https://example.org/a", text="So.")
APPEAL = Item(heading="An appeal", text="Please help.")
LETTER = Item(heading="A letter", text="Dear all.")


def an_issue(*sections: Section) -> Issue:
    return Issue(title="Brief", sections=sections)


def of(*below: Item, title: str | None = None) -> Section:
    return Section(title=title, items=below)


def ids(parts: Parts) -> dict[str, list[str]]:
    """The ids of the items in each section."""
    return {
        section.id: [part.id for part in section.items]
        for section in parts.sections
    }


class TestNumbering:
    def test_items_and_sections_are_numbered(self) -> None:
        issue = an_issue(of(RULING), of(APPEAL, LETTER, title="News"))
        assert ids(Parts.number(issue)) == {START: ["i1"], "s4": ["i2", "i3"]}

    def test_there_is_always_a_start(self) -> None:
        assert ids(Parts.number(Issue())) == {START: []}

    @given(issues())
    def test_the_issue_stays_as_it_is(self, issue: Issue) -> None:
        assert Parts.number(issue).issue == issue

    def test_parts_are_found_by_their_ids(self) -> None:
        parts = Parts.number(an_issue(of(RULING), of(APPEAL, title="News")))
        assert parts.item("i2") == APPEAL == parts.part("i2")
        assert parts.part("s3") == Section(title="News")
        assert parts.part(ISSUE) == Issue(title="Brief")
        assert parts.place_of("i2") == ItemPlace("s3")
        assert parts.section_above("s3") == START

    def test_what_is_gone_is_none(self) -> None:
        parts = Parts.number(Issue())
        assert parts.item("i1") is None
        assert parts.place_of("i1") is None
        assert parts.section("s1") is None
        assert parts.part("s1") is None
        assert parts.part(START) is None

    def test_only_ids_of_this_issue_count_as_given(self) -> None:
        parts = Parts.number(an_issue(of(RULING)))
        assert parts.has_given("i", "i1")
        for other in ("i2", "s1", "i0", "i01", "i١", "i", "", "i" + "9" * 999):
            assert not parts.has_given("i", other)


class TestFollowing:
    def test_a_changed_text_is_still_the_same_item(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        changed = replace(RULING, text="Quite another text.")
        now = follow(parts, an_issue(of(changed, APPEAL)))
        assert ids(now) == {START: ["i1", "i2"]}
        assert now.item("i1") == changed

    def test_moved_items_keep_their_ids(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL, LETTER)))
        now = follow(parts, an_issue(of(LETTER), of(RULING, title="News")))
        assert ids(now) == {START: ["i3"], "s4": ["i1"]}

    def test_a_new_item_gets_an_id_that_no_part_has_had(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        without = follow(parts, an_issue(of(RULING)))
        now = follow(without, an_issue(of(LETTER, RULING)))
        assert ids(now) == {START: ["i3", "i1"]}

    def test_an_item_that_is_back_gets_its_id_again(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        without = follow(parts, an_issue(of(APPEAL)))
        changed = replace(RULING, text="Quite another text.")
        back = an_issue(of(APPEAL, LETTER, changed))
        now = follow(without, back, {"i1": RULING, "i9": Item(heading="No")})
        assert ids(now) == {START: ["i2", "i3", "i1"]}

    def test_a_copy_of_an_item_that_was_gone_once_is_another_item(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        doubled = an_issue(of(RULING, APPEAL, RULING))
        now = follow(parts, doubled, {"i1": RULING})
        assert ids(now) == {START: ["i1", "i2", "i3"]}

    def test_between_the_same_neighbours_a_common_text_is_enough(self) -> None:
        parts = Parts.number(an_issue(of(RULING, LETTER, APPEAL)))
        renamed = replace(LETTER, heading="An open letter")
        now = follow(parts, an_issue(of(RULING, renamed, APPEAL)))
        assert ids(now) == {START: ["i1", "i2", "i3"]}

    def test_between_other_neighbours_it_is_a_new_item(self) -> None:
        parts = Parts.number(an_issue(of(RULING, LETTER, APPEAL)))
        renamed = replace(LETTER, heading="An open letter")
        now = follow(parts, an_issue(of(RULING, APPEAL, renamed)))
        assert ids(now) == {START: ["i1", "i3", "i4"]}

    def test_of_two_equal_items_each_keeps_its_place(self) -> None:
        parts = Parts.number(an_issue(of(APPEAL, RULING, APPEAL)))
        now = follow(parts, an_issue(of(RULING, APPEAL)))
        assert ids(now) == {START: ["i2", "i3"]}

    def test_a_section_is_recognised_by_its_title_else_by_its_items(
        self,
    ) -> None:
        news, letters = of(RULING, title="News"), of(LETTER, title="Letters")
        parts = Parts.number(an_issue(news, letters))
        assert ids(parts) == {START: [], "s3": ["i1"], "s4": ["i2"]}
        renamed = replace(letters, title="Post")
        now = follow(parts, an_issue(renamed, of(title="News"), of(title="A")))
        assert ids(now) == {START: [], "s4": ["i2"], "s3": [], "s5": []}

    def test_the_same_items_under_a_first_title(self) -> None:
        parts = Parts.number(an_issue(of(RULING)))
        now = follow(parts, an_issue(of(RULING, title="News")))
        assert ids(now) == {START: [], "s2": ["i1"]}

    @given(issues())
    def test_an_unchanged_issue_keeps_all_ids(self, issue: Issue) -> None:
        parts = Parts.number(issue)
        assert follow(parts, issue) == parts

    @given(issues(), st.randoms(use_true_random=False))
    def test_whatever_was_moved_removed_or_added_the_rest_keeps_its_ids(
        self, issue: Issue, dice: random.Random
    ) -> None:
        parts = Parts.number(marked(issue))
        known = {part.id: part.item for part in parts.items}
        staying = [item for item in known.values() if dice.random() < 0.8]
        dice.shuffle(staying)
        new = Item(heading="Added elsewhere", link="https://example.org/new")
        now = follow(parts, an_issue(of(*staying, new, title="All")))
        for part in now.items:
            assert part.item == known.get(part.id, new)
        assert sum(part.id in known for part in now.items) == len(staying)

    @given(issues(), issues())
    def test_no_id_is_given_twice(self, issue: Issue, other: Issue) -> None:
        parts = Parts.number(issue)
        now = follow(parts, other)
        assert now.issue == other
        given_now = [part.id for part in now.items]
        given_now += [section.id for section in now.sections]
        assert len(set(given_now)) == len(given_now)
        new = set(given_now) - {part.id for part in parts.items}
        new -= {section.id for section in parts.sections}
        assert all(int(part_id[1:]) > parts.given for part_id in new)


class TestChanging:
    def test_an_item_goes_below_another_one(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        new = NumberedItem("i3", LETTER)
        assert ids(parts.with_item(new, ItemPlace(START, "i1"))) == {
            START: ["i1", "i3", "i2"]
        }

    def test_below_an_item_that_is_gone_it_goes_to_the_end(self) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        new = NumberedItem("i3", LETTER)
        assert ids(parts.with_item(new, ItemPlace(START, "i9"))) == {
            START: ["i1", "i2", "i3"]
        }

    def test_a_section_goes_below_another_one_but_never_above_the_start(
        self,
    ) -> None:
        parts = Parts.number(an_issue(of(RULING), of(APPEAL, title="News")))
        new = NumberedSection("s4", Section(title="Letters"))
        assert list(ids(parts.with_section(new, START))) == [START, "s4", "s3"]
        assert list(ids(parts.with_section(new, "s3"))) == [START, "s3", "s4"]

    @given(items())
    def test_an_item_is_replaced_by_another_version(self, item: Item) -> None:
        parts = Parts.number(an_issue(of(RULING, APPEAL)))
        changed = parts.with_part("i2", item)
        assert changed.issue == an_issue(of(RULING, item))


def marked(issue: Issue) -> Issue:
    """An issue in which each item has a link of its own."""
    sections: list[Section] = []
    number = 0
    for section in issue.sections:
        below: list[Item] = []
        for item in section.items:
            number += 1
            below.append(replace(item, link=f"https://example.org/{number}"))
        sections.append(replace(section, items=tuple(below)))
    return replace(issue, sections=tuple(sections))
