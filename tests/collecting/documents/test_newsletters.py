"""Newsletters as organisations send them, whose sections are laid out in different ways."""

from briefing.issue.model import Item
from tests.collecting.documents.pages import items_in

SITE = "https://delta.example.org"


def read(text: str) -> list[tuple[str, Item]]:
    """The items of a newsletter in Markdown, each with its section."""
    found = items_in(text.encode(), "letter.md")
    return [(parsed.section, parsed.item) for parsed in found]


def headings(text: str) -> list[str]:
    return [item.heading for _, item in read(text)]


def test_a_linked_headline_stays_whole_behind_its_date() -> None:
    text = f"""
- 2024-03-04 - [Ferry Year in 2023: boats without a pilot]({SITE}/ferry)
- 2024-03-05 - [Harvest, revisited: what we saw, what we ate]({SITE}/harvest)
- 2024-03-06 - [The mill turns again]({SITE}/mill)
"""
    items = [item for _, item in read(text)]
    assert [(item.heading, item.source) for item in items] == [
        ("Ferry Year in 2023: boats without a pilot", ""),
        ("Harvest, revisited: what we saw, what we ate", ""),
        ("The mill turns again", ""),
    ]
    assert [item.date and item.date.day for item in items] == [4, 5, 6]


def test_a_name_that_is_linked_to_its_first_page_is_no_source() -> None:
    text = """
## Millstone: ten years of an open archive

[Millstone](https://millstone.example.org/) began in a cellar. It has a roof now.

## The choir sings at noon

Everybody may come to [the old chapel](https://chapel.example.org/noon). Bring a coat.
"""
    found = [(item.heading, item.source) for _, item in read(text)]
    assert found == [
        ("Millstone: ten years of an open archive", ""),
        ("The choir sings at noon", ""),
    ]


def test_events_end_with_their_name_as_a_link() -> None:
    text = f"""
- 2-5 March, Port Ellis, [Reeds]({SITE}/reeds)
- 14-15 April, Karsa, [Gathering of the river archives]({SITE}/archives)
- 19-23 April, Saltmere, [Festival of the small presses]({SITE}/presses)
- 1-2 May, Vado, [School for new translators]({SITE}/school)
"""
    items = [item for _, item in read(text)]
    assert [(item.heading, item.text) for item in items] == [
        ("Reeds", "2-5 March, Port Ellis"),
        ("Gathering of the river archives", "14-15 April, Karsa"),
        ("Festival of the small presses", "19-23 April, Saltmere"),
        ("School for new translators", "1-2 May, Vado"),
    ]


def test_events_may_have_their_place_behind_their_name() -> None:
    text = f"""
# Where to meet

*(new ones in bold)*

- May 21-22 - [Reeds 24]({SITE}/reeds) Port Ellis
- Jun 8-10 - [Gathering of the river archives]({SITE}/archives) - Karsa
- Jun 18-19 - [Festival of the small presses]({SITE}/presses) Saltmere
- Jul 8-12 - [School for new translators]({SITE}/school) Vado
"""
    items = [item for _, item in read(text)]
    assert [(item.heading, item.text) for item in items] == [
        ("Reeds 24", "May 21-22 – Port Ellis"),
        ("Gathering of the river archives", "Jun 8-10 – Karsa"),
        ("Festival of the small presses", "Jun 18-19 – Saltmere"),
        ("School for new translators", "Jul 8-12 – Vado"),
    ]


def test_links_below_a_heading_are_those_of_its_story() -> None:
    text = f"""
## Karsa, Port Ellis'te 26 Ağustos nehir buluşması

Kıyıda buluştuk. On üç kişi geldi, ve herkes bir kitap getirdi.

- <{SITE}/meeting>

## Delta Archive Workers Meet

We read [the minutes of the first year]({SITE}/minutes), and nobody slept.

## The mill turns again

Flour is sold on Mondays.

- <{SITE}/mill>
- <{SITE}/prices>
"""
    found = [(item.heading, item.source, item.link) for _, item in read(text)]
    assert found == [
        ("Karsa, Port Ellis'te 26 Ağustos nehir buluşması", "", f"{SITE}/meeting"),
        ("Delta Archive Workers Meet", "", f"{SITE}/minutes"),
        ("The mill turns again", "", f"{SITE}/mill"),
    ]  # fmt: skip


