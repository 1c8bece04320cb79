"""Headlines and sentences without a source."""

from tests.collecting.brief.pasting import only_item


def test_long_paragraphs_with_links_are_one_text() -> None:
    """Only shorter ones, or those with bullets, may be a piece of news each."""
    item = only_item(
        "The week on the coast",
        "The council of Nellmouth voted to pay for the ferry for another year, after a debate of nine hours in which"
        " nobody from the villages on the other side was allowed to speak, although all had come:"
        " https://post.example.org/1.",
        "Nobody knows how many of the nets were cut during the night, but the harbour master counted forty boats that"
        " couldn't leave, and the owners say that no one has come to ask them about any of it since then:"
        " https://karsa.example.org/2.",
        "The union wants a pause from noon to four in all fields of the district, and its lawyers say that the law of"
        " 1952 already has one, which no employer on either side has ever been made to keep: https://tidal.example.org/3.",
    ).item
    assert item.heading == "The week on the coast"
