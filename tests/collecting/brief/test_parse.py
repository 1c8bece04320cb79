"""What is found in a pasted brief. The samples in data/ are made up; the real one, where it is at
hand, is the seed.
"""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.brief.by_words.items import HIDDEN_NOTE
from briefing.collecting.brief.model import NOT_AN_ITEM, ParsedItem
from briefing.collecting.brief.paragraphs import Paragraph, split_paragraphs
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.document import decode_brief
from briefing.issue.headings import find_headings
from briefing.issue.model import Item, Kind
from tests.collecting.brief.pasting import HEADLINE, TEXT, only_item, read

DATA = Path(__file__).parent / "data"
SEED = Path(__file__).parents[4] / "shared" / "seed"


# --- Whole briefs


@pytest.mark.skipif(
    not SEED.is_dir(),
    reason="the seed isn't beside this checkout (../shared/seed)",
)
def test_the_real_brief_is_read_as_the_expected_items() -> None:
    expected = json.loads(
        (SEED / "weekly-brief.expected.json").read_text("utf-8")
    )
    found = read_brief(
        split_paragraphs(decode_brief((SEED / "weekly-brief.txt").read_bytes()))
    ).items
    assert len(found) == len(expected) == 7
    for parsed, wanted in zip(found, expected, strict=True):
        assert parsed.item == _expected_item(wanted)
        assert parsed.notes == _expected_notes(wanted)
        assert "protected" not in repr(parsed.item)


def _expected_item(wanted: dict[str, object]) -> Item:
    body = [str(text).strip() for text in _listed(wanted["body"])]
    nested = wanted.get("nested")
    if isinstance(nested, dict):
        body.insert(0, f"**{nested['title']}**")
    contact = (
        "World Uyghur Congress, +49 89 5432 1999" if "contact" in wanted else ""
    )
    return Item(
        heading=str(wanted["title"] or ""),
        kind=Kind(str(wanted["kind"])),
        source=str(wanted["source"] or ""),
        date=dt.date.fromisoformat(str(wanted["date"]))
        if wanted["date"]
        else None,
        photo=str(wanted["credit"] or ""),
        contact=contact,
        text="\n\n".join(body),
    )


def _expected_notes(wanted: dict[str, object]) -> tuple[str, ...]:
    lacks = [
        f"no {name}"
        for name, key in (("headline", "title"), ("source", "source"))
        if not wanted[key]
    ]
    lacks += (
        [] if wanted["date"] else ["no date; the text mentions 1 October 2020"]
    )
    return (*lacks, "no link", *([HIDDEN_NOTE] if "contact" in wanted else []))


def _listed(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in DATA.glob("*.txt"))
)
def test_sample_briefs_are_read_as_their_expected_items(name: str) -> None:
    """Each data/NAME.txt has in data/NAME.json what is found in it; empty fields are left out
    there.
    """
    found = read_brief(
        split_paragraphs(decode_brief((DATA / f"{name}.txt").read_bytes()))
    )
    expected = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    assert found.introduction.split("\n\n") == expected.get(
        "introduction", [""]
    )
    assert [_shown(parsed) for parsed in found.items] == expected["items"]


def _shown(parsed: ParsedItem) -> dict[str, object]:
    item = parsed.item
    values: dict[str, object] = {
        "heading": item.heading,
        "kind": item.kind.value,
        "source": item.source,
        "date": item.date.isoformat() if item.date else "",
        "link": item.link,
        "photo": item.photo,
        "contact": item.contact,
        "text": item.text.split("\n\n") if item.text else "",
        "notes": list(parsed.notes),
    }
    return {name: value for name, value in values.items() if value}


# --- Paragraphs


def test_blank_lines_separate_paragraphs_which_carry_their_addresses() -> None:
    text = "one\ntwo https://example.org/a_(b), (https://example.org/c).\r\n \u00a0\r\nthree\u2029four"
    first, second = "https://example.org/a_(b)", "https://example.org/c"
    assert split_paragraphs(text) == [
        Paragraph(
            ("one", f"two {first}, ({second})."),
            ((first, first), (second, second)),
        ),
        Paragraph(("three",)),
        Paragraph(("four",)),
    ]


# --- Read more


@pytest.mark.parametrize(
    "words",
    [
        "Read More →",
        "Read more",
        "READ THE FULL STATEMENT »",
        "Continue Reading →",
        "Weiterlesen →",
        "Mehr lesen",
        "Devamını oku",
        "DEVAMINI OKU →",
    ],
)
def test_read_more_ends_an_item_and_has_its_link(words: str) -> None:
    address = "https://example.org/piece"
    first, second = read_brief(
        [
            Paragraph((HEADLINE,), ((HEADLINE, "https://example.org/short"),)),
            Paragraph((TEXT,)),
            Paragraph((words,), ((words, address),)),
            Paragraph(("Next headline",)),
            Paragraph((TEXT,)),
        ]
    ).items
    assert (first.item.link, first.item.text) == (address, TEXT)
    assert "another link: https://example.org/short" in first.notes
    assert second.item.heading == "Next headline"