def test_a_link_may_be_behind_a_date_with_slashes() -> None:
    text = f"""
- Where the river turned, HTP, Oct/28/2023, [link]({SITE}/river).
- Fires burn in the reeds, and nobody is told, Karsa Post, Nov/08/2023, [link]({SITE}/fires).
- The last pilot, HTP, Dec/25/2023, [link]({SITE}/pilot).
"""
    found = [
        (item.heading, item.source, str(item.date)) for _, item in read(text)
    ]
    assert found == [
        ("Where the river turned", "HTP", "2023-10-28"),
        ("Fires burn in the reeds, and nobody is told", "Karsa Post", "2023-11-08"),
        ("The last pilot", "HTP", "2023-12-25"),
    ]  # fmt: skip


def test_topics_that_several_items_have_need_no_link() -> None:
    text = f"""
**News**

Ferry line: The boat to the island is back, and the crew asks for [a pilot]({SITE}/ferry).

Library roof: The roof is nearly done, and the books come home on Sunday at noon.

Bread oven: Whoever has flour to spare may bring it to the square on Monday evening.

Old photographs: We sort four boxes that nobody has opened since the flood of that spring.

Map of wells: We draw each well in the valley, and we still look for [eleven of them]({SITE}/wells).

Night school: Courses begin in the old mill next week, and [a few places]({SITE}/school) are left.
"""
    assert headings(text) == [
        "Ferry line",
        "Library roof",
        "Bread oven",
        "Old photographs",
        "Map of wells",
        "Night school",
    ]


def test_a_long_sentence_is_the_headline_of_what_follows_it() -> None:
    text = f"""
## Courses

- [Weaving reeds into roofs]({SITE}/reeds) - three evenings.
- [Reading old land registers]({SITE}/registers) - a weekend.
- [Delta School]({SITE}/school) offers evenings on water law. They cost a small fee.
"""
    *_, (_, item) = read(text)
    assert item.heading == "Delta School offers evenings on water law"
    assert item.text == "They cost a small fee."


def test_each_section_may_be_laid_out_in_its_own_way() -> None:
    text = f"""
## Posts

- 2024-03-04 - [Ferry returns to the old pier]({SITE}/ferry)
- 2024-03-05 - [Harvest feeds the whole valley]({SITE}/harvest)
- 2024-03-06 - [The mill turns again at last]({SITE}/mill)
- 2024-03-06 - [Eleven wells are found]({SITE}/wells)

## Films

2024-03-03 - Nomads of the delta

<iframe src="https://video.example.org/1" allowfullscreen></iframe>

2024-03-04 - Evening at the sluice

<iframe src="https://video.example.org/2" allowfullscreen></iframe>

2024-03-05 - The last pilot speaks

<iframe src="https://video.example.org/3" allowfullscreen></iframe>
"""
    films = [item for section, item in read(text) if section == "Films"]
    assert [(item.heading, item.link) for item in films] == [
        ("Nomads of the delta", "https://video.example.org/1"),
        ("Evening at the sluice", "https://video.example.org/2"),
        ("The last pilot speaks", "https://video.example.org/3"),
    ]


def test_brackets_explain_the_source_that_via_names() -> None:
    articles = "".join(
        f"<article><h2>{title}</h2><p>2024-03-0{day}, updated: 2024-03-07</p><p>A text of a sentence.</p>"
        f"<p><a href='https://{host}.example.org/{day}'>Continue reading</a></p><p>via {source}</p></article>"
        for day, (title, host, source) in enumerate(
            [
                ("Ferry returns", "reeds", "The Sundew (Port Ellis Student Newspaper)"),
                ("Harvest feeds all", "lamp", "The Lamp (Karsa Student Newspaper)"),
                ("The mill turns", "reeds", "The Sundew (Port Ellis Student Newspaper)"),
            ],
            start=1,
        )
    )  # fmt: skip
    page = f"<html><body><main>{articles}</main></body></html>"
    items = [parsed.item for parsed in items_in(page.encode(), "page.html")]
    assert [item.source for item in items] == [
        "The Sundew",
        "The Lamp",
        "The Sundew",
    ]
    assert [item.date and item.date.day for item in items] == [1, 2, 3]


def test_an_emphasised_row_directly_above_another_one_is_a_section() -> None:
    text = f"""
**Prisons**

**Hunger strikers moved to the coast**

Coldbrook Herald - 30 Sept

{SITE}/coast

**Letters may not be longer than a page**

Quarry Post - 1 Oct

{SITE}/page

**Presses**

**Printer returned without its hard disk**

Lantern Weekly - 1 Oct

{SITE}/disk

**Podcast: The last issue**

Radio Mallow

32 minutes, with a transcript.

{SITE}/podcast
"""
    assert [(section, item.heading) for section, item in read(text)] == [
        ("Prisons", "Hunger strikers moved to the coast"),
        ("Prisons", "Letters may not be longer than a page"),
        ("Presses", "Printer returned without its hard disk"),
        ("Presses", "Podcast: The last issue"),
    ]
