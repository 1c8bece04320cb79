"""Who published an item, and when: source lines, credits, notices, labels, contacts."""

import datetime as dt

import pytest

from briefing.collecting.brief.by_words.items import HIDDEN_NOTE
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief
from briefing.issue.model import Item, Kind
from tests.collecting.brief.pasting import HEADLINE, TEXT, only_item, read

# --- Source, date, credit


@pytest.mark.parametrize(
    "line",
    [
        "Example Post, 30 September 2021",
        "Example Post. 30 September 2021",
        "Example Post | 30 September 2021.",
        "Example Post – 30 September 2021",
        "Example Post, Thursday, September 30, 2021",
        "Example Post (30.09.2021)",
        "Example Post: 2021-09-30",
        "Example Post 30 September 2021",
        "Source: Example Post, 30 September 2021",
    ],
)
def test_a_source_line_is_a_name_and_a_date(line: str) -> None:
    item = only_item(HEADLINE, line, TEXT).item
    assert (item.heading, item.source, item.date) == (
        HEADLINE,
        "Example Post",
        dt.date(2021, 9, 30),
    )
    assert item.text == TEXT


def test_a_full_stop_of_the_name_stays() -> None:
    assert (
        only_item(
            HEADLINE, "Musterverein e. V., 30. September 2021", TEXT
        ).item.source
        == "Musterverein e. V."
    )


def test_a_source_line_may_come_before_its_headline() -> None:
    assert (
        only_item(
            "Example Post, 30 September 2021", HEADLINE, TEXT
        ).item.heading
        == HEADLINE
    )


def test_source_and_date_may_be_on_separate_lines() -> None:
    item = only_item(HEADLINE, "Example Post\n30 September 2021", TEXT).item
    assert (item.source, item.date, item.text) == (
        "Example Post",
        dt.date(2021, 9, 30),
        TEXT,
    )


def test_a_headline_that_ends_with_a_date_isnt_the_source() -> None:
    item = only_item(
        "Protest in Exampleton, 1 October 2020",
        "Example Post, 8 October 2020",
        TEXT,
    ).item
    assert (item.heading, item.source) == (
        "Protest in Exampleton, 1 October 2020",
        "Example Post",
    )


def test_a_date_in_the_text_is_never_the_items() -> None:
    parsed = only_item(
        "Statement of the Example Council",
        "We met on 1 October 2020.",
        "9 October 2020",
        TEXT,
    )
    assert parsed.item.date is None
    assert (
        parsed.item.text
        == f"We met on 1 October 2020.\n\n9 October 2020\n\n{TEXT}"
    )
    assert "no date; the text mentions 1 October 2020" in parsed.notes


def test_a_wrapped_line_that_looks_like_a_source_line_stays_text() -> None:
    text = "The delegation met the Commissioner and was then received at the\nGeneva, 22 September 2020."
    assert (
        only_item(HEADLINE, "Example Post, 8 October 2020", text).item.source
        == "Example Post"
    )


def test_of_two_dates_that_in_the_source_line_counts_and_a_note_has_both() -> (
    None
):
    parsed = only_item(
        HEADLINE, "9 October 2020", "Example Post, 8 October 2020", TEXT
    )
    assert parsed.item.date == dt.date(2020, 10, 8)
    assert "two dates: 9 October 2020 and 8 October 2020" in parsed.notes


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Example Agency",
        "Photo:Example Agency.",
        "Photo by Example Agency",
        "Photo credit: Example Agency",
        "(Photo: © Example Agency)",
        "Foto: Example Agency",
        "Fotoğraf: Example Agency",
        "© Example Agency",
        "Photo Example Agency",
    ],
)
def test_a_credit_belongs_to_the_photo_and_is_not_text(line: str) -> None:
    item = only_item(HEADLINE, "Example Post, 8 October 2020", line, TEXT).item
    assert (item.photo, item.text) == ("Example Agency", TEXT)


