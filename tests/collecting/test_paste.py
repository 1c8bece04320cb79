"""What is found in a pasted brief. The samples in data/ are made up; the real one, where it is at hand, is the seed."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from briefing.collecting.lines import Paragraph
from briefing.collecting.literal import markdown
from briefing.collecting.paste import HIDDEN_NOTE, NOT_AN_ITEM, Pasted, decode, paragraphs, read_brief
from briefing.errors import BriefingError
from briefing.issue.markdown import heading_in
from briefing.issue.model import Item, Kind

DATA = Path(__file__).parent / "data"
SEED = Path(__file__).parents[3] / "shared" / "seed"
HEADLINE = "Court opens the archive"
TEXT = "The archive in Exampleton is open to all again."


def escape(text: str) -> str:
    """Some lines of plain text as Markdown source."""
    return "\n".join(markdown(line.strip()) for line in re.split(r"\r\n?|\n", text.replace("\0", "")))


def read(text: str) -> list[Pasted]:
    return read_brief(paragraphs(text))


def one(*blocks: str) -> Pasted:
    """The only item in some paragraphs of plain text."""
    (pasted,) = read("\n\n".join(blocks))
    return pasted


# --- Whole briefs ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed isn't beside this checkout (../shared/seed)")
def test_the_seed_gives_what_is_expected_of_it() -> None:
    expected = json.loads((SEED / "weekly-brief.expected.json").read_text("utf-8"))
    found = read_brief(paragraphs(decode((SEED / "weekly-brief.txt").read_bytes())))
    assert len(found) == len(expected) == 7
    for pasted, wanted in zip(found, expected, strict=True):
        assert pasted.item == _expected_item(wanted)
        assert pasted.notes == _expected_notes(wanted)
        assert "protected" not in repr(pasted.item)


def _expected_item(wanted: dict[str, object]) -> Item:
    body = [str(text).strip() for text in _listed(wanted["body"])]
    nested = wanted.get("nested")
    if isinstance(nested, dict):
        body.insert(0, f"**{nested['title']}**")
    contact = "World Uyghur Congress, +49 89 5432 1999" if "contact" in wanted else ""
    return Item(
        heading=str(wanted["title"] or ""),
        kind=Kind(str(wanted["kind"])),
        source=str(wanted["source"] or ""),
        date=dt.date.fromisoformat(str(wanted["date"])) if wanted["date"] else None,
        photo=str(wanted["credit"] or ""),
        contact=contact,
        text="\n\n".join(body),
    )


def _expected_notes(wanted: dict[str, object]) -> tuple[str, ...]:
    lacks = [f"no {name}" for name, key in (("headline", "title"), ("source", "source")) if not wanted[key]]
    lacks += [] if wanted["date"] else ["no date; the text mentions 1 October 2020"]
    return (*lacks, "no link", *([HIDDEN_NOTE] if "contact" in wanted else []))


def _listed(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.txt")))
def test_sample_briefs_give_the_items_beside_them(name: str) -> None:
    """Each data/NAME.txt has its items in data/NAME.json; empty fields are left out there."""
    found = read_brief(paragraphs(decode((DATA / f"{name}.txt").read_bytes())))
    assert [_shown(pasted) for pasted in found] == json.loads((DATA / f"{name}.json").read_text("utf-8"))


def _shown(pasted: Pasted) -> dict[str, object]:
    item = pasted.item
    values: dict[str, object] = {
        "heading": item.heading,
        "kind": item.kind.value,
        "source": item.source,
        "date": item.date.isoformat() if item.date else "",
        "link": item.link,
        "photo": item.photo,
        "contact": item.contact,
        "text": item.text.split("\n\n") if item.text else "",
        "notes": list(pasted.notes),
    }
    return {name: value for name, value in values.items() if value}


# --- Bytes and paragraphs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_that_editors_save(encoding: str) -> None:
    text = "“Größe” – naïve\r\nline\rend"
    assert decode(text.encode(encoding)) == "“Größe” – naïve\nline\nend"


def test_nul_characters_are_dropped() -> None:
    assert decode(b"a\0b") == "ab"


@pytest.mark.parametrize("data", [b"\x81\x8d", b"\xff\xfea", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\xd8"])
def test_what_is_no_text_is_refused_with_a_cure_on_one_line(data: bytes) -> None:
    with pytest.raises(BriefingError, match=r"^this is no text .*; save it as plain text .*$"):
        decode(data)


def test_paragraphs_stand_between_blank_lines_and_carry_the_addresses_in_them() -> None:
    text = "one\ntwo https://example.org/a_(b), (https://example.org/c).\r\n \u00a0\r\nthree\u2029four"
    first, second = "https://example.org/a_(b)", "https://example.org/c"
    assert paragraphs(text) == [
        Paragraph(("one", f"two {first}, ({second})."), ((first, first), (second, second))),
        Paragraph(("three",)),
        Paragraph(("four",)),
    ]


# --- Source, date, credit ----------------------------------------------------------------------------------------


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
    item = one(HEADLINE, line, TEXT).item
    assert (item.heading, item.source, item.date) == (HEADLINE, "Example Post", dt.date(2021, 9, 30))
    assert item.text == TEXT


def test_a_full_stop_of_the_name_stays() -> None:
    assert one(HEADLINE, "Musterverein e. V., 30. September 2021", TEXT).item.source == "Musterverein e. V."


def test_a_source_line_may_stand_before_its_headline() -> None:
    assert one("Example Post, 30 September 2021", HEADLINE, TEXT).item.heading == HEADLINE


def test_source_and_date_may_stand_on_lines_of_their_own() -> None:
    item = one(HEADLINE, "Example Post\n30 September 2021", TEXT).item
    assert (item.source, item.date, item.text) == ("Example Post", dt.date(2021, 9, 30), TEXT)


def test_a_headline_that_ends_with_a_date_isnt_the_source() -> None:
    item = one("Protest in Exampleton, 1 October 2020", "Example Post, 8 October 2020", TEXT).item
    assert (item.heading, item.source) == ("Protest in Exampleton, 1 October 2020", "Example Post")


def test_a_date_in_the_text_is_never_the_items() -> None:
    pasted = one("Statement of the Example Council", "We met on 1 October 2020.", "9 October 2020", TEXT)
    assert pasted.item.date is None
    assert pasted.item.text == f"We met on 1 October 2020.\n\n9 October 2020\n\n{TEXT}"
    assert "no date; the text mentions 1 October 2020" in pasted.notes


def test_a_wrapped_line_that_looks_like_a_source_line_stays_text() -> None:
    text = "The delegation met the Commissioner and was then received at the\nGeneva, 22 September 2020."
    assert one(HEADLINE, "Example Post, 8 October 2020", text).item.source == "Example Post"


def test_of_two_dates_the_source_lines_counts_and_the_other_is_told() -> None:
    pasted = one(HEADLINE, "9 October 2020", "Example Post, 8 October 2020", TEXT)
    assert pasted.item.date == dt.date(2020, 10, 8)
    assert "two dates: 9 October 2020 and 8 October 2020" in pasted.notes


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
def test_a_credit_is_the_photos_and_no_text(line: str) -> None:
    item = one(HEADLINE, "Example Post, 8 October 2020", line, TEXT).item
    assert (item.photo, item.text) == ("Example Agency", TEXT)


def test_a_headline_may_begin_with_the_word_photo() -> None:
    assert one("Photo Exhibition Opens", "Example Post, 8 October 2020", TEXT).item.heading == "Photo Exhibition Opens"


@pytest.mark.parametrize(
    "notice",
    [
        "Below is an article published by Example Post. Photo Example Agency",
        "Below is an article published by Example Post. Photo: Example Agency.",
        "Nachfolgend ein Artikel von Example Post. Foto: Example Agency",
        "Aşağıda Example Post tarafından yayımlanan bir haber yer almaktadır. Fotoğraf: Example Agency",
    ],
)
def test_a_notice_gives_the_credit_and_the_source_where_no_line_does(notice: str) -> None:
    pasted = one(HEADLINE, notice, TEXT)
    assert (pasted.item.source, pasted.item.photo, pasted.item.text) == ("Example Post", "Example Agency", TEXT)
    assert pasted.notes == ("no date", "no link")


def test_a_notice_that_names_another_publisher_than_the_source_line_is_told() -> None:
    pasted = one(HEADLINE, "Example Post, 8 October 2020", "Below is an article published by Example Radio.", TEXT)
    assert pasted.item.source == "Example Post"
    assert "the notice says “Below is an article published by Example Radio.”" in pasted.notes


# --- Read more ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Read More →",
        "Read more",
        "READ THE FULL STATEMENT »",
        "Continue Reading →",
        "Weiterlesen →",
        "Mehr lesen",
        "Devamını oku",
        "DEVAMINI OKU →",
    ],
)
def test_read_more_ends_an_item_and_gives_its_link(words: str) -> None:
    address = "https://example.org/piece"
    first, second = read_brief(
        [
            Paragraph((HEADLINE,), ((HEADLINE, "https://example.org/short"),)),
            Paragraph((TEXT,)),
            Paragraph((words,), ((words, address),)),
            Paragraph(("Next headline",)),
            Paragraph((TEXT,)),
        ]
    )
    assert (first.item.link, first.item.text) == (address, TEXT)
    assert "another link: https://example.org/short" in first.notes
    assert second.item.heading == "Next headline"


@pytest.mark.parametrize(
    "end", ["\n\nRead more: https://example.org/a", "\nhttps://example.org/a", " Read more → https://example.org/a"]
)
def test_an_address_below_or_behind_the_text_is_the_link(end: str) -> None:
    item = one(HEADLINE, TEXT + end).item
    assert (item.link, item.text) == ("https://example.org/a", TEXT)


def test_a_link_that_nobody_should_follow_isnt_taken() -> None:
    pasted = read_brief(
        [
            Paragraph((HEADLINE,)),
            Paragraph((TEXT,)),
            Paragraph(("Read more",), (("Read more", "javascript:alert(1)"),)),
        ]
    )
    assert pasted[0].item.link == ""
    assert "no link" in pasted[0].notes


# --- Kinds, contacts, hidden addresses ---------------------------------------------------------------------------


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
        ("Court of appeal opens the archive", Kind.ARTICLE),
    ],
)
def test_the_headline_tells_the_kind(headline: str, kind: Kind) -> None:
    assert one(headline, "Example Council, 8 October 2020", TEXT).item.kind is kind


@pytest.mark.parametrize(
    "label",
    [
        "Press Release– For immediate release",
        "FOR IMMEDIATE RELEASE",
        "Pressemitteilung – zur sofortigen Veröffentlichung",
        "Basın bülteni",
    ],
)
def test_a_label_is_no_headline(label: str) -> None:
    pasted = one(f"{label}\n8 October 2020\nContact: Example Watch\n+44 20 0000 0000", TEXT)
    assert pasted.item == Item(
        kind=Kind.PRESS_RELEASE,
        source="Example Watch",
        date=dt.date(2020, 10, 8),
        contact="Example Watch, +44 20 0000 0000",
        text=TEXT,
    )
    assert pasted.notes == ("no headline", "no link")


def test_a_label_begins_a_new_item_and_a_headline_may_follow_it() -> None:
    first, second = read(
        f"{HEADLINE}\n\nExample Post, 8 October 2020\n\n{TEXT}\n\nPRESS RELEASE\n\nVigil on Friday\n\n{TEXT}"
    )
    assert first.item.kind is Kind.ARTICLE
    assert (second.item.heading, second.item.kind) == ("Vigil on Friday", Kind.PRESS_RELEASE)


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
def test_an_address_that_its_page_hid_is_never_printed_but_told(hidden: str) -> None:
    release = one(f"Press release\nContact: Example Watch\n+44 20 0000 0000 or {hidden}", TEXT)
    assert release.item.contact == "Example Watch, +44 20 0000 0000"
    article = one(HEADLINE, f"Write to {hidden} or call.")
    assert article.item.text == "Write to or call."
    alone = one(HEADLINE, TEXT, hidden)
    assert alone.item.text == TEXT
    assert all(HIDDEN_NOTE in pasted.notes for pasted in (release, article, alone))


def test_the_link_of_a_hidden_address_goes_with_it() -> None:
    link = ("[email protected]", "https://example.org/cdn-cgi/l/email-protection#a1")
    (pasted,) = read_brief([Paragraph((HEADLINE,)), Paragraph(("Write to [email protected]",), (link,))])
    assert pasted.item.text == "Write to"


# --- Briefs and their parts --------------------------------------------------------------------------------------


def test_a_brief_inside_the_brief_keeps_its_inner_headline_bold_in_the_text() -> None:
    item = read(
        f"{HEADLINE}\n\n{TEXT}\n\nRead more\n\n"
        f"Weekly Brief, 2 October 2020\n\nExample Watch, 2 October 2020\n\nArchive shut again\n\n{TEXT}\n\nRead more"
    )[1].item
    assert (item.kind, item.heading, item.source) == (Kind.BRIEF, "Weekly Brief, 2 October 2020", "Example Watch")
    assert item.text == f"**Archive shut again**\n\n{TEXT}"


@pytest.mark.parametrize(
    "title",
    ["Weekly Brief, 9 October 2020", "WEEKLY BRIEF", "9 October 2020", "In the news", "Example News, 9 October 2020"],
)
def test_a_title_above_the_first_item_is_told_and_belongs_to_no_item(title: str) -> None:
    pasted = one(title, HEADLINE, "Example Post, 8 October 2020", TEXT)
    assert (pasted.item.heading, pasted.item.date) == (HEADLINE, dt.date(2020, 10, 8))
    assert pasted.item.text == TEXT
    assert f"above it stands “{title}”" in pasted.notes


def test_an_introduction_is_an_item_of_its_own_that_the_editor_is_asked_about() -> None:
    introduction, item = read(
        f"Dear readers,\n\nThis week was long.\n\n{HEADLINE}\n\nExample Post, 8 October 2020\n\n{TEXT}"
    )
    assert (introduction.item.text, introduction.notes) == ("Dear readers,\n\nThis week was long.", (NOT_AN_ITEM,))
    assert item.item.heading == HEADLINE


# --- Lines -------------------------------------------------------------------------------------------------------


def test_hard_wrapped_lines_are_rejoined_and_listed_ones_are_not() -> None:
    text = "The archive in Exampleton is open to all again, as it\nwas before the war.\n\n- one\n- two, which\nis long"
    expected = (
        "The archive in Exampleton is open to all again, as it was before the war.\n\n\\- one\n\n\\- two, which is long"
    )
    assert one(HEADLINE, text).item.text == expected


def test_a_headline_may_stand_directly_above_its_text() -> None:
    assert one(f"{HEADLINE}\n{TEXT}").item == Item(heading=HEADLINE, text=TEXT)


def test_a_wrapped_headline_is_one() -> None:
    headline = "Court opens the archive in Exampleton to all who ask for it, and\npublishes the names"
    assert one(headline, "Example Post, 8 October 2020", TEXT).item.heading == headline.replace("\n", " ")


@pytest.mark.parametrize("mark", ["1. ", "2) ", "• ", "- "])
def test_a_bullet_or_number_before_a_headline_isnt_part_of_it(mark: str) -> None:
    assert one(mark + HEADLINE, "Example Post, 8 October 2020", TEXT).item.heading == HEADLINE
    assert one("1. Mai: Mahnwache", "Example Post, 8 October 2020", TEXT).item.heading == "1. Mai: Mahnwache"


def test_a_byline_and_an_ellipsis_stay_in_the_text() -> None:
    text = "By Ada Example — The archive is open […]"
    assert one(HEADLINE, "Example Post, 8 October 2020", text).item.text == text


def test_links_in_the_text_are_kept_and_dangerous_ones_are_words() -> None:
    links = (("court", "https://example.org/(a)"), ("said", "javascript:alert(1)"))
    (pasted,) = read_brief(
        [Paragraph((HEADLINE,)), Paragraph(("The court [1] said: see https://example.org/b.",), links)]
    )
    assert pasted.item.text == r"The [court](https://example.org/\(a\)) [1] said: see <https://example.org/b>."


def test_nothing_gives_no_items_and_a_stray_title_is_kept_as_text() -> None:
    assert read("\n\n  \n") == []
    assert one("Weekly Brief, 9 October 2020") == Pasted(Item(text="Weekly Brief, 9 October 2020"), (NOT_AN_ITEM,))


LINES = [
    "Weekly Brief, 9 October 2020",
    "Press Release",
    "Statement of the Council w{}",
    "Harbour union w{} wins",
    "A sentence with w{} ends here.",
    "a wrapped line with w{} that goes",
    "Agency w{}, 8 October 2020",
    "8 October 2020",
    "Below is an article published by Agency w{}. Photo v{}",
    "Photo: Agency w{}",
    "Contact: Office w{}",
    "+44 20 0000 0000 or [email protected] w{}",
    "Read more →",
    "Read more: https://example.org/w{}",
    "https://example.org/w{}",
    "- listed w{}",
    "",
    "",
]


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_no_word_is_lost_whatever_the_order_of_the_lines(lines: list[str]) -> None:
    """Every word that only one line has is in a field, in the text or in a note of some item."""
    text = "\n".join(line.replace("{}", str(number)) for number, line in enumerate(lines))
    found = read(text)
    kept = " ".join(repr((pasted.item, pasted.notes)) for pasted in found)
    assert set(re.findall(r"\b[wv]\d+\b", text)) <= set(re.findall(r"\b[wv]\d+\b", kept))
    assert all("protected" not in repr(pasted.item) for pasted in found)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_any_text_is_read_without_an_error_and_never_makes_a_heading(lines: list[str]) -> None:
    for pasted in read("\n".join(lines)):
        assert heading_in(pasted.item.text) is None


def test_long_pastes_are_read_line_by_line() -> None:
    """Linear by construction: patterns meet short lines only, and are bounded; squared, these would take hours."""
    assert len(read("The quick brown fox jumps over the\n" * 100_000)) == 1
    assert len(read(f"{HEADLINE}\nExample Post, 8 October 2020\n{TEXT}\nRead more →\n" * 2_000)) == 2_000
    for awkward in ("[email ", "(", "*", "8 October 20 ", "https://example.org/" + "(" * 9 + ")" * 10**6):
        assert read(awkward * max(1, 10**6 // len(awkward)))


# --- Markdown source ---------------------------------------------------------------------------------------------

MARKDOWN = MarkdownIt("commonmark", {"html": False})
ACTIVE = st.text(alphabet="ab1 \n\t\\`*_[](){}<>#+-.!=~&;:|\"'/éØ\u00a0😀")


@pytest.mark.parametrize(
    "text",
    [
        "1,000 people (x) said “no”",
        "snake-case and snake_case",
        "5 * 3 < 20",
        "AT&T",
        "[…]",
        "it's 3.5 %",
        "a - b + c = d",
    ],
)
def test_ordinary_prose_isnt_littered_with_backslashes(text: str) -> None:
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("*so*", r"\*so\*"),
        ("# so", r"\# so"),
        ("### so", r"\### so"),
        ("1. so", r"1\. so"),
        ("- so", r"\- so"),
        ("> so", r"\> so"),
        ("so\n---", "so\n\\---"),
        ("so\n===", "so\n\\==="),
        ("[a](b)", r"[a\](b)"),
        ("[a]: b", r"[a\]: b"),
        ("<b>", r"\<b>"),
        ("&amp;", r"\&amp;"),
        ("C:\\*", r"C:\\\*"),
        ("see https://example.org/a_b_.", "see <https://example.org/a_b_>."),
    ],
)
def test_what_markdown_would_read_is_escaped(text: str, source: str) -> None:
    assert escape(text) == source


@given(st.one_of(ACTIVE, st.text()))
def test_escaped_text_reads_as_the_very_words_in_plain_paragraphs(text: str) -> None:
    assert _words_of_plain_paragraphs(escape(text)) == text.replace("\0", "").split()


@given(ACTIVE.filter(lambda text: "\n" not in text), ACTIVE.filter(lambda text: "\n" not in text))
def test_text_around_a_link_reads_as_the_very_words_too(before: str, after: str) -> None:
    line = f"X{before}word{after}"
    (pasted,) = read_brief([Paragraph((HEADLINE,)), Paragraph((line + " .",), (("word", "https://example.org/a"),))])
    assert _words_of_plain_paragraphs(pasted.item.text) == (line + " .").split()


def _words_of_plain_paragraphs(source: str) -> list[str]:
    """The words that a reader sees; fails on anything but paragraphs and links."""
    words: list[str] = []
    for block in MARKDOWN.parse(source):
        assert block.type in {"paragraph_open", "inline", "paragraph_close"}
        for token in block.children or []:
            assert token.type in {"text", "text_special", "softbreak", "link_open", "link_close"}
            words.append("\n" if token.type == "softbreak" else token.content)
        words.append("\n")
    return "".join(words).split()
