"""Control characters, which can steer a terminal or make a line read differently.

Direction marks (U+200E, U+200F) and joiners aren't among them: Arabic and Uyghur text needs them,
and they can't reorder the text around them.
"""

BIDI_CONTROLS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
"""Characters that embed, override or isolate the direction of text (UAX #9)."""

CONTROLS = [*range(0x20), *range(0x7F, 0xA0), *BIDI_CONTROLS]

_AS_SPACES = dict.fromkeys(CONTROLS, " ")


def printable(text: str) -> str:
    """Replace controls, line ends among them, with spaces."""
    return text.translate(_AS_SPACES)