def test_a_headline_may_begin_with_the_word_photo() -> None:
    assert (
        only_item(
            "Photo Exhibition Opens", "Example Post, 8 October 2020", TEXT
        ).item.heading
        == "Photo Exhibition Opens"
    )


@pytest.mark.parametrize(
    "notice",
    [
        "Below is an article published by Example Post. Photo Example Agency",
        "Below is an article published by Example Post. Photo: Example Agency.",
        "Nachfolgend ein Artikel von Example Post. Foto: Example Agency",
        "Aşağıda Example Post tarafından yayımlanan bir haber yer almaktadır. Fotoğraf: Example Agency",
    ],
)
def test_a_notice_supplies_the_credit_and_source_that_no_line_has(
    notice: str,
) -> None:
    parsed = only_item(HEADLINE, notice, TEXT)
    assert (parsed.item.source, parsed.item.photo, parsed.item.text) == (
        "Example Post",
        "Example Agency",
        TEXT,
    )
    assert parsed.notes == ("no date", "no link")


def test_a_notice_that_contradicts_the_source_line_is_quoted_in_a_note() -> (
    None
):
    parsed = only_item(
        HEADLINE,
        "Example Post, 8 October 2020",
        "Below is an article published by Example Radio.",
        TEXT,
    )
    assert parsed.item.source == "Example Post"
    assert (
        "a notice in the brief says “Below is an article published by Example Radio.”"
        in parsed.notes
    )


@pytest.mark.parametrize(
    "headline",
    [
        "Joint statement on the archive, 8 October 2020",
        "Urgent appeal for a teacher – 8 October 2020",
        "8 October 2020 – Erklärung zum Archiv",
        "Published 8 October 2020 by Statement Watch",
        "Hall of the Archive in the Old Town of Exampleton on the Long and Cold River, 8 October 2020",
        "Court opens the archive 8 October 2020",
    ],
)
def test_a_headline_with_a_date_isnt_a_source_line(headline: str) -> None:
    item = only_item(headline, TEXT).item
    assert (item.heading, item.source) == (headline, "")


@pytest.mark.parametrize(
    ("name", "is_source"),
    [
        ("Radio Free Example Coast", True),
        ("Radio Free Example Coast Today", False),
        ("Radio of Example", False),
    ],
)
def test_only_a_short_name_needs_no_comma_before_its_date(
    name: str, is_source: bool
) -> None:
    item = only_item(HEADLINE, f"{name} 30 September 2021", TEXT).item
    assert (item.source == name) is is_source


@pytest.mark.parametrize(
    ("name", "is_source"),
    [
        ("Radio Free Example Coast North West", True),
        ("Radio Free Example Coast North West Today", False),
    ],
)
def test_a_name_after_a_date_has_up_to_six_words(
    name: str, is_source: bool
) -> None:
    item = only_item(HEADLINE, f"30 September 2021 – {name}", TEXT).item
    assert (item.source == name) is is_source


@pytest.mark.parametrize(
    "time",
    [
        "8.30",
        "18.30",
        "12.11. 18.30",
        "12.11.18.30",
        "8.30.2",
        "31.2.20",
        "12:11:20",
    ],
)
def test_a_time_of_day_is_not_a_date(time: str) -> None:
    parsed = only_item(HEADLINE, f"Example Hall, {time}", TEXT)
    assert (parsed.item.source, parsed.item.date) == ("", None)
    assert parsed.item.text == f"Example Hall, {time}\n\n{TEXT}"


