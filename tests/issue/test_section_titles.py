"""Items of a brief go into the section that their title means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.issue.model import Item, Kind
from briefing.issue.section_titles import place, same_title

NEWS, STATEMENTS = "In the news", "Statements and releases"


def item(heading: str, kind: Kind = Kind.ARTICLE) -> Item:
    return Item(heading=heading, kind=kind)


def placed(
    *titles: str,
    present: tuple[str, ...] = (),
    configured: tuple[str, ...] = (),
    kind: Kind = Kind.ARTICLE,
) -> dict[str | None, list[str]]:
    """The titles in a brief of one item each, by the section that the item goes into."""
    items = [(item(title, kind), title) for title in titles]
    groups = place(items, present, configured)
    return {
        section: [item.heading for item in own]
        for section, own in groups.items()
    }


@pytest.mark.parametrize(
    "title",
    [
        "News",
        "NEWS",
        "News:",
        "News：",
        "◎ News",
        "📰 News 📰",
        "✍️ News",
        "— News —",
        "【News】",
        "1. News",
        "1️⃣ News",
        "II) News",
        "（一）News",
        "**News**",
        "ＮＥＷＳ",
    ],
)
def test_capitals_numbers_and_ornaments_make_no_other_title(title: str) -> None:
    assert same_title(title, ["Reports", "News"]) == "News"


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("BASIN AÇIKLAMALARI", "Basın açıklamaları"),
        ("◎新闻", "新闻"),
        ("خەۋەرلەر:", "خەۋەرلەر"),
        ("AUS DEN VERBÄNDEN", "Aus den Verba\u0308nden"),
        ("◎", "◎"),
    ],
)
def test_titles_in_other_languages_are_found_as_well(
    title: str, section: str
) -> None:
    assert same_title(title, ["News", section]) == section


@pytest.mark.parametrize(
    ("title", "section"),
    [("News from Velmar", "News"), ("◎", "◎◎"), ("Newspapers", "News")],
)
def test_a_title_with_other_words_is_another(title: str, section: str) -> None:
    assert same_title(title, [section]) is None


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("HEADLINES", NEWS),
        ("Aus den Medien", NEWS),
        ("新闻", NEWS),
        ("خەۋەرلەر", NEWS),
        ("Statements", STATEMENTS),
        ("Press releases", STATEMENTS),
        ("Press releases & statements", STATEMENTS),
        ("Communiqués", STATEMENTS),
        ("Basın açıklamaları", STATEMENTS),
        ("一、声明和新闻稿", STATEMENTS),
    ],
)
def test_a_title_in_usual_words_finds_the_section_with_its_meaning(
    title: str, section: str
) -> None:
    sections = (NEWS, STATEMENTS)
    assert placed(title, configured=sections) == {section: [title]}


@pytest.mark.parametrize(
    "title", ["Velmar", "News and recipes", "Reports", "Opinion"]
)
def test_another_title_becomes_a_section(title: str) -> None:
    assert placed(title, configured=(NEWS, STATEMENTS)) == {title: [title]}


def test_a_title_that_could_mean_two_sections_becomes_one_of_its_own() -> None:
    sections = ("In the news", "Press review")
    assert placed("Headlines", configured=sections) == {
        "Headlines": ["Headlines"]
    }


def test_the_same_words_come_before_the_same_meaning() -> None:
    found = placed("HEADLINES", present=("News", "Headlines"))
    assert found == {"Headlines": ["HEADLINES"]}


def test_new_sections_are_in_the_order_of_the_brief_and_named_as_it_first_does() -> (
    None
):
    found = placed("World:", "Velmar", "WORLD", "News", "Headlines")
    assert list(found.items()) == [
        ("World", ["World:", "WORLD"]),
        ("Velmar", ["Velmar"]),
        ("News", ["News"]),
        ("Headlines", ["Headlines"]),
    ]


def test_items_without_a_title_come_first() -> None:
    found = placed("Velmar", "", present=(NEWS,), configured=(STATEMENTS,))
    assert list(found.items()) == [(None, [""]), ("Velmar", ["Velmar"])]


def test_or_they_go_into_the_first_section_in_the_order_of_the_brief() -> None:
    sections = (NEWS, STATEMENTS)
    found = placed("News", "", "News", present=sections, configured=sections)
    assert found == {NEWS: ["News", "", "News"]}


@pytest.mark.parametrize(
    "kind", [Kind.PRESS_RELEASE, Kind.STATEMENT, Kind.APPEAL]
)
@pytest.mark.parametrize("title", ["", "Velmar"])
def test_a_release_goes_into_the_section_for_its_kind(
    kind: Kind, title: str
) -> None:
    sections = (NEWS, "Statements, appeals and releases")
    found = placed(title, present=sections, configured=sections, kind=kind)
    assert found == {sections[1]: [title]}


def test_articles_beside_it_do_not_keep_a_release_from_there() -> None:
    items = [(item("A"), "Velmar"), (item("B", Kind.STATEMENT), "Velmar")]
    groups = place(items, [STATEMENTS], [STATEMENTS])
    assert [(section, len(own)) for section, own in groups.items()] == [
        ("Velmar", 1),
        (STATEMENTS, 1),
    ]


def test_a_release_stays_in_the_section_that_its_title_names() -> None:
    sections = (NEWS, STATEMENTS)
    found = placed(
        "News", present=sections, configured=sections, kind=Kind.PRESS_RELEASE
    )
    assert found == {NEWS: ["News"]}


@pytest.mark.parametrize(
    ("present", "configured"),
    [
        ((NEWS,), (NEWS, STATEMENTS)),
        ((STATEMENTS,), (NEWS,)),
        ((NEWS,), (NEWS,)),
    ],
)
def test_a_section_for_a_kind_that_the_editor_removed_does_not_come_back(
    present: tuple[str, ...], configured: tuple[str, ...]
) -> None:
    found = placed(
        "Velmar", present=present, configured=configured, kind=Kind.STATEMENT
    )
    assert found == {"Velmar": ["Velmar"]}


@pytest.mark.parametrize("kind", [Kind.ARTICLE, Kind.BRIEF])
def test_other_kinds_have_no_section_of_their_own(kind: Kind) -> None:
    sections = ("Statements", "Articles and briefs")
    found = placed("Velmar", present=sections, configured=sections, kind=kind)
    assert found == {"Velmar": ["Velmar"]}


TITLES = st.text(max_size=20) | st.sampled_from(
    ["", "News", "NEWS:", "Headlines", "Statements", "Velmar", "◎"]
)
SECTIONS = st.lists(TITLES.filter(bool), unique=True, max_size=4)
BRIEFS = st.lists(st.tuples(st.sampled_from(Kind), TITLES), max_size=12).map(
    lambda brief: [
        (item(str(number), kind), title)
        for number, (kind, title) in enumerate(brief)
    ]
)


@given(BRIEFS, SECTIONS, SECTIONS)
def test_each_item_goes_into_one_section_where_the_order_of_the_brief_stays(
    brief: list[tuple[Item, str]], present: list[str], configured: list[str]
) -> None:
    groups = place(brief, present, configured)
    found: list[int] = []
    for own in groups.values():
        numbers = [int(placed.heading) for placed in own]
        assert numbers == sorted(numbers)
        found += numbers
    assert sorted(found) == list(range(len(brief)))
    assert None not in list(groups)[1:]


@given(st.lists(TITLES, max_size=12), SECTIONS)
def test_the_same_titles_find_the_same_sections_a_second_time(
    titles: list[str], configured: list[str]
) -> None:
    brief = [(item(str(number)), title) for number, title in enumerate(titles)]
    first = place(brief, configured, configured)
    present = dict.fromkeys([*configured, *filter(None, first)])
    assert place(brief, list(present), configured) == first
