"""Headline, source and date on one row: in any order, with any separators, as long as the items have the same."""

import datetime as dt

import pytest

from briefing.issue.model import Item
from tests.collecting.brief import pasting

DAY = dt.date(2024, 3, 8)
ITEMS = [
    ("Ferry pilots refuse night shifts", "Harbour Post", "4 March 2024"),
    ("Who counts the empty desks?", "Radio Karsa", "5 March 2024"),
    ("Court: the lists were never public", "Tidal Review", "6 March 2024"),
]
ARRANGEMENTS = """
T (S, D)
T (D, S)
T (S) D
T [S] [D]
T (D) – S
T – S, D
T — D, S
T | S | D
T | S (D)
T / S / D
T // S // D
T :: S :: D
T >> S >> D
T < S < D
T = S = D
T ~ S ~ D
T @ S, D
T ... S, D
T; S; D
T, S, D
T, S, on D
T (via S, D)
S, D: T
S (D) – T
S (D) T
S – T (D)
S | T (D)
S » T » D
S – D – T
S; D; T
[S] T (D)
(S) T – D
[D] T (S)
[D] S: T
(D) T – S
D T (S)
D T – S
D, T (S)
D | T | S
D – T – S
D – S: T
D S: T
D // S // T
""".strip().split("\n")


def written(arrangement: str, item: tuple[str, str, str], number: int) -> str:
    title, source, date = item
    words = {"T": title, "S": source, "D": date}
    row = "".join(words.get(sign, sign) for sign in arrangement)
    return f"{row} https://pages.example.net/{number}"


def read(paragraphs: list[str]) -> list[Item]:
    found = pasting.read("\n\n".join(paragraphs), DAY)
    return [parsed.item for parsed in found]


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_what_repeats_is_headline_source_and_date(arrangement: str) -> None:
    rows = [written(arrangement, item, n) for n, item in enumerate(ITEMS)]
    found = [(item.heading, item.source, item.date) for item in read(rows)]
    assert found == [
        (title, source, dt.date(2024, 3, 4 + number))
        for number, (title, source, _) in enumerate(ITEMS)
    ]


def test_what_is_in_brackets_beside_the_source_is_neither_name_nor_date() -> (
    None
):
    rows = [
        written("D – S (audio): T", item, n) for n, item in enumerate(ITEMS)
    ]
    rows[1] = written("D – S: T", ITEMS[1], 1)
    assert [item.source for item in read(rows)] == [s for _, s, _ in ITEMS]


def test_two_publishers_with_a_slash_between_are_one_source() -> None:
    items = [
        (title, f"{source} / Delta Watch", date)
        for title, source, date in ITEMS
    ]
    rows = [written("S, D: T", item, n) for n, item in enumerate(items)]
    assert [item.source for item in read(rows)] == [s for _, s, _ in items]


def test_the_text_behind_the_values_may_begin_small() -> None:
    rows = [
        written("T (S, D)", item, n).replace(" https", " – worth it. https")
        for n, item in enumerate(ITEMS)
    ]
    assert [item.text for item in read(rows)] == ["worth it."] * 3


def test_a_topic_before_a_colon_is_not_a_source() -> None:
    rows = [
        f"{topic}: {title} https://pages.example.net/{topic.lower()}"
        for topic, title in zip(
            ["Interview", "Rivers", "Long read"],
            ["The clerk who kept the lists", "Sand", "What the tide left"],
            strict=True,
        )
    ]
    assert not any(item.source for item in read(rows))


def test_a_place_behind_a_date_is_not_a_source() -> None:
    rows = [written("T (S, D)", item, n) for n, item in enumerate(ITEMS)]
    rows.append(
        "Evening of maps, 6 March, Old Customs House https://events.example.org/maps"
    )
    assert read(rows)[-1].source == ""


def test_words_without_capitals_behind_a_comma_belong_to_the_headline() -> None:
    titles = [title for title, *_ in ITEMS[:2]]
    titles.append("Cards for shepherds, ear tags")
    rows = [
        f"{title} (4 March 2024) https://pages.example.net/{number}"
        for number, title in enumerate(titles)
    ]
    found = read(rows)
    assert [item.heading for item in found] == titles
    assert not any(item.source for item in found)


@pytest.mark.parametrize(
    ("arrangement", "source"), [("T — X – S", "Lowland Courier"), ("T — X", "")]
)
def test_where_others_have_source_and_date_behind_a_text_one_may_lack_them(
    arrangement: str, source: str
) -> None:
    title = "Weir keepers close the upper gate"
    text = "The keys are at the bottom of the canal, says the keeper."
    rows = [written("T — X – S, D", item, n) for n, item in enumerate(ITEMS)]
    rows.append(written(arrangement, (title, "Lowland Courier", ""), 4))
    found = read([row.replace("X", text) for row in rows])
    assert [item.heading for item in found] == [*(t for t, *_ in ITEMS), title]
    assert (found[-1].source, found[-1].text) == (source, text)


def test_names_in_brackets_are_sources_although_only_some_links_confirm_them() -> (
    None
):
    """The link of the first one leads to a page elsewhere, and the brief has only three items."""
    items = [
        "Nurses refuse the pledge (Northern Ledger)\nhttps://short.example.net/3",
        "Bell sold for scrap (Lowland Courier)\nhttps://lowland.example.org/1",
        "Court rejects an appeal (Radio Karsa)\nhttps://karsa.example.org/2",
    ]
    assert [item.source for item in read(items)] == [
        "Northern Ledger",
        "Lowland Courier",
        "Radio Karsa",
    ]


@pytest.mark.parametrize(
    "headlines",
    [
        pytest.param(
            ["Ferry Stops Again, Nobody Knows Why", "Mill Opens, Owner Happy"],
            id="a few words behind a comma",
        ),
        pytest.param(
            [
                "Court Opens At Night (Judges Work Without Any Chairs)",
                "Bell Sold For Scrap (Nobody Asked The Old Ringer)",
            ],
            id="five words in brackets",
        ),
    ],
)
def test_two_headlines_in_capitals_do_not_end_with_sources(
    headlines: list[str],
) -> None:
    items = [
        f"{headline}\nhttps://news.example.org/{number}"
        for number, headline in enumerate([*headlines, "Nurses Refuse Pledge"])
    ]
    assert not any(item.source for item in read(items))
