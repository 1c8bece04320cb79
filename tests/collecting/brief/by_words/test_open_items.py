"""Where the items of a brief begin that is read by its words."""

from tests.collecting.brief.pasting import HEADLINE, TEXT, read


def test_a_headline_that_names_a_kind_begins_an_item_only_without_read_more() -> (
    None
):
    blocks = (HEADLINE, TEXT, "Joint statement on the archive", TEXT)
    assert len(read("\n\n".join(blocks))) == 2
    assert len(read("\n\n".join([*blocks, "Read more →"]))) == 1
    assert len(read("\n\n".join([*blocks[:-1], f"{TEXT} Read more →"]))) == 1
