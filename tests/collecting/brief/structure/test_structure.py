"""Briefs in layouts of all kinds: each data/NAME.txt has in data/NAME.json what is found in it, as a whole."""

import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.collecting.brief.model import Brief, ParsedItem
from briefing.collecting.brief.paragraphs import (
    Paragraph,
    split_paragraphs,
)
from briefing.collecting.brief.parse import read_brief
from briefing.collecting.brief.structure import LAYOUTS
from briefing.collecting.brief.structure.best_head import best_head
from briefing.collecting.brief.structure.dividing import DIVISIONS
from briefing.collecting.brief.structure.evidence import Evidence
from briefing.collecting.brief.structure.outlets import (
    with_sections_as_sources,
    without_words_before_sources,
)
from briefing.collecting.brief.structure.publisher_names import likelihood
from briefing.collecting.brief.structure.rows import rows_of
from briefing.collecting.brief.structure.source_line import (
    date_alone,
    read_source,
)
from briefing.issue.model import Item
from tests.collecting.brief.pasting import whole

DATA = Path(__file__).parent / "data"
DAY = dt.date(2024, 3, 8)
"""The date of the briefs."""


def read(text: str) -> Brief:
    return read_brief(split_paragraphs(text), DAY)


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in DATA.glob("*.txt"))
)
def test_a_layout_is_understood(name: str) -> None:
    found = whole(read((DATA / f"{name}.txt").read_text("utf-8")))
    assert found == json.loads((DATA / f"{name}.json").read_text("utf-8"))


def words_of(text: str) -> list[str]:
    return [word for word in text.replace("/", " ").split() if word.isalpha()]


@given(
    st.permutations(
        (DATA / "bullets-with-brackets.txt").read_text("utf-8").splitlines()
    )
)
def test_no_word_is_lost_whatever_the_order_of_the_lines(
    lines: list[str],
) -> None:
    brief = read("\n".join(lines))
    kept = json.dumps(whole(brief), ensure_ascii=False)
    for line in lines:
        for word in words_of(line):
            assert word in kept


@given(st.permutations(range(3)), st.integers(0, 2))
def test_a_link_that_is_missing_is_never_taken_from_another_item(
    order: list[int], without: int
) -> None:
    hosts = ["harbour-post", "karsa", "tidal"]
    names = ["Harbour Post", "Radio Karsa", "Tidal"]
    blocks = []
    for number in order:
        link = (
            ""
            if number == without
            else f"\nhttps://{hosts[number]}.example.com/{number}"
        )
        blocks.append(
            f"Pilots meet for day {number}\n{names[number]}, {number + 1} March 2024\nThey talk.{link}"
        )
    for parsed in read("\n\n".join(blocks)).items:
        item = parsed.item
        number = int(item.heading[-1])
        assert item.source == names[number]
        assert item.date == dt.date(2024, 3, number + 1)
        assert item.link in {
            "",
            f"https://{hosts[number]}.example.com/{number}",
        }


def test_names_and_times_of_a_chat_are_left_out_and_noted() -> None:
    brief = read((DATA / "chat.txt").read_text("utf-8"))
    assert not any("Mira" in repr(parsed.item) for parsed in brief.items)
    assert "left out: “[04.03.24, 10:11:02] Mira:”" in brief.items[-1].notes


def test_another_layout_can_be_asked_for() -> None:
    text = (DATA / "bullets-with-brackets.txt").read_text("utf-8")
    asked = read_brief(split_paragraphs(text), DAY, "rows")
    assert (read(text).layout, asked.layout) == ("bullets", "rows")


def test_a_layout_that_finds_nothing_is_not_forced() -> None:
    text = (DATA / "numbered-chinese.txt").read_text("utf-8")
    assert read_brief(split_paragraphs(text), DAY, "bullets").layout == ""


def test_a_linked_cell_of_a_table_is_the_headline() -> None:
    rows = [
        ("4 March 2024", "Harbour Post", "Port closes at night", "port"),
        ("5 March 2024", "Radio Karsa", "Two pilots in court", "pilots"),
        ("6 March 2024", "Tidal", "School keeps its name", "school"),
    ]
    paragraphs = [
        Paragraph(
            (date, source, title),
            ((title, f"https://example.com/{link}"),),
            cells=(0, 1, 2),
        )
        for date, source, title, link in rows
    ]
    items = [parsed.item for parsed in read_brief(paragraphs, DAY).items]
    assert [(item.heading, item.source) for item in items] == [
        (title, source) for _, source, title, _ in rows
    ]


def test_a_linked_headline_in_chinese_is_not_a_label() -> None:
    rows = [
        ("法院要求归还村里的钟", "青岸日报", "zhong"),
        ("渡口重新开放", "石桥电台", "dukou"),
        ("图书馆撤下三本地图册", "青岸日报", "ditu"),
    ]
    paragraphs = [
        Paragraph(
            ("2024年3月4日", title, source, "点击阅读原文"),
            tuple(
                (words, f"https://example.com/{link}")
                for words in (title, "点击阅读原文")
            ),
            cells=(0, 1, 2, 3),
        )
        for title, source, link in rows
    ]
    items = [parsed.item for parsed in read_brief(paragraphs, DAY).items]
    assert [(item.heading, item.source) for item in items] == [
        (title, source) for title, source, _ in rows
    ]


