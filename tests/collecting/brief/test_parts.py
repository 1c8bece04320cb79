"""The parts around items: titles, sections, introductions, sign-offs, footers."""

import datetime as dt

import pytest

from briefing.collecting.brief.model import NOT_AN_ITEM, Brief, ParsedItem
from briefing.collecting.brief.paragraphs import Paragraph, split_paragraphs
from briefing.collecting.brief.parse import read_brief
from briefing.issue.model import Item, Kind
from tests.collecting.brief.pasting import (
    HEADLINE,
    SOURCE,
    TEXT,
    only_item,
    read,
)


def test_a_brief_inside_the_brief_keeps_its_inner_headline_bold_in_the_text() -> (
    None
):
    item = read(
        f"{HEADLINE}\n\n{TEXT}\n\nRead more\n\n"
        f"Weekly Brief, 2 October 2020\n\nExample Watch, 2 October 2020\n\nArchive shut again\n\n{TEXT}\n\nRead more"
    )[1].item
    assert (item.kind, item.heading, item.source) == (
        Kind.BRIEF,
        "Weekly Brief, 2 October 2020",
        "Example Watch",
    )
    assert item.text == f"**Archive shut again**\n\n{TEXT}"


@pytest.mark.parametrize(
    "title",
    [
        "Weekly Brief, 9 October 2020",
        "WEEKLY BRIEF",
        "9 October 2020",
        "In the news",
        "Example News, 9 October 2020",
    ],
)
def test_a_title_above_the_first_item_is_quoted_in_a_note(title: str) -> None:
    parsed = only_item(title, HEADLINE, "Example Post, 8 October 2020", TEXT)
    assert (parsed.item.heading, parsed.item.date) == (
        HEADLINE,
        dt.date(2020, 10, 8),
    )
    assert parsed.item.text == TEXT
    assert f"left out above it: “{title}”" in parsed.notes


@pytest.mark.parametrize(
    "part", ["TOP STORIES", "IN BRIEF", "Kurz notiert", "Kısa haberler:"]
)
def test_a_section_heading_does_not_belong_to_an_item(part: str) -> None:
    first, second = read(
        "\n\n".join(
            [
                HEADLINE,
                SOURCE,
                TEXT,
                part,
                "Teacher freed",
                "She thanked all who wrote.",
            ]
        )
    )
    assert first.item.text == TEXT
    assert (second.item.heading, second.item.text) == (
        "Teacher freed",
        "She thanked all who wrote.",
    )
    assert f"left out above it: “{part}”" in second.notes


def test_a_headline_in_capitals_above_its_source_is_one() -> None:
    assert (
        only_item("ARCHIVE OPEN AGAIN", SOURCE, TEXT).item.heading
        == "ARCHIVE OPEN AGAIN"
    )


def test_a_headline_in_capitals_above_a_sentence_is_one() -> None:
    item = only_item("ARCHIVE OPEN AGAIN", TEXT).item
    assert (item.heading, item.text) == ("ARCHIVE OPEN AGAIN", TEXT)


def test_words_below_the_last_item_are_kept_as_an_item_without_headline() -> (
    None
):
    first, rest = read(
        "\n\n".join([HEADLINE, TEXT, "Read more", "In the news"])
    )
    assert first.item.heading == HEADLINE
    assert rest == ParsedItem(Item(text="In the news"), (NOT_AN_ITEM,))


def test_a_footer_below_a_stray_title_is_quoted_with_it() -> None:
    *_, rest = read(
        "\n\n".join(
            [HEADLINE, TEXT, "Read more", "In the news", "Best regards"]
        )
    )
    assert rest.notes[-1] == "left out below it: “Best regards”"


# --- Greetings and introductions