# --- Kinds, contacts, hidden addresses


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("Example Council Statement on the archive", Kind.STATEMENT),
        ("Gemeinsame Erklärung zum Archiv", Kind.STATEMENT),
        ("Arşiv için ortak açıklama", Kind.STATEMENT),
        ("EC Press Release on the archive", Kind.PRESS_RELEASE),
        ("Urgent Action: teacher in prison", Kind.APPEAL),
        ("Appeal for the release of a teacher", Kind.APPEAL),
        ("Eilaktion: Lehrerin in Haft", Kind.APPEAL),
        ("EC Appeal for a teacher", Kind.APPEAL),
        ("New Appeal for a teacher", Kind.ARTICLE),
        ("Appeal court opens the archive", Kind.ARTICLE),
        ("Court of appeal opens the archive", Kind.ARTICLE),
    ],
)
def test_the_headline_names_the_kind(headline: str, kind: Kind) -> None:
    assert (
        only_item(headline, "Example Council, 8 October 2020", TEXT).item.kind
        is kind
    )


@pytest.mark.parametrize(
    "label",
    [
        "Press Release– For immediate release",
        "FOR IMMEDIATE RELEASE",
        "Pressemitteilung – zur sofortigen Veröffentlichung",
        "Basın bülteni",
    ],
)
def test_a_label_is_not_a_headline(label: str) -> None:
    parsed = only_item(
        f"{label}\n8 October 2020\nContact: Example Watch\n+44 20 0000 0000",
        TEXT,
    )
    assert parsed.item == Item(
        kind=Kind.PRESS_RELEASE,
        source="Example Watch",
        date=dt.date(2020, 10, 8),
        contact="Example Watch, +44 20 0000 0000",
        text=TEXT,
    )
    assert parsed.notes == ("no headline", "no link")


def test_a_label_begins_a_new_item_and_a_headline_may_follow_it() -> None:
    first, second = read(
        f"{HEADLINE}\n\nExample Post, 8 October 2020\n\n{TEXT}\n\nPRESS RELEASE\n\nVigil on Friday\n\n{TEXT}"
    )
    assert first.item.kind is Kind.ARTICLE
    assert (second.item.heading, second.item.kind) == (
        "Vigil on Friday",
        Kind.PRESS_RELEASE,
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "[email protected]",
        "[email\u00a0protected]",
        "[email&#160;protected]",
        "[E-Mail geschützt]",
        "[e-posta korumalı]",
    ],
)
def test_a_hidden_address_is_removed_and_noted(hidden: str) -> None:
    release = only_item(
        f"Press release\nContact: Example Watch\n+44 20 0000 0000 or {hidden}",
        TEXT,
    )
    assert release.item.contact == "Example Watch, +44 20 0000 0000"
    article = only_item(HEADLINE, f"Write to {hidden} or call.")
    assert article.item.text == "Write to or call."
    alone = only_item(HEADLINE, TEXT, hidden)
    assert alone.item.text == TEXT
    assert all(
        HIDDEN_NOTE in parsed.notes for parsed in (release, article, alone)
    )


def test_the_link_of_a_hidden_address_goes_with_it() -> None:
    link = (
        "[email protected]",
        "https://example.org/cdn-cgi/l/email-protection#a1",
    )
    (parsed,) = read_brief(
        [
            Paragraph((HEADLINE,)),
            Paragraph(("Write to [email protected]",), (link,)),
        ]
    ).items
    assert parsed.item.text == "Write to"


# --- More forms of source lines


@pytest.mark.parametrize(
    "line",
    [
        "30.09.2021 - Radio Free Example",
        "30 September 2021 | Radio Free Example",
        "Thursday, September 30, 2021 – Radio Free Example",
        "Published 2021-09-30 by Radio Free Example",
        "Published on 30 September 2021 by Radio Free Example",
        "Published by Radio Free Example on 30 September 2021",
        "Radio Free Example, published 30 September 2021",
        "Veröffentlicht am 30.9.2021 von Radio Free Example",
        "Radio Free Example, 30.9.21",
    ],
)
def test_the_date_may_come_first_with_words_of_publishing_between(
    line: str,
) -> None:
    item = only_item(HEADLINE, line, TEXT).item
    assert (item.source, item.date, item.text) == (
        "Radio Free Example",
        dt.date(2021, 9, 30),
        TEXT,
    )


