"""Rows that only belong to the text of an item give it neither headline nor source, date or link."""

import datetime as dt
from collections.abc import Callable

import pytest

from briefing.collecting.brief.model import ParsedItem
from tests.collecting.brief.pasting import read

DAY = dt.date(2024, 3, 8)


def _values(parsed: ParsedItem) -> tuple[str, str, str]:
    item = parsed.item
    return item.heading, item.source, item.link


@pytest.mark.parametrize(
    "reference",
    [
        "See also: Night shift ends (Northern Ledger, 3 March)",
        'Read also: "Night shift ends", Northern Ledger, 3 March 2024',
        "Related – Night shift ends (Northern Ledger, 3 March)",
        "More on this: Night shift ends, Northern Ledger, 3 March",
        "Siehe auch: Nachtschicht endet (Küstenbote, 3. März)",
        "Zum Thema: Karten im Amt, Stromkurier vom 3. März",
        "Ayrıca bakınız: Gece vardiyası bitti (Yeni Kıyı, 3 Mart 2024)",
        "相关报道：夜班结束（河谷电台，2024年3月3日）",
        "بۇنىمۇ ئوقۇڭ: بازاردىكى كىتابخانا (ۋادى رادىئوسى، 2024-يىلى 3-مارت)",
        "اقرأ أيضا: انتهاء الوردية الليلية (إذاعة الوادي، 3 آذار 2024)",
        "Ver también: Termina el turno de noche (La Voz del Estuario, 3 de marzo)",
        "À lire aussi : La fin de la nuit (Radio Estuaire, 3 mars 2024)",
        "Читайте также: Ночная смена закончилась («Радио Долина», 3 марта 2024)",
    ],
)
@pytest.mark.parametrize("gap", ["\n  ", "\n", "\n\n"])
def test_a_reference_to_another_article_is_part_of_the_text(
    reference: str, gap: str
) -> None:
    text = f"""
• Dockers win a longer break
  https://brine.example.com/break{gap}{reference}
• Judge returns the leaflets (Lenwick Observer, 5 March)
  https://observer.example.com/leaflets
• Map trial begins again (Radio Tamsin, 6 March)
  https://tamsin.example.net/map
"""
    items = read(text, DAY)
    assert list(map(_values, items)) == [
        ("Dockers win a longer break", "", "https://brine.example.com/break"),
        (
            "Judge returns the leaflets",
            "Lenwick Observer",
            "https://observer.example.com/leaflets",
        ),
        (
            "Map trial begins again",
            "Radio Tamsin",
            "https://tamsin.example.net/map",
        ),
    ]
    assert items[0].item.date is None
    assert reference in items[0].item.text


@pytest.mark.parametrize(
    "reference",
    [
        "See also: https://ledger.example.com/night",
        "See also: Night shift ends https://ledger.example.com/night",
        "See also: Night shift ends (Northern Ledger, 3 March)\nhttps://ledger.example.com/night",
        "See also:\nNight shift ends (Northern Ledger, 3 March)\nhttps://ledger.example.com/night",
    ],
)
@pytest.mark.parametrize("mark", ["• ", ""])
def test_an_item_has_no_link_rather_than_that_of_a_reference(
    reference: str, mark: str
) -> None:
    text = f"""
{mark}Dockers win a longer break (Brine Courier, 4 March)
{reference}

{mark}Judge returns the leaflets (Lenwick Observer, 5 March)
https://observer.example.com/leaflets

{mark}Map trial begins again (Radio Tamsin, 6 March)
https://tamsin.example.net/map
"""
    first, *_ = read(text, DAY)
    heading, source, link = _values(first)
    assert (heading, source, link) == (
        "Dockers win a longer break",
        "Brine Courier",
        "",
    )
    assert "https://ledger.example.com/night" in first.item.text


def test_a_label_and_a_headline_before_a_source_are_another_article() -> None:
    text = """
• Dockers win a longer break
  https://brine.example.com/break
  Background: How breaks are counted (Northern Ledger, 3 March)
• Judge returns the leaflets (Lenwick Observer, 5 March)
  https://observer.example.com/leaflets
• Map trial begins again (Radio Tamsin, 6 March)
  https://tamsin.example.net/map
"""
    sources = [parsed.item.source for parsed in read(text, DAY)]
    assert sources == ["", "Lenwick Observer", "Radio Tamsin"]


