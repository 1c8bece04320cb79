"""What belongs to a contact, and where a headline ends above a source line."""

import datetime as dt
from dataclasses import replace

import pytest

from briefing.collecting.brief.lines.line import Line, Role
from briefing.collecting.brief.lines.prose import join_wrapped_lines

CONTACT = Line(Role.CONTACT, "Contact:")
NAME = Line(Role.TEXT, "Jane Doe")
NUMBER = Line(Role.TEXT, "555 0100")
HEADLINE = Line(Role.TEXT, "Ferry returns")


def roles(*lines: Line) -> list[Role]:
    return [line.role for line in join_wrapped_lines(lines)]


def test_a_name_and_then_numbers_are_a_contact_up_to_the_next_headline() -> (
    None
):
    found = join_wrapped_lines([CONTACT, NAME, NUMBER, HEADLINE])
    assert [line.role for line in found] == [*[Role.CONTACT] * 3, Role.TEXT]
    assert [line.name for line in found[1:3]] == ["Jane Doe", "555 0100"]


def test_what_is_below_another_line_is_no_contact() -> None:
    assert roles(HEADLINE, NUMBER) == [Role.TEXT]


def test_a_number_in_the_line_of_the_contact_is_enough() -> None:
    contact = Line(Role.CONTACT, "Contact: Jane Doe, 555 0100")
    assert roles(contact, HEADLINE) == [Role.CONTACT, Role.TEXT]


def test_a_sentence_or_a_long_line_is_no_name() -> None:
    sentence = Line(Role.TEXT, "The ferry returned at night.")
    long = Line(Role.TEXT, "Ferry returns to the old port of Karsa " * 2)
    for line in (sentence, long):
        assert roles(CONTACT, line) == [Role.CONTACT, Role.TEXT]


def test_a_line_from_which_a_hidden_address_was_removed_is_a_contact() -> None:
    hidden = replace(HEADLINE, hid_address=True)
    found = roles(CONTACT, NUMBER, hidden, HEADLINE)
    assert found == [*[Role.CONTACT] * 3, Role.TEXT]


@pytest.mark.parametrize("role", [Role.SEPARATOR, Role.FOOTER])
def test_a_contact_ends_at_a_footer(role: Role) -> None:
    footer = Line(role, "Unsubscribe: https://example.org/leave")
    assert roles(CONTACT, footer) == [Role.CONTACT, role]


def test_the_last_line_above_a_sure_source_line_is_the_headline() -> None:
    source = Line(
        Role.SOURCE,
        "BBC | 8 October 2020",
        name="BBC",
        date=dt.date(2020, 10, 8),
        certain=True,
    )
    text = Line(Role.TEXT, "Nobody came")
    found = join_wrapped_lines([text, HEADLINE, source])
    assert [line.text for line in found[:-1]] == ["Nobody came", HEADLINE.text]
    sentence = ["The ferry that was away", "for years and that", "came back"]
    wrapped = [replace(text, text=words) for words in sentence]
    found = join_wrapped_lines([*wrapped, source])
    assert [line.text for line in found[:-1]] == [" ".join(sentence)]