@pytest.mark.parametrize(
    "greeting",
    ["Dear friends,", "Liebe Freunde,", "Değerli dostlar,", "Hello everybody!"],
)
def test_an_introduction_is_kept_and_not_an_item(greeting: str) -> None:
    words = "This week was long and loud, and we want to thank all who have read for us. Please forward it!"
    brief = read_brief(
        split_paragraphs(
            f"{greeting}\n\n{words}\n\n{HEADLINE}\n\n{SOURCE}\n\n{TEXT}"
        )
    )
    # The email greets each reader by name.
    assert brief.introduction == words
    (parsed,) = brief.items
    assert parsed.notes[0] == f"left out above it: “{greeting}”"
    assert (parsed.item.heading, parsed.item.text) == (HEADLINE, TEXT)
    note = next(
        note
        for note in parsed.notes
        if note.startswith("moved to the introduction: “")
    )
    quote = note.partition("“")[2].rstrip("”")
    assert len(quote) <= 60
    assert f"{greeting} {words}".startswith(quote.rstrip("…"))


def test_an_introduction_ends_even_at_a_headline_without_a_source() -> None:
    brief = read_brief(
        split_paragraphs(
            f"Dear friends,\n\nIt was a long week.\n\n{HEADLINE}\n\n{TEXT}\n\nRead more"
        )
    )
    assert brief.introduction == "It was a long week."
    assert [parsed.item.heading for parsed in brief.items] == [HEADLINE]


def test_an_introduction_may_list_the_contents() -> None:
    brief = read_brief(
        split_paragraphs(
            f"Hello all,\n\nin this issue:\n- one\n- two\n\n{HEADLINE}\n{SOURCE}\n{TEXT}"
        )
    )
    assert brief.introduction == "In this issue:\n\n- one\n- two"


def test_a_greeting_stays_in_the_sentence_that_it_begins() -> None:
    words = "Hello all, it was a long week."
    brief = read_brief(split_paragraphs(f"{words}\n\n{HEADLINE}\n{SOURCE}"))
    assert brief.introduction == words


def test_a_brief_of_nothing_but_an_introduction_is_an_item_that_the_editor_is_asked_about() -> (
    None
):
    item = Item(text="Dear readers,\n\nThis week was long.")
    assert read_brief(split_paragraphs(item.text)) == Brief(
        [ParsedItem(item, (NOT_AN_ITEM,))]
    )


def test_an_open_letter_is_an_item_with_its_greeting_and_its_signature() -> (
    None
):
    letter = (
        "Dear Minister,\n\nOpen the archive.\n\nYours sincerely,\nAda Example"
    )
    first, _ = read(
        f"Open letter\n\n{SOURCE}\n\n{letter}\n\n{HEADLINE}\n\n{SOURCE}\n\n{TEXT}"
    )
    assert (
        first.item.text
        == "Dear Minister,\n\nOpen the archive.\n\nYours sincerely, Ada Example"
    )


# --- Sign-offs and footers