def test_more_on_this_with_only_an_address_leads_to_the_item() -> None:
    text = """
• Dockers win a longer break (Brine Courier, 4 March)
  More on this: https://brine.example.com/break
• Judge returns the leaflets (Lenwick Observer, 5 March)
  More on this: https://observer.example.com/leaflets
• Map trial begins again (Radio Tamsin, 6 March)
  More on this: https://tamsin.example.net/map
"""
    assert all(parsed.item.link for parsed in read(text, DAY))


def test_see_also_may_be_the_title_of_a_section() -> None:
    text = """
News

• Dockers win a longer break (Brine Courier, 3 March) https://brine.example.com/break
• Judge returns the leaflets (Lenwick Observer, 4 March) https://observer.example.com/leaflets

See also

• Night shift ends (Northern Ledger, 1 March) https://ledger.example.com/night
• Map trial begins again (Radio Tamsin, 5 March) https://tamsin.example.net/map
"""
    assert [
        (parsed.section, parsed.item.source) for parsed in read(text, DAY)
    ] == [
        ("News", "Brine Courier"),
        ("News", "Lenwick Observer"),
        ("See also", "Northern Ledger"),
        ("See also", "Radio Tamsin"),
    ]


TEASERS = [
    (
        "Dockers win a longer break",
        "The company had offered six minutes, but the dockers asked for …",
        "Brine Courier",
    ),
    (
        "Judge returns the leaflets",
        "They are four years old and advertise a concert [...]",
        "Lenwick Observer",
    ),
    ("Map trial begins again", "For the third time...", "Radio Tamsin"),
]


def _with_date(source: str) -> str:
    return f"{source}, 5 March 2024"


def _above_link(source: str) -> str:
    host = source.lower().replace(" ", "-")
    return f"{source}\nhttps://{host}.example.com/story"


@pytest.mark.parametrize("mark", ["", "• "])
@pytest.mark.parametrize(
    ("gap", "named"),
    [("\n", _above_link), ("\n", _with_date), ("\n\n", _with_date)],
)
def test_a_teaser_between_headline_and_source_is_the_text(
    mark: str, gap: str, named: Callable[[str], str]
) -> None:
    text = "\n\n".join(
        mark + gap.join([title, teaser, named(source)])
        for title, teaser, source in TEASERS
    )
    items = [parsed.item for parsed in read(text, DAY)]
    assert [(item.heading, item.text, item.source) for item in items] == TEASERS


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_headline_that_is_cut_off_stays_one(gap: str) -> None:
    titles = [
        "Dockers win a longer break as the company ...",
        "Judge returns the leaflets to the four …",
        "Map trial begins again with a new ...",
    ]
    sources = ["Brine Courier", "Lenwick Observer", "Radio Tamsin"]
    blocks = [
        gap.join([title, f"{source}, {day} March 2024", "It is a long story."])
        for day, (title, source) in enumerate(
            zip(titles, sources, strict=True), 4
        )
    ]
    items = read("\n\n".join(["Northern districts", *blocks]), DAY)
    assert [parsed.item.heading for parsed in items] == titles
    assert [parsed.item.source for parsed in items] == sources


def test_a_headline_that_is_cut_off_below_its_source_stays_one() -> None:
    text = "\n\n".join(
        f"{source}\n{title} …\n{day} March 2024\nhttps://{source.split()[1].lower()}.example.com/{day}"
        for day, (title, source) in enumerate(
            [
                ("Dockers win a longer break as the", "Brine Courier"),
                ("Judge returns the leaflets to the", "Lenwick Observer"),
                ("Map trial begins again with", "Radio Tamsin"),
            ],
            4,
        )
    )
    assert [_values(parsed)[:2] for parsed in read(text, DAY)] == [
        ("Dockers win a longer break as the …", "Brine Courier"),
        ("Judge returns the leaflets to the …", "Lenwick Observer"),
        ("Map trial begins again with …", "Radio Tamsin"),
    ]