@pytest.mark.parametrize(
    "line",
    [
        "30 September 2021 – Police search an office",
        "30.09.2021 - Büro durchsucht",
    ],
)
def test_a_headline_after_a_date_is_not_a_name(line: str) -> None:
    assert only_item(line, TEXT).item.source == ""


@pytest.mark.parametrize(
    "line",
    [
        "Example Post | 8 October 2020 | By Ada Example",
        "Example Post | By Ada Example | 8 October 2020",
        "By Ada Example | Example Post, 8 October 2020",
        "8 October 2020 – Example Post – By Ada Example",
        "Example Post, 8 October 2020, By Ada Example",
    ],
)
def test_the_byline_of_a_source_line_begins_the_text(line: str) -> None:
    item = only_item(HEADLINE, line, TEXT).item
    assert (item.source, item.date) == ("Example Post", dt.date(2020, 10, 8))
    assert item.text == f"By Ada Example\n\n{TEXT}"


# --- Place or source


def test_below_a_label_a_place_isnt_the_source() -> None:
    parsed = only_item(
        f"PRESS RELEASE\nFree the teacher now\nVelmar, 5th November 2020\n{TEXT}"
    )
    assert parsed.item == Item(
        heading="Free the teacher now",
        kind=Kind.PRESS_RELEASE,
        date=dt.date(2020, 11, 5),
        text=TEXT,
    )
    assert parsed.notes == (
        "no source",
        "no link",
        "is this a place or the source? “Velmar, 5th November 2020”",
    )


@pytest.mark.parametrize(
    "place", ["Velmar", "New York", "Rio de Janeiro", "The Hague"]
)
def test_places_of_up_to_three_words_arent_the_source(place: str) -> None:
    item = only_item(
        f"Press release\n{HEADLINE}\n{place}, 5 November 2020\n{TEXT}"
    ).item
    assert (item.heading, item.source, item.date) == (
        HEADLINE,
        "",
        dt.date(2020, 11, 5),
    )


def test_people_who_published_something_are_its_authors() -> None:
    item = only_item(
        f"{HEADLINE}\nPublished on 5 November 2020 by Jane Doe\n{TEXT}"
    ).item
    assert (item.source, item.date) == ("", dt.date(2020, 11, 5))
    assert item.text.startswith("by Jane Doe")


def test_behind_an_author_a_publisher_may_be_named_with_for() -> None:
    item = only_item(
        f"{HEADLINE}\nBy Jane Doe for the Example Post, 5 November 2020\n{TEXT}"
    ).item
    assert (item.source, item.text.partition("\n")[0]) == (
        "Example Post",
        "By Jane Doe",
    )


@pytest.mark.parametrize(
    "publisher",
    [
        "Example Post",
        "Hillside Watch",
        "Musterverein",
        "WUC",
        "BBC",
        "Families and Friends Together",
    ],
)
def test_names_that_cant_be_places_are_the_source(publisher: str) -> None:
    item = only_item(
        f"Press release\n{HEADLINE}\n{publisher}, 5 November 2020\n{TEXT}"
    ).item
    assert (item.heading, item.source, item.date) == (
        HEADLINE,
        publisher,
        dt.date(2020, 11, 5),
    )


def test_a_long_acronym_is_a_place() -> None:
    assert (
        only_item(
            f"Press release\n{HEADLINE}\nBONN, 5 November 2020\n{TEXT}"
        ).item.source
        == ""
    )


@pytest.mark.parametrize(
    "head",
    [
        "Press release\nHillside Watch\nBerlin, 5 November 2020\nFree the teacher now",
        "Press release\n5 November 2020\nHillside Watch\nFree the teacher now",
        "Press release\nHillside Watch\n5 November 2020\nFree the teacher now",
        "Press release\nFree the teacher now\nHillside Watch\nBerlin, 5 November 2020",
        "Press release\n\nHillside Watch\n\nBerlin, 5 November 2020\n\nFree the teacher now",
        "Press release\nHillside Watch, 5 November 2020\nFree the teacher now",
        "Press release\nHillside Watch\nBerlin, 5 November 2020\n\nFree the teacher now",
    ],
)
def test_the_organisation_between_label_and_headline_is_the_source(
    head: str,
) -> None:
    item = only_item(head, TEXT).item
    assert (item.heading, item.source) == (
        "Free the teacher now",
        "Hillside Watch",
    )
    assert (item.kind, item.date, item.text) == (
        Kind.PRESS_RELEASE,
        dt.date(2020, 11, 5),
        TEXT,
    )


