"""Short links that end a line and only lead to an article."""

from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.structure.link_labels import with_link_labels
from briefing.collecting.brief.structure.rows import rows_of


def labels_of(*lines: tuple[str, str, str]) -> list[str]:
    """The label that each of some lines ends with: words, a link behind them, and its address."""
    paragraphs = [
        Paragraph((f"{before} {link}",), ((link, address),))
        for before, link, address in lines
    ]
    return [row.label for row in with_link_labels(rows_of(paragraphs))]


def test_words_that_lead_to_several_sites_are_a_label() -> None:
    assert labels_of(
        ("Bells are silent, 3 May", "Seite", "https://bells.example.org/1"),
        ("The gate is open, 4 May", "Seite", "https://gates.example.net/2"),
    ) == ["Seite", "Seite"]


def test_where_lines_end_with_labels_other_short_links_are_labels() -> None:
    assert labels_of(
        ("Harbour Post, 3 May –", "Download", "https://harbour.example.org/1"),
        ("Radio Kestrel, 4 May –", "Read", "https://kestrel.example.net/2"),
        ("Northern Ledger, 5 May –", "Whole list", "https://nl.example.com/3"),
    ) == ["Download", "Read", "Whole list"]


def test_the_name_of_a_publisher_is_not_a_label() -> None:
    address = "https://harbourpost.example.com"
    assert labels_of(
        ("Bells are silent –", "Harbour Post", f"{address}/1"),
        ("The gate is open –", "Harbour Post", f"{address}/2"),
    ) == ["", ""]


def test_a_host_behind_a_sentence_is_a_label() -> None:
    assert labels_of(
        (
            "The list has nine pages.",
            "weir.example.org",
            "https://weir.example.org/list.pdf",
        ),
        (
            "The list of names –",
            "weir.example.org",
            "https://weir.example.org/names.pdf",
        ),
    ) == ["weir.example.org", ""]
