"""Where a brief ends: at the sign-off below its last news."""

import datetime as dt

from briefing.collecting.brief.lines.closing import start_of_closing
from briefing.collecting.brief.lines.line import Line, Role
from briefing.collecting.brief.paragraphs import Paragraph
from briefing.collecting.brief.parse import read_brief

NEWS = "The ferry to Delta returns"
OTHER_NEWS = "A choir finds its archive"
FAREWELL = Paragraph(("👋 That's a wrap!",))


def link(words: str, number: int) -> Paragraph:
    return Paragraph((words,), ((words, f"https://example.org/{number}"),))


def left_out(*paragraphs: Paragraph) -> list[str]:
    """What is left out of a brief, with its place."""
    notes = (
        note for parsed in read_brief(paragraphs).items for note in parsed.notes
    )
    return [note for note in notes if note.startswith("left out")]


def test_buttons_may_be_below_the_sign_off() -> None:
    assert left_out(link(NEWS, 1), FAREWELL, link("👍 Loved it!", 2)) == [
        "left out below it: “👋 That's a wrap!”",
        "left out below it: “👍 Loved it! https://example.org/2”",
    ]


def test_news_below_a_sign_off_go_on() -> None:
    assert left_out(link(NEWS, 1), FAREWELL, link(OTHER_NEWS, 2)) == []


def test_a_sign_off_above_all_links_ends_nothing() -> None:
    assert left_out(FAREWELL, link(NEWS, 1)) == []


def test_a_footer_above_the_first_item_is_quoted_as_such() -> None:
    browser = link("View this email in your browser", 3)
    assert left_out(browser, link(NEWS, 1), link(OTHER_NEWS, 2)) == [
        "left out above it: “View this email in your browser”"
    ]


def test_an_initial_below_the_last_link_is_a_sign_off() -> None:
    signature = Paragraph(("K.", "Karla Weir, bell ringer", "Harbour Forum"))
    below = "left out below it: “K. Karla Weir, bell ringer Harbour Forum”"
    assert left_out(link(NEWS, 1), link(OTHER_NEWS, 2), signature) == [below]


def test_sign_up_before_an_address_leads_to_an_event() -> None:
    event = Paragraph(
        (
            "Workshop on writing",
            "Saturday 1 February",
            "Sign up: https://club.example.org/write",
        )
    )
    ferry = Paragraph(
        (NEWS, "Harbour Post, 3 May 2024", "https://harbour.example.com/1")
    )
    choir = Paragraph(
        (OTHER_NEWS, "Radio Karsa, 4 May 2024", "https://karsa.example.net/2")
    )
    brief = read_brief([event, ferry, choir], dt.date(2024, 5, 6))
    assert brief.items[0].item.link == "https://club.example.org/write"


def lines_below_a_sign_off(*below: Line) -> int:
    """The number of lines that end a brief of one link, a sign-off and these lines."""
    news = Line(Role.TEXT, NEWS, links=((NEWS, "https://example.org/1"),))
    lines = [news, Line(Role.SIGN_OFF, "Until next week"), *below]
    return len(lines) - start_of_closing(lines)


def linked(words: str) -> Line:
    return Line(Role.TEXT, words, links=((words, "https://example.org/2"),))


def test_a_link_of_up_to_three_words_below_a_sign_off_is_a_button() -> None:
    assert lines_below_a_sign_off(linked("Not for me")) == 2
    assert lines_below_a_sign_off(linked("Choir finds its archive")) == 0


def test_up_to_15_lines_may_be_below_a_sign_off() -> None:
    name = Line(Role.TEXT, "Ann Reed")
    assert lines_below_a_sign_off(*[name] * 15) == 16
    assert lines_below_a_sign_off(*[name] * 16) == 0
