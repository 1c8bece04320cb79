"""A further edition beside the first one: what is missing, untranslated or out of date."""

from dataclasses import replace

from hypothesis import given

from briefing.issue.edits import Applied
from briefing.issue.model import Issue, Item, Section
from briefing.issue.parts import ISSUE, Parts
from briefing.issue.translation import (
    TranslationState,
    prepare_item,
    to_translate,
)
from briefing.preview.translating import add_missing, compare, mark_current
from tests.issue.strategies import issues

RULING = Item(heading="A ruling", link="https://example.org/a", text="Text.")
HARBOUR = Item(heading="A harbour", link="https://example.org/b", text="More.")
APPEAL = Item(heading="An appeal", link="https://example.org/c", text="Help.")
FIRST = Issue(
    title="Brief",
    subject="A ruling",
    sections=(
        Section(title="News", items=(RULING, HARBOUR)),
        Section(title="Appeals", items=(APPEAL,)),
    ),
)


def translated(*items: Item, appeals: tuple[Item, ...] = ()) -> Parts:
    return Parts.number(
        Issue(
            title="Xewer",
            sections=(
                Section(title="Xewerler", items=items),
                Section(title="Chaqiriqlar", items=appeals),
            ),
        )
    )


def test_each_item_says_how_far_it_is() -> None:
    done = replace(prepare_item(RULING, "ug"), text="Tékist.")
    fresh = prepare_item(HARBOUR, "ug")
    parts = translated(Item(heading="Of our own"), done, fresh)
    comparison = compare(FIRST, parts, "ug")
    assert list(comparison.progress.values()) == [
        TranslationState.SURPLUS,
        TranslationState.TRANSLATED,
        TranslationState.UNTRANSLATED,
    ]
    assert [missing.item for missing in comparison.missing] == [APPEAL]


def test_a_missing_item_is_added_at_its_place_to_be_translated() -> None:
    parts = translated(prepare_item(RULING, "ug"), appeals=())
    for expected in (HARBOUR, APPEAL):
        comparison = compare(FIRST, parts, "ug")
        wanted = comparison.missing[0]
        assert wanted.item == expected
        (edit,) = add_missing(comparison, parts, wanted.id)
        applied = edit.applied_to(parts)
        assert isinstance(applied, Applied)
        parts = applied.parts
    assert [
        [item.heading for item in section.items]
        for section in parts.issue.sections
    ] == [["A ruling", "A harbour"], ["An appeal"]]
    assert compare(FIRST, parts, "ug").missing == ()
    assert add_missing(compare(FIRST, parts, "ug"), parts, "0" * 16) == []


def test_a_translation_is_marked_as_current_after_the_original_changed() -> (
    None
):
    done = replace(prepare_item(RULING, "ug"), text="Tékist.")
    parts = translated(done)
    changed = replace(RULING, text="Other text.")
    first = replace(FIRST, sections=(Section(title="News", items=(changed,)),))
    (part,) = [numbered.id for numbered in parts.items]
    comparison = compare(first, parts, "ug")
    assert comparison.progress[part] == TranslationState.CHANGED
    (edit,) = mark_current(comparison, parts, part)
    applied = edit.applied_to(parts)
    assert isinstance(applied, Applied)
    assert (
        compare(first, applied.parts, "ug").progress[part]
        == TranslationState.TRANSLATED
    )


def test_fields_are_shown_with_their_originals() -> None:
    parts = translated(prepare_item(RULING, "ug"))
    (part,) = [numbered.id for numbered in parts.items]
    comparison = compare(FIRST, parts, "ug")
    assert comparison.original_values(part) == {
        "heading": "A ruling",
        "text": "Text.",
    }
    assert comparison.original_values(ISSUE) == {
        "title": "Brief",
        "subject": "A ruling",
    }
    assert comparison.original_values("i99") == {}


@given(issues())
def test_an_edition_that_was_just_prepared_lacks_nothing(issue: Issue) -> None:
    parts = Parts.number(to_translate(issue, "ug"))
    comparison = compare(issue, parts, "ug")
    assert comparison.missing == ()
    assert TranslationState.SURPLUS not in comparison.progress.values()