def test_the_organisation_below_a_headline_of_two_sentences_is_the_source() -> (
    None
):
    headline = "The valley has no signal. The map says otherwise"
    item = only_item(
        f"Press release\n\n{headline}\nHillside Watch\n5 November 2020\n{TEXT}"
    ).item
    assert (item.heading, item.source, item.date, item.text) == (
        headline,
        "Hillside Watch",
        dt.date(2020, 11, 5),
        TEXT,
    )


def test_an_organisation_that_says_something_below_a_label_is_the_headline() -> (
    None
):
    for headline in (
        "Hillside Watch Calls For Help",
        "Hillside Watch calls for the release of a teacher",
    ):
        assert (
            only_item(
                f"Press release\n{headline}\n5 November 2020\n{TEXT}"
            ).item.heading
            == headline
        )


def test_an_organisation_between_headline_and_place_is_the_source_even_without_a_label() -> (
    None
):
    parsed = only_item(
        f"{HEADLINE}\nHillside Watch\nBerlin, 5 November 2020\n{TEXT}"
    )
    assert (parsed.item.heading, parsed.item.source) == (
        HEADLINE,
        "Hillside Watch",
    )
    assert (
        "is this a place or the source? “Berlin, 5 November 2020”"
        in parsed.notes
    )


def test_a_place_is_not_the_source_if_another_line_names_that() -> None:
    parsed = only_item(
        HEADLINE, "Velmar, 5 November 2020", TEXT, "Source: Hillside Watch"
    )
    assert (parsed.item.source, parsed.item.date) == (
        "Hillside Watch",
        dt.date(2020, 11, 5),
    )


@pytest.mark.parametrize(
    "label", ["Basın Açıklaması", "BASIN BİLDİRİSİ", "Basın bülteni"]
)
def test_a_turkish_release_is_of_the_association_below_its_label(
    label: str,
) -> None:
    parsed = only_item(
        f"{label}\n13 Kasım 2020\nKayıp Anneleri Derneği",
        "Cuma günü toplanıyoruz.",
        "İletişim: Ada Örnek, +90 555 000",
    )
    assert parsed.item == Item(
        kind=Kind.PRESS_RELEASE,
        source="Kayıp Anneleri Derneği",
        date=dt.date(2020, 11, 13),
        contact="Ada Örnek, +90 555 000",
        text="Cuma günü toplanıyoruz.",
    )


@pytest.mark.parametrize(
    ("contact", "source"),
    [
        ("Hillside Watch, +44 20 0000", "Hillside Watch"),
        ("Verein Beispiel", "Verein Beispiel"),
        ("Örnek Vakfı, ornek@example.org", "Örnek Vakfı"),
        ("WUC, +49 89 000000", "WUC"),
        ("Families of the Missing", "Families of the Missing"),
        ("Ada Example, Hillside Watch, +44 20 0000", "Hillside Watch"),
        ("Ada Example, press@example.org", ""),
        ("Dr. Ada Example", ""),
        ("Ada Example, press officer", ""),
    ],
)
def test_a_contact_is_the_source_only_if_it_reads_like_an_organisation(
    contact: str, source: str
) -> None:
    parsed = only_item(f"Press release\nContact: {contact}", TEXT)
    assert parsed.item.source == source
    assert "@" not in " ".join(parsed.notes)
    hints = [
        note
        for note in parsed.notes
        if note.startswith("no source; the contact is ")
    ]
    assert bool(hints) is not bool(source)
