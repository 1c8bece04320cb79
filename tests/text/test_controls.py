"""Text from a file or a page can't steer a terminal or pretend to say something else."""

import pytest

from briefing.text.controls import printable

BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\n", "\x7f", "\x9b", *BIDI_CONTROLS]
)
def test_control_characters_and_direction_overrides_become_spaces(
    character: str,
) -> None:
    assert printable(f"a{character}b") == "a b"


@pytest.mark.parametrize(
    "character", ["\u200c", "\u200d", "\u200e", "\u200f", "ئ", "ü", "…", " "]
)
def test_letters_and_what_arabic_script_needs_stay(character: str) -> None:
    assert printable(f"a{character}b") == f"a{character}b"
