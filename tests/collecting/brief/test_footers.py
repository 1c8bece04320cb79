"""Footers, whose addresses may be personal to the editor who pasted them."""

from tests.collecting.brief.pasting import only_item

ITEM = "Court opens at night\nHarbour Post, 3 May 2024\nJudges work until two."


def test_an_address_alone_below_a_footer_belongs_to_it() -> None:
    parsed = only_item(
        f"{ITEM}\n\nYou are receiving this because you subscribed.\n\n"
        "https://example.org/u/17"
    )
    assert parsed.item.link == ""
    assert "example.org" not in repr(parsed)


def test_an_address_alone_below_a_text_is_the_items_link() -> None:
    parsed = only_item(f"{ITEM}\n\nhttps://example.org/u/17")
    assert parsed.item.link == "https://example.org/u/17"
