"""What leads around a newsletter is left out above its first news and below its last."""

import pytest

from briefing.collecting.brief.cleaning.navigation import without_navigation
from briefing.collecting.brief.cleaning.pasted_lines import lines_of
from briefing.collecting.brief.paragraphs import Paragraph

SITE = "https://delta.example.org"
NEWS = Paragraph(
    ("Ferry returns after eleven years", "It runs twice a day."),
    (("Ferry returns after eleven years", f"{SITE}/news/1"),),
)


def links(*words: str) -> tuple[tuple[str, str], ...]:
    """A link to a page of the site for each of the words."""
    return tuple((text, f"{SITE}/{n}") for n, text in enumerate(words))


def read(*paragraphs: Paragraph) -> tuple[list[str], list[str]]:
    """The lines that stay, and those that are left out."""
    left_out: list[str] = []
    lines = without_navigation(list(lines_of(paragraphs)), left_out)
    return [line.text for line in lines], left_out


@pytest.mark.parametrize(
    "lines",
    [
        ("Past issues",),
        ("Twitter", "Facebook", "Delta Choir"),
        ("→ Archiv", "Über uns"),
    ],
)
def test_links_that_are_named_like_pages_of_a_site(
    lines: tuple[str, ...],
) -> None:
    around = Paragraph(lines, links(*lines))
    news = list(NEWS.lines)
    assert read(around, NEWS) == (news, list(lines))
    assert read(NEWS, around) == (news, list(lines))


def test_what_shares_a_page_and_the_line_above_that_says_so() -> None:
    title = Paragraph(("Share this:",), level=3)
    buttons = Paragraph(
        ("- Harbour net", "- Paper"),
        (
            ("Harbour net", f"{SITE}/news/?share=harbour"),
            ("Paper", f"{SITE}/news/?share=paper"),
        ),
    )
    left_out = [*title.lines, *buttons.lines]
    assert read(NEWS, title, buttons) == (list(NEWS.lines), left_out)


def test_several_short_links_beside_one_another() -> None:
    menu = Paragraph(
        ("Choir | River school | Join",),
        links("Choir", "River school", "Join"),
    )
    assert read(menu, NEWS) == (list(NEWS.lines), list(menu.lines))


@pytest.mark.parametrize(
    ("words", "linked"),
    [
        ("Prisma 4.5", "Prisma 4.5"),
        (
            "Twitter sues the harbour of Delta",
            "Twitter sues the harbour of Delta",
        ),
        ("Share of women in parliament falls", "Share"),
        ("Read more »", "Read more »"),
        ("Harbour Post | Delta Radio", "Harbour Post"),
    ],
)
def test_other_links_stay(words: str, linked: str) -> None:
    other = Paragraph((words,), links(linked))
    assert read(NEWS, other) == ([*NEWS.lines, words], [])


def test_links_between_news_stay() -> None:
    between = Paragraph(("Archive",), links("Archive"))
    assert read(NEWS, between, NEWS)[1] == []


def test_a_brief_with_nothing_but_such_links_stays() -> None:
    only = Paragraph(("Home", "About us"), links("Home", "About us"))
    assert read(only) == (["Home", "About us"], [])


def test_front_pages_and_profiles_of_people_are_not_news() -> None:
    above = Paragraph(
        ("Delta River News and Letters", "Ina Hold and Tim Reet"),
        (
            ("Delta River News and Letters", SITE),
            ("Ina Hold", f"{SITE}/@ina"),
            ("Tim Reet", f"{SITE}/@tim"),
        ),
    )
    assert read(above, NEWS) == (list(NEWS.lines), list(above.lines))


def test_a_place_on_a_front_page_is_not_news() -> None:
    words = "Delta River News and Letters"
    below = Paragraph((words,), ((words, f"{SITE}/#letters"),))
    assert read(NEWS, below) == (list(NEWS.lines), [words])


def heading(words: str, level: int) -> Paragraph:
    return Paragraph((words,), ((words, f"{SITE}/{level}"),), level=level)


def test_the_link_of_the_own_title_of_a_newsletter_leads_to_no_news() -> None:
    title = heading("Stones and lamps", 1)
    stories = [heading(f"Story number {n} of the week", 2) for n in range(3)]
    lines = without_navigation(list(lines_of([title, *stories])), [])
    assert [bool(line.links) for line in lines] == [False, True, True, True]


def test_the_title_of_a_single_story_keeps_its_link() -> None:
    lines = without_navigation(
        list(lines_of([heading("A story", 1), NEWS])), []
    )
    assert lines[0].links
