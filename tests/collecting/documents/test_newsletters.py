"""Newsletters as organisations send them, whose sections are laid out in different ways."""

import datetime as dt

from briefing.collecting.brief.parse import read_brief
from briefing.collecting.documents.read import read_document
from briefing.issue.model import Item
from tests.collecting.documents.pages import items_in

SITE = "https://delta.example.org"


def read(text: str) -> list[tuple[str, Item]]:
    """The items of a newsletter in Markdown, each with its section."""
    found = items_in(text.encode(), "letter.md")
    return [(parsed.section, parsed.item) for parsed in found]


def headings(text: str) -> list[str]:
    return [item.heading for _, item in read(text)]


def test_a_linked_headline_stays_whole_after_its_date() -> None:
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


def test_a_name_that_is_linked_to_its_first_page_is_not_a_source() -> None:
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


def test_events_may_have_their_place_after_their_name() -> None:
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


def test_a_link_may_be_after_a_date_with_slashes() -> None:
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


def test_a_style_sheet_says_what_is_a_title_and_most_items_who_publishes() -> (
    None
):
    """A press review: where one publisher is named twice, the last name on each line is the publisher's."""

    def story(name: str, headline: str, byline: str) -> str:
        return (
            f"<p class='h'><a href='{SITE}/{name}'>{headline}</a></p>"
            f"<p class='m'>{byline}</p>"
        )

    page = f"""<html><head><style>
      .h, .category {{ font-weight: 600 }} .m {{ color: gray }}
    </style></head><body>
    <p class="category">Delta Letter</p><p>7 March 2024</p>
    <h1>The river between two courts</h1>
    <p>Welcome to the first letter of our press review on the courts of the delta.</p><hr>
    <h2>Press review</h2>
    <p class="category">Judges and ballots</p>
    <p>The vote on the two courts divides the towns. Nobody has read the law.</p>
    {story("vote", "Vote on the courts: all the names", "Ada Linden · Harbour Post · 7 March 2024")}
    {story("reeds", "The reeds win either way", "Mert Soylu · Il Canale · 6 March 2024")}
    {story("nobody", "Law: there is no date, but there is noise", "Una Moss · L’Edicola del Porto · 7 March 2024")}
    <p class="category">Cells without a window</p>
    <p>The year ends with a full prison. Three towns count the beds.</p>
    {story("cells", "Saltmere. The cell that faces the sea", "Ivo Brandt · Harbour Post · 6 March 2024")}
    {story("window", "A window for the women of Vado", "Nora Weir · saltmere-blog.it · 6 March 2024")}
    <hr><p>The first letter shows how far apart the towns are.</p>
    <p><strong><a href="{SITE}/about">DeltaLetter</a></strong> is a private project that reads the press.</p>
    </body></html>"""
    document = read_document(page.encode(), "letter.html")
    parsed = read_brief(document.paragraphs, dt.date(2024, 3, 7)).items
    found = [
        (entry.section, entry.item.heading, entry.item.source)
        for entry in parsed
    ]
    assert found == [
        (
            "Judges and ballots",
            "Vote on the courts: all the names",
            "Harbour Post",
        ),
        ("Judges and ballots", "The reeds win either way", "Il Canale"),
        (
            "Judges and ballots",
            "Law: there is no date, but there is noise",
            "L’Edicola del Porto",
        ),
        (
            "Cells without a window",
            "Saltmere. The cell that faces the sea",
            "Harbour Post",
        ),
        (
            "Cells without a window",
            "A window for the women of Vado",
            "saltmere-blog.it",
        ),
    ]
    days = [entry.item.date and entry.item.date.day for entry in parsed]
    assert days == [7, 6, 7, 6, 6]


def test_names_in_brackets_after_linked_headlines_are_publishers() -> None:
    text = f"""
- [The bank counts its bridges again]({SITE}/1) (Tidal Review)
- [Even a slow ferry ends with a queue]({SITE}/2) (HBP)
- [Nobody heard the second bell of Vado]({SITE}/3) (Il Canale)
- [Watches became the favourite tool of doctors]({SITE}/4) (HBP)
"""
    sources = [item.source for _, item in read(text)]
    assert sources == ["Tidal Review", "HBP", "Il Canale", "HBP"]


