"""What commands print can't steer the terminal, whatever stands in the files they read."""

import json

import pytest

from briefing.cli import output

BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\n", "\x7f", "\x9b", *BIDI_CONTROLS])
def test_control_characters_and_direction_overrides_become_spaces(character: str) -> None:
    assert output.printable(f"a{character}b") == "a b"


@pytest.mark.parametrize("character", ["\u200c", "\u200d", "\u200e", "\u200f", "ئ", "ü", "…", " "])
def test_letters_and_what_arabic_script_needs_stay(character: str) -> None:
    assert output.printable(f"a{character}b") == f"a{character}b"


def test_lines_of_a_message_stay_lines(capsys: pytest.CaptureFixture[str]) -> None:
    output.echo("one\ntwo\x1b[31m")
    assert capsys.readouterr().out == "one\ntwo [31m\n"


@pytest.mark.parametrize("character", ["\x7f", "\x9b", *BIDI_CONTROLS])
def test_json_escapes_them_and_says_the_same(character: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"title": f"a{character}b"})
    printed = capsys.readouterr().out
    assert character not in printed
    assert json.loads(printed) == {"title": f"a{character}b"}


def test_a_short_text_stays_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert output.shorten("12345", 5) == "12345"
    assert output.shorten("123456", 5) == "1234…"


def test_wrapped_text_is_indented_and_fits_80_columns() -> None:
    lines = output.wrap("word " * 40, "    ").split("\n")
    assert len(lines) == 3
    assert all(line.startswith("    word") and len(line) < 80 for line in lines)
