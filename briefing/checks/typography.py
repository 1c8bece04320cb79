"""Rules on typography: each language's own quotation marks and dashes, and letters as they are
written.
"""

import re
from collections.abc import Iterator

from briefing.paired_marks import TITLES
from briefing.quotation_marks import quotation_marks

from .inspected import Inspected
from .locations import in_templates
from .passages import Line, headings, lines, shown_words
from .patterns import pattern
from .rule import WARNING, Problem, Problems, rule
from .visible_text import own_style
from .wording import position, quoted

NOT_SPACED = re.compile(
    r"(?:normal|inherit|initial|unset|[-+]?0*+(?:\.0*+)?[a-z%]*+)"
)
"""Values of letter-spacing that leave the letters where they are."""
_SPACING = re.compile(r"letter-spacing\s*+:\s*+([^;}!]++)", re.IGNORECASE)


@rule("typewriter-marks", WARNING, "line: straight quotes or double hyphens")
def typewriter_marks(inspected: Inspected) -> Problems:
    """A text has straight quotes (`"so"`, `'so'`) or `--`, though its language has marks for them.
    Type those in the message.
    """
    for line, words in _readable(inspected):
        match = pattern("typewriter_marks").search(words)
        if match:
            mark, better = _better(match[0], inspected.edition.lang)
            yield Problem(
                f"{mark} {position(words, match)} is a typewriter's mark; type {better}",
                line,
            )


def _readable(inspected: Inspected) -> Iterator[Line]:
    yield from headings(inspected.issue)
    yield from shown_words(inspected)


def _better(found: str, lang: str) -> tuple[str, str]:
    """Return a mark, and what the language has in its place."""
    if found == "--":
        return found, "——" if lang.startswith("zh") else "–"
    language = quotation_marks(lang)
    is_inner = found.startswith("'")
    marks = language.inner if is_inner else language.outer
    if marks[0] in TITLES:  # these are for titles only
        marks = "‘’" if is_inner else "“”"
    return found[0], "…".join(marks)


@rule("heaped-marks", WARNING, "line: heaped accents")
def heaped_marks(inspected: Inspected) -> Problems:
    """A letter has so many accents that they cover the lines around it. Type the letter
    without them.
    """
    for line, text in lines(inspected):
        match = pattern("heaped_marks").search(text)
        if match:
            letter = quoted(match[0][0])
            yield Problem(
                f"{len(match[0]) - 1} accents are heaped on {letter} {position(text, match)}; type it without them",
                line,
            )


@rule("letters-spaced", WARNING)
def letters_spaced(inspected: Inspected) -> Problems:
    """A style sheet spaces out letters in a language such as Uyghur, whose letters are joined: they
    come apart. Remove `letter-spacing` there, or set it to 0 for these languages.
    """
    if inspected.document.get("dir") != "rtl":
        return
    for value in _spacings(inspected):
        if not NOT_SPACED.fullmatch(value):
            message = f"letter-spacing of {value} tears joined letters apart; set it to 0 in this language"
            yield in_templates(inspected, "letter-spacing").problem(message)
            return


def _spacings(inspected: Inspected) -> Iterator[str]:
    """Yield all values of letter-spacing in the mail, in lower case."""
    for element in inspected.document.iter():
        if element.tag == "style":
            for match in _SPACING.finditer(element.text or ""):
                yield match[1].strip().lower()
        else:
            style = own_style(element)
            yield style.get("letter-spacing", "normal")
