"""Ways to divide a brief into items."""

from tests.collecting.brief.pasting import read


def test_words_that_lead_to_another_address_begin_no_item() -> None:
    text = """
Ferry returns to the pier
https://post.example.org/1
See also: https://more.example.org/1
Court opens at night
https://karsa.example.org/2
Mill turns again
https://tidal.example.org/3
"""
    links = {parsed.item.heading: parsed.item.link for parsed in read(text)}
    assert links == {
        "Ferry returns to the pier": "https://post.example.org/1",
        "Court opens at night": "https://karsa.example.org/2",
        "Mill turns again": "https://tidal.example.org/3",
    }
