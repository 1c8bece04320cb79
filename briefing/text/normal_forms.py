"""Unicode's normal forms, in linear time whatever the text."""

import re
import unicodedata
from typing import Literal

MOST_MARKS = 30
"""The most combining marks in a row, as in the Stream-Safe Text Format (UAX #15, 13); no language
needs more than a few.
"""

# No mark is a letter or a space, so this finds every run of marks that is too long.
_LONG_RUN = re.compile(rf"[^\w\s]{{{MOST_MARKS + 1},}}")


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """Return a text in a normal form, without the marks in a row beyond MOST_MARKS.

    Python sorts marks in a row by insertion, so 100,000 of them would take it a minute.
    """
    if text.isascii():
        return text
    return unicodedata.normalize(form, _LONG_RUN.sub(_with_fewer_marks, text))


def _with_fewer_marks(run: re.Match[str]) -> str:
    kept = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
