"""The titles of sections between items are found once all items are."""

from tests.collecting.brief.pasting import read


def test_a_title_between_bullets_with_texts_isnt_part_of_the_text_above() -> (
    None
):
    text = """
Courts

• Ferry must return (Harbour Post)

They talked.

https://post.example.org/1

• Court opens at night (Radio Karsa)

Nobody came.

https://karsa.example.org/2

Work and wages

• Mill turns again (Tidal)

It was closed for a year.

https://tidal.example.org/3
"""
    _, above, below = read(text)
    assert above.item.text == "Nobody came."
    assert below.section == "Work and wages"