def test_every_layout_has_a_name_to_ask_for() -> None:
    assert tuple(DIVISIONS) == LAYOUTS


def test_underscores_in_addresses_are_not_emphasis() -> None:
    text = (DATA / "bullets-with-brackets.txt").read_text("utf-8")
    address = "https://karsa.example.net/a_long_way/tolls?utm_source=estuary&utm_medium=email"
    brief = read(
        text.replace(
            "https://karsa.example.net/tolls?utm_source=estuary", address
        )
    )
    assert brief.items[1].item.link == address


def test_invisible_characters_and_those_that_reorder_text_are_removed() -> None:
    text = (DATA / "bullets-with-brackets.txt").read_text("utf-8")
    hidden = text.replace("boundary", "boun\u202edary").replace(
        "Pilots", "Pil\u200bots\x1b"
    )
    assert whole(read(hidden)) == whole(read(text))


def test_the_senders_of_a_chat_never_get_into_an_item() -> None:
    """However the rest of it is read, even where nothing repeats."""
    brief = read(
        "[24/11/2026, 09:12:44] Mira: look at this\n"
        "https://karsa.example.net/pages\n"
        "[24/11/2026, 09:13:01] +44 7700 900123: thanks\n"
        "[24/11/2026, 09:14:00] Mira: more tomorrow"
    )
    for parsed in brief.items:
        assert "Mira" not in repr(parsed.item)
        assert "900123" not in repr(parsed.item)
    assert "left out: “[24/11/2026, 09:12:44] Mira:”" in brief.items[-1].notes


def test_a_date_above_a_label_is_not_a_headline() -> None:
    item = "{}\nhttps://{}.example.org/a\nLocation: Delta\n{} March 2024\n\nSource: {}, {} March 2024"
    titles = ("Ferry returns", "The mill turns", "Lamps go out")
    names = ("Harbour Post", "Tidal Review", "Northern Ledger")
    brief = read(
        "\n\n".join(
            item.format(title, number, number, name, number)
            for number, (title, name) in enumerate(
                zip(titles, names, strict=True), start=4
            )
        )
    )
    assert tuple(parsed.item.heading for parsed in brief.items) == titles


def test_a_rule_above_labels_is_not_the_head_of_a_forwarded_email() -> None:
    items = "\n-----------\n".join(
        f"Title: Pilots meet {word}\nSource: Harbour Post\nDate: 4 March 2024"
        for word in ("today", "again", "in vain")
    )
    headlines = [parsed.item.heading for parsed in read(items).items]
    assert headlines == [
        "Pilots meet today",
        "Pilots meet again",
        "Pilots meet in vain",
    ]


@pytest.mark.parametrize(
    "items", [100, pytest.param(300, marks=pytest.mark.long)]
)
def test_the_rest_of_a_long_brief_is_read_as_its_beginning(items: int) -> None:
    item = "Pilots of ship {0} meet\nHarbour Post, 4 March 2024\nThey talk.\nhttps://harbour-post.example.com/{0}"
    brief = read("\n\n".join(item.format(number) for number in range(items)))
    assert [parsed.item.link for parsed in brief.items] == [
        f"https://harbour-post.example.com/{number}" for number in range(items)
    ]
    assert {parsed.item.source for parsed in brief.items} == {"Harbour Post"}


def test_who_published_on_a_date_is_an_author_and_no_source() -> None:
    found = read_source("Publié le 14 juin 2021 par Rosa Lemaire", None)
    assert found is not None
    assert (found.name, found.date) == ("", dt.date(2021, 6, 14))
    assert found.further == ("par Rosa Lemaire",)


def test_an_invalid_address_has_no_outlet() -> None:
    item = Item(heading="A ruling", link="https://[")
    parsed = ParsedItem(item, section="Laurel")
    assert with_sections_as_sources([parsed]) == [parsed]


@pytest.mark.parametrize(
    ("sources", "bare"),
    [
        (
            ["From the Harbour Post", "from the Tidal"],
            ["Harbour Post", "Tidal"],
        ),
        (["Aus dem Tagblatt", "Aus der Uferpost"], ["Tagblatt", "Uferpost"]),
        (["On the Media", "Harbour Post"], ["On the Media", "Harbour Post"]),
        (["From", "From the"], ["From", "From the"]),
    ],
)
def test_what_leads_to_most_sources_belongs_to_none(
    sources: list[str], bare: list[str]
) -> None:
    items = [
        ParsedItem(Item(heading="A ruling", source=name)) for name in sources
    ]
    found = [
        parsed.item.source for parsed in without_words_before_sources(items)
    ]
    assert found == bare