def test_the_same_words_in_brackets_after_many_headlines_are_tags() -> None:
    text = f"""
- [The bank counts its bridges again]({SITE}/1) (Podcast)
- [Even a slow ferry ends with a queue]({SITE}/2) (Podcast)
- [Nobody heard the second bell of Vado]({SITE}/3) (Comic)
- [Watches became the favourite tool of doctors]({SITE}/4) (Podcast)
"""
    assert [item.source for _, item in read(text)] == ["", "", "", ""]


def test_a_title_above_a_nested_list_may_end_with_links_and_a_colon() -> None:
    page = f"""<ul>
      <li>Help wanted:<ul>
        <li><a href="{SITE}/pilots">Pilots for the night boat of Port Ellis</a></li>
        <li><a href="{SITE}/cooks">Cooks who can read old recipes</a></li></ul></li>
      <li>Meetings (<a href="{SITE}/calendar.ics">calendar</a>):<ul>
        <li><a href="{SITE}/karsa">The river archives meet in Karsa</a></li></ul></li>
      <li>Boats:<ul>
        <li><a href="{SITE}/mast">A mast from the mill of Saltmere</a></li></ul></li>
    </ul>"""
    found = items_in(
        f"<html><body>{page}</body></html>".encode(), "letter.html"
    )
    assert [entry.item.text for entry in found] == ["", "", "", ""]
    assert found[-1].section == "Boats"


def test_a_title_in_quotation_marks_is_not_divided() -> None:
    text = """
- 2025-04-11 Joanna Weir, 'Fear-not archives - what to do with wet paper'
- 2025-05-09 Rafael Brandt, 'Reeds: working with registers of boats'
- 2025-09-12 Una Moss, 'The bell of Vado, and other lists'
"""
    assert [(item.heading, item.source) for _, item in read(text)] == [
        ("'Fear-not archives - what to do with wet paper'", "Joanna Weir"),
        ("'Reeds: working with registers of boats'", "Rafael Brandt"),
        ("'The bell of Vado, and other lists'", "Una Moss"),
    ]


def test_a_sentence_may_end_with_a_number_and_a_letter() -> None:
    text = f"""
- The model [is the first of its list]({SITE}/1), ahead of Karsa 70B and Tidal 8x22B. The model reads Uyghur.
- The court [has overturned the rule of the two ferries]({SITE}/2) again. It was old.
- Vado [shows the film of a dog that climbs]({SITE}/3) on every roof. It has no sound.
"""
    found = [item.heading for _, item in read(text)]
    assert found[0].endswith("Tidal 8x22B")


def test_an_introduction_with_a_link_leaves_the_links_of_stories() -> None:
    text = f"""
Welcome to the letter of the delta, [which has a list]({SITE}/list).

The boats have new names
========================

Ada [announced]({SITE}/names) the names on Monday. Nobody likes them.

The mill turns again
====================

The [mill]({SITE}/mill) is open. Bring your own grain.

The bell is silent
==================

It was [sold]({SITE}/bell) to a town in the hills.
"""
    links = [item.link for _, item in read(text)]
    assert links == [f"{SITE}/names", f"{SITE}/mill", f"{SITE}/bell"]


def test_a_story_with_many_links_below_its_heading_keeps_the_first() -> None:
    words = "which nobody in the harbour of Port Ellis had ever read before"
    many = ", ".join(f"[a note]({SITE}/{n}) {words}" for n in range(4))
    text = f"""
## What the clerks wrote

They found {many}.

## What the pilots sang

They sang [a song]({SITE}/song) at noon.

## What the judges heard

They heard [nothing]({SITE}/nothing) at all.
"""
    links = [item.link for _, item in read(text)]
    assert links == [f"{SITE}/0", f"{SITE}/song", f"{SITE}/nothing"]


def test_a_long_text_after_a_linked_headline_needs_no_full_stop() -> None:
    long = (
        "The wrong kind of praise is given in most offices of the delta. "
        "For those who write in them, it has an effect"
    )
    text = f"""
- Harbour Post: [The bell that nobody hears]({SITE}/1). It was sold to a town.
- Tidal Review: [How clerks are spoilt]({SITE}/2). {long}
- Radio Karsa: [A window for Vado]({SITE}/3). Nobody opens it.
"""
    found = [(item.source, item.heading) for _, item in read(text)]
    assert found == [
        ("Harbour Post", "The bell that nobody hears"),
        ("Tidal Review", "How clerks are spoilt"),
        ("Radio Karsa", "A window for Vado"),
    ]