@pytest.mark.parametrize(
    "end",
    [
        "\n\nRead more: https://example.org/a",
        "\nhttps://example.org/a",
        " Read more → https://example.org/a",
    ],
)
def test_an_address_below_or_after_the_text_is_the_link(end: str) -> None:
    item = only_item(HEADLINE, TEXT + end).item
    assert (item.link, item.text) == ("https://example.org/a", TEXT)


@pytest.mark.parametrize("mask", ["***", "_____"])
def test_a_masked_word_in_the_middle_of_a_sentence_is_text(mask: str) -> None:
    item = only_item(
        f"{HEADLINE}\n\nThe guard called him a\n{mask}\nand laughed.\n"
    )
    assert f"called him a {mask} and laughed." in item.item.text.replace(
        "\\", ""
    )


def test_an_unsafe_link_is_not_taken() -> None:
    (parsed,) = read_brief(
        [
            Paragraph((HEADLINE,)),
            Paragraph((TEXT,)),
            Paragraph(("Read more",), (("Read more", "javascript:alert(1)"),)),
        ]
    ).items
    assert parsed.item.link == ""
    assert "no link" in parsed.notes


# --- Every word ---


def test_links_in_the_text_are_kept_and_dangerous_ones_are_words() -> None:
    links = (
        ("court", "https://example.org/(a)"),
        ("said", "javascript:alert(1)"),
    )
    (parsed,) = read_brief(
        [
            Paragraph((HEADLINE,)),
            Paragraph(
                ("The court [1] said: see https://example.org/b.",), links
            ),
        ]
    ).items
    assert (
        parsed.item.text
        == r"The [court](https://example.org/\(a\)) [1] said: see <https://example.org/b>."
    )


def test_an_empty_brief_has_no_items_and_a_title_alone_is_kept_as_text() -> (
    None
):
    assert read("\n\n  \n") == []
    assert only_item("Weekly Brief, 9 October 2020") == ParsedItem(
        Item(text="Weekly Brief, 9 October 2020"), (NOT_AN_ITEM,)
    )


LINES = [
    "Weekly Brief, 9 October 2020",
    "Press Release",
    "Statement of the Council w{}",
    "Harbour union w{} wins",
    "A sentence with w{} ends here.",
    "a wrapped line with w{} that goes",
    "Agency w{}, 8 October 2020",
    "8 October 2020",
    "Below is an article published by Agency w{}. Photo v{}",
    "Photo: Agency w{}",
    "Contact: Office w{}",
    "+44 20 0000 0000 or [email protected] w{}",
    "Read more →",
    "Read more: https://example.org/w{}",
    "https://example.org/w{}",
    "- listed w{}",
    "2. numbered w{}",
    "Agency w{} | 8 October 2020 | By Ada Example-v{}",
    "Velmar, 5 November 2020",
    "Hillside Watch",
    "Dear friends of w{},",
    "WORDS AND PARTS",
    "In brief",
    "* * *",
    "-----",
    "Best regards, Ada of w{}",
    "--",
    "You are receiving this as w{}",
    "Unsubscribe w{}: https://list.example/unsub",
    "1 Street of w{} | 10999 Exampleton",
    "",
    "",
    "",
]


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_no_word_is_lost_whatever_the_order_of_the_lines(
    lines: list[str],
) -> None:
    """Every word that only one line has is in a field, a text or a note, or in the introduction.

    Only a note about a long footer is shortened, and says so; the addresses in a footer are left
    out.
    """
    text = "\n".join(
        line.replace("{}", str(number)) for number, line in enumerate(lines)
    )
    brief = read_brief(split_paragraphs(text))
    kept = brief.introduction + " ".join(
        repr((parsed.item, parsed.section, parsed.notes))
        for parsed in brief.items
    )
    word = re.compile(r"\b[wv]\d+\b")
    if "receiving" in text or "Unsubscribe" in text:
        text = re.sub(r"https://\S+", "", text)
    assert set(word.findall(text)) <= set(word.findall(kept)) or re.search(
        "left out below it: “[^”]*…”", kept
    )
    assert all("protected" not in repr(parsed.item) for parsed in brief.items)
    assert "list.example" not in kept
    assert not list(find_headings(brief.introduction))


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_read_without_an_error_and_never_makes_a_heading(
    lines: list[str],
) -> None:
    brief = read_brief(split_paragraphs("\n".join(lines)))
    for text in (
        brief.introduction,
        *(parsed.item.text for parsed in brief.items),
    ):
        assert not list(find_headings(text))