@pytest.mark.parametrize(
    ("end", "quotes"),
    [
        ("Best regards,\nAda and the team", ["Best regards, Ada and the team"]),
        ("Kind regards", ["Kind regards"]),
        ("Yours,\n\nAda", ["Yours,", "Ada"]),
        (
            "Mit freundlichen Grüßen\nDie Redaktion",
            ["Mit freundlichen Grüßen Die Redaktion"],
        ),
        ("Saygılarımızla,\nÖrnek Derneği", ["Saygılarımızla, Örnek Derneği"]),
        (
            "That's all for this week. Stay safe!",
            ["That's all for this week. Stay safe!"],
        ),
        (
            "--\nExample Watch e.V.\n1 Example Street",
            ["Example Watch e.V. 1 Example Street"],
        ),
        (
            "You are receiving this because you signed up.",
            ["You are receiving this because you signed up."],
        ),
        ("Unsubscribe: https://list.example/unsub?id=1", ["Unsubscribe"]),
        (
            "To unsubscribe write to leave@list.example",
            ["To unsubscribe write to"],
        ),
        ("Newsletter abmelden", ["Newsletter abmelden"]),
        (
            "See all past issues (https://list.example/all)",
            ["See all past issues"],
        ),
        (
            "Read more stories https://list.example/more",
            ["Read more stories"],
        ),
        ("Все выпуски", ["Все выпуски"]),
        ("Abonelikten çık: https://list.example/1", ["Abonelikten çık"]),
        ("Tired of us? https://list.example/OptOut/1", ["Tired of us?"]),
        (
            "Example Watch | 1 Example Street\nUnsubscribe",
            ["Example Watch | 1 Example Street Unsubscribe"],
        ),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_sign_offs_and_footers_are_quoted_in_a_note(
    end: str, quotes: list[str], between: str
) -> None:
    parsed = only_item(f"{HEADLINE}\n{SOURCE}\n\n{TEXT}{between}{end}")
    assert parsed.item == Item(
        heading=HEADLINE,
        source="Example Post",
        date=dt.date(2020, 10, 8),
        text=TEXT,
    )
    assert parsed.notes == (
        "no link",
        *(f"left out below it: “{words}”" for words in quotes),
    )


NAMES = [f"Ada Example {number}" for number in range(10)]


@pytest.mark.parametrize(
    ("below", "is_left_out"),
    [
        (NAMES[:8], True),
        (NAMES[:9], False),
        (["N" * 80], True),
        (["N" * 81], False),
        (["Hillside Watch e.V."], True),
        (["We met again."], False),
        (["* * *", "Ada Example"], True),
    ],
)
def test_a_sign_off_is_left_out_above_a_few_short_lines_only(
    below: list[str], is_left_out: bool
) -> None:
    text = only_item(
        f"{HEADLINE}\n{SOURCE}\n\n{TEXT}", "Best regards,", *below
    ).item.text
    assert (text == TEXT) is is_left_out


@pytest.mark.parametrize(
    "words", ["Best regards, " + "N" * 58, "See you next week. " + "N" * 70]
)
def test_a_sign_off_may_name_its_sender(words: str) -> None:
    assert only_item(HEADLINE, SOURCE, TEXT, words).item.text == TEXT
    assert only_item(HEADLINE, SOURCE, TEXT, words + "N" * 40).item.text != TEXT


@pytest.mark.parametrize(("length", "is_left_out"), [(400, True), (401, False)])
def test_a_long_paragraph_isnt_a_footer(length: int, is_left_out: bool) -> None:
    footer = "Unsubscribe here ".ljust(length, "n")
    assert (
        only_item(HEADLINE, SOURCE, TEXT, footer).item.text == TEXT
    ) is is_left_out


@pytest.mark.parametrize(("count", "is_left_out"), [(8, True), (9, False)])
def test_a_footer_includes_a_few_lines_below_it(
    count: int, is_left_out: bool
) -> None:
    footer = "\n".join(
        ["Unsubscribe", *(f"Line {number} of it." for number in range(count))]
    )
    assert (
        only_item(HEADLINE, SOURCE, TEXT, footer).item.text == TEXT
    ) is is_left_out


def test_a_footer_between_two_pasted_emails_is_also_left_out() -> None:
    first, second = read(
        f"{HEADLINE}\n{SOURCE}\n{TEXT}\nBest regards,\nAda\nUnsubscribe: https://list.example/unsub?id=1\n"
        f"Two papers close\nExample Herald, 9 October 2020\n{TEXT}"
    )
    assert first.item.text == TEXT
    assert first.item.link == ""
    assert (second.item.heading, second.item.text) == ("Two papers close", TEXT)


def test_the_linked_words_of_a_footer_never_lead_to_the_items_link() -> None:
    blocks = [Paragraph((HEADLINE,)), Paragraph((SOURCE,)), Paragraph((TEXT,))]
    leaving = (("here", "https://list.example/u?do=unsubscribe"),)
    (parsed,) = read_brief(
        [*blocks, Paragraph(("Click here to leave.",), leaving)]
    ).items
    assert parsed.item.link == ""
    assert parsed.notes == (
        "no link",
        "left out below it: “Click here to leave.”",
    )


@pytest.mark.parametrize(
    "headline",
    [
        "Best regards from the front",
        "Copyright reform passes",
        "Unsubscribe, says the court",
    ],
)
def test_a_headline_may_begin_as_an_ending_does(headline: str) -> None:
    assert only_item(f"{headline}\n{SOURCE}\n{TEXT}").item.heading == headline


def test_a_long_footer_is_quoted_as_a_whole() -> None:
    footer = "You are receiving this as you are a friend. " + "Example " * 40
    parsed = only_item(HEADLINE, SOURCE, TEXT, footer)
    assert parsed.notes[-1] == f"left out below it: “{footer.strip()}”"
