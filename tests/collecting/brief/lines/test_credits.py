"""Credits of photos, and notices that name a publisher."""

import pytest

from briefing.collecting.brief.lines.credits import (
    bare_credit,
    classify_credit,
    classify_notice,
    credit_at_end,
)
from briefing.issue.model import Kind


def test_a_photo_and_a_name_are_a_credit() -> None:
    assert bare_credit("Photo Karsa Press") == "Karsa Press"
    assert bare_credit("Photo shows the bridge") == ""


@pytest.mark.parametrize(
    "caption",
    [
        "Photo: Jane Doe. The court opens at night",
        f"Photo: {'the bridge in the evening ' * 20}",
    ],
)
def test_a_text_below_a_photo_is_not_a_credit(caption: str) -> None:
    assert classify_credit(caption) is None


@pytest.mark.parametrize(
    "caption", ["Photo: Jane Doe", "The bridge at night. Photo: Jane Doe"]
)
def test_a_caption_may_end_with_its_credit(caption: str) -> None:
    assert credit_at_end(caption) == "Jane Doe"


def test_a_notice_names_the_publisher_and_the_kind() -> None:
    notice = classify_notice(
        "Below is a statement published by Hillside Watch."
    )
    assert notice
    assert (notice.name, notice.kind) == ("Hillside Watch", Kind.STATEMENT)


def test_a_sentence_is_not_the_name_of_a_publisher() -> None:
    text = (
        "Below is an article published by people who live near the river and "
        "have no other place to go to."
    )
    assert classify_notice(text) is None
