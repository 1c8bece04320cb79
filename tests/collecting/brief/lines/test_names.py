"""Names of organisations and places; headlines and sentences."""

import pytest

from briefing.collecting.brief.lines.headlines import (
    is_byline,
    is_greeting,
    is_headline,
)
from briefing.collecting.brief.lines.names import (
    is_acronym,
    is_name,
    is_organisation,
    is_place,
    is_proper_name,
)
from briefing.collecting.brief.lines.sentences import contains_sentence_end
from tests.collecting.brief.pasting import HEADLINE


@pytest.mark.parametrize(
    "name",
    [
        "Hillside Watch",
        "Association of Families",
        "Hillside Watch (HW)",
        "Verein für Beispiele",
        "Stiftung Neue Heimat",
        "Flüchtlingsverein",
        "Beispiel e. V.",
        "kurze Beispiele e.V.",
        "WUC",
        "Örnek Derneği",
    ],
)
def test_an_organisation_is_known_by_its_last_word_or_what_follows_it(
    name: str,
) -> None:
    assert is_organisation(name)


@pytest.mark.parametrize(
    "name",
    [
        "Hillside Watch Calls For Help",
        "Hillside watch",
        "Stiftung Neue Heimat Hier",
        "Association Today",
        "e. V.",
        " ".join(["Wort"] * 9 + ["e. V."]),
        "Velmar",
        "Erste Rede",
        "Green Bond",
        "TOOLONG",
        "",
    ],
)
def test_other_words_are_not_an_organisation(name: str) -> None:
    assert not is_organisation(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Post", True),
        ("post office", True),
        ("the Example Post", False),
        (" ".join(["Word"] * 10), True),
        (" ".join(["Word"] * 11), False),
        ("N" * 80, True),
        ("N" * 81, False),
        ("1234", False),
        ("", False),
    ],
)
def test_a_publishers_name_is_short(text: str, expected: bool) -> None:
    assert is_name(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Families of the Missing", True),
        ("The Example Post", True),
        ("the Example Post", True),
        ("of the Missing", False),
        ("Families with Names", False),
        ("(„Beispiel“) Post", True),
        (" ".join(["Word"] * 8), True),
        (" ".join(["Word"] * 9), False),
        ("", False),
    ],
)
def test_a_proper_name_is_capitalised(text: str, expected: bool) -> None:
    assert is_proper_name(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("EU", True), ("A", False), ("UNHCRX", True), ("UNHCRXY", False)],
)
def test_an_acronym_is_two_to_six_capitals(text: str, expected: bool) -> None:
    assert is_acronym(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rio de Janeiro", True),
        ("Santa Cruz del Norte", False),
        ("Example Post", False),
        ("BBC", False),
        ("BONN", True),
    ],
)
def test_a_place_has_up_to_three_words(text: str, expected: bool) -> None:
    assert is_place(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They came to Rome. It rained", True),
        ("They read it. Then they left", True),
        ("They met. “Now”", False),
        ("See Dr. Example", False),
        ("Ask Ada. Now", False),
        ("A U.S. court", False),
        ("Haus bzw. Hof", False),
        ("With Prof. Example", False),
        ("On p. 9", False),
    ],
)
def test_a_sentence_ends_after_a_word_that_is_not_an_abbreviation(
    text: str, expected: bool
) -> None:
    assert contains_sentence_end(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADLINE, True),
        ("Will the court open the archive?", True),
        (f"{HEADLINE}.", False),
        (f"“{HEADLINE}.”", False),
        (f"{HEADLINE} of", False),
        ("Dear friends", False),
        ("Dear friends of the archive in Exampleton", True),
        ("Care workers on strike", True),
        ("By Ada Example", False),
        ("1 2 3", False),
        ("N" * 200, True),
        ("N" * 201, False),
    ],
)
def test_a_headline_is_short_and_not_a_sentence(
    text: str, expected: bool
) -> None:
    assert is_headline(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear friends, it was a long week in which much happened.", True),
        ("Liebe Freunde: es war eine lange Woche, in der viel geschah.", True),
        ("Dear friends of the archive", True),
        ("Dear friends of the archive in Exampleton", False),
        ("Dear friends. It was a long week, in which much happened.", False),
        ("Dear friends,it was a long week in which much happened", False),
        ("Hello" + " n" * 40 + ", it was long", False),
        ("Deargfriends, it was a long week in which much happened", False),
        ("Cari amici, è stata una lunga settimana.", True),
        ("Caros leitores, foi uma longa semana.", True),
        ("Beste lezers, het was een lange week.", True),
        ("Care homes hid abuse, report finds", False),
        ("Cari açık büyüyor: yeni rakamlar", False),
        ("Cara a cara: dos ministros", False),
        ("Beste Reportage des Jahres: Preis für Exampleton", False),
    ],
)
def test_a_greeting_is_a_salutation_and_names(
    text: str, expected: bool
) -> None:
    assert is_greeting(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ada Example", True),
        ("von Ada Example und Ben Example", True),
        ("By A B C D E F", True),
        ("By A B C D E F G", False),
        ("By the sea", False),
        ("By", False),
        ("For Ada Example", False),
    ],
)
def test_a_byline_is_by_and_names(text: str, expected: bool) -> None:
    assert is_byline(text) is expected