def test_notices_and_contacts_become_fields_and_need_no_note() -> None:
    text = (DATA / "notices-and-contacts.txt").read_text("utf-8")
    first, _, last = read(text).items
    assert first.item.photo == "Nils Aker"
    assert last.item.contact == "Ada Quill, press@example.org, +44 20 7946 0123"
    assert (first.notes, last.notes) == ((), ("no link",))


def test_a_notice_that_names_another_publisher_stays_in_the_text() -> None:
    text = (DATA / "notices-and-contacts.txt").read_text("utf-8")
    other = text.replace("published by Quay Post", "published by Hill Radio")
    first, *_ = read(other).items
    assert "published by Hill Radio" in first.item.text


@pytest.mark.parametrize("name", ["La Noticia", "Karsa Bericht"])
def test_a_noun_that_is_a_verb_elsewhere_may_end_a_name(name: str) -> None:
    assert likelihood(name, "") == likelihood("La Tribu", "")


def test_the_time_that_reading_takes_is_not_a_source() -> None:
    assert likelihood("4 minute read", "") == 0
    assert likelihood("Lesezeit: 3 Minuten", "") == 0


def test_a_host_can_begin_with_the_abbreviation_of_a_name() -> None:
    for name in ("DRN", "Delta Radio Network", "DELTA RADIO NETWORK"):
        for host in ("drn.example.org", "www.drnews.example.org"):
            assert likelihood(name, host) >= 2
    assert likelihood("DRN", "www.andrn.example.org") < 2
    assert likelihood("DR", "dr.example.org") < 2


def test_a_name_in_small_letters_is_confirmed_by_a_host_with_all_its_words() -> (
    None
):
    assert likelihood("northern ledger", "northern-ledger.example.com") >= 2
    assert likelihood("new stamps", "stamps.example.org") < 1


def test_a_name_with_one_small_word_is_confirmed_by_a_host() -> None:
    assert likelihood("Лист для всех", "listdlyavsekh.example.org") >= 2
    assert likelihood("Лист для всех", "") < 1
    canal = "nouvelles-canal.example.com"
    assert likelihood("Les Nouvelles du canal", canal) >= 2
    assert likelihood("Les nouvelles du grand canal", canal) < 1


def test_a_host_that_has_one_word_of_a_headline_is_not_its_source() -> None:
    """ "Counting boats in Karsa: what we saw" is a headline, whatever boats.example.org is."""
    boats = "boats.example.org"
    assert likelihood("Counting boats in Karsa", boats) < 1
    assert likelihood("Association des boats", boats) >= 2


def test_the_source_that_has_reported_something_is_named_without_its_verb() -> (
    None
):
    story = (
        "# Lamps\n\nThe Harbour Register has reported that "
        "[lamps](https://harbourregister.example.org/lamps) are sold out."
    )
    [item] = read(f"{story}\n\n{story.replace('amps', 'adders')}").items[:1]
    assert item.item.source == "The Harbour Register"


def test_words_that_end_with_an_article_are_not_a_name() -> None:
    """ "Fleet House opened the [Harbour Store]" begins a sentence, even if the link is to Fleet House's site."""
    site = "fleethouse.example.org"
    assert likelihood("Fleet House", site) >= 2
    assert likelihood("Fleet House opened the", site) == 0


def test_a_date_may_be_followed_by_that_of_an_update() -> None:
    found = date_alone("2026-08-21, updated: 2026-08-22", None)
    assert found is not None
    assert found.date == dt.date(2026, 8, 21)
    assert date_alone("2026-08-21 – 2026-08-22", None) is None


def test_a_row_via_a_publisher_names_the_source() -> None:
    story = "Ferry returns\n2026-08-21\nNobody expected it.\nvia The Delta Echo"
    head = best_head(rows_of(split_paragraphs(story)), Evidence())
    assert head is not None
    assert head.source == "The Delta Echo"


def test_the_link_of_most_of_a_headline_is_the_item_s() -> None:
    site = "https://delta.example.org"
    stories = [
        Paragraph(
            (f"{words} (Delta Echo, {place} March 2024)",),
            ((words[:2], f"{site}/other"), (words[2:], f"{site}/{place}")),
        )
        for place, words in enumerate(
            ["Ferry returns", "Choir sings", "Mill opens"], start=1
        )
    ]
    brief = read_brief(stories)
    assert [parsed.item.link for parsed in brief.items] == [
        f"{site}/{place}" for place in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    "source",
    [
        "Harbour Post, 3–5 March 2024",
        "Harbour Post, " + ", ".join(["and those who print it"] * 6),
    ],
    ids=["period", "long"],
)
def test_whatever_is_behind_the_label_of_a_source_is_the_source(
    source: str,
) -> None:
    items = "\n\n".join(
        f"Pilots meet {word}\nThe pilots of the estuary talk about the tolls.\n"
        f"Source: {source}\nhttps://harbour-post.example.com/{place}"
        for place, word in enumerate(("today", "again", "in vain"))
    )
    found = [parsed.item for parsed in read(items).items]
    assert [item.source for item in found] == [source] * 3
    assert [item.heading for item in found] == [
        "Pilots meet today",
        "Pilots meet again",
        "Pilots meet in vain",
    ]
