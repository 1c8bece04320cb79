"""Rules on typography: each language's own quotation marks and dashes, and letters as they are
written.
"""

import re
from collections.abc import Iterator
from itertools import chain

from briefing.text.paired_marks import TITLES
from briefing.text.quotation_marks import quotation_marks

from .inspected import InspectedEdition
from .locations import in_templates
from .passages import headings, lines, shown_words
from .patterns import first_matches
from .rule import WARNING, Problem, Problems, rule
from .visible_text import own_style
from .wording import position, quoted

NOT_SPACED = re.compile(
    r"(?:normal|inherit|initial|unset|[-+]?0*+(?:\.0*+)?[a-z%]*+)"
)
"""Values of letter-spacing that leave the letters where they are."""
_SPACING = re.compile(r"letter-spacing\s*+:\s*+([^;}!]++)", re.IGNORECASE)


@rule("typewriter-marks", WARNING, "line: straight quotes or double hyphens")
def typewriter_marks(inspected: InspectedEdition) -> Problems:
    """The text has straight quotes (`"so"`, `'so'`) or `--`, though its language has proper marks.
    Type the ones that the finding shows.
    """
    readable = chain(headings(inspected.issue), shown_words(inspected))
    for line, match in first_matches("typewriter_marks", readable):
        mark, better = _better(match[0], inspected.edition.lang)
        yield Problem(
            f"{mark} {position(match)} is a typewriter's mark; type {better}",
            line,
        )


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
def heaped_marks(inspected: InspectedEdition) -> Problems:
    """A letter has so many accents that they cover the lines around it. Type the letter
    without them.
    """
    for line, match in first_matches("heaped_marks", lines(inspected)):
        letter = quoted(match[0][0])
        yield Problem(
            f"{len(match[0]) - 1} accents are heaped on {letter} {position(match)}; type it without them",
            line,
        )


@rule("letters-spaced", WARNING)
def letters_spaced(inspected: InspectedEdition) -> Problems:
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


def _spacings(inspected: InspectedEdition) -> Iterator[str]:
    """Yield all values of letter-spacing in the email, in lower case."""
    for element in inspected.document.iter():
        if element.tag == "style":
            for match in _SPACING.finditer(element.text or ""):
                yield match[1].strip().lower()
        else:
            style = own_style(element)
            yield style.get("letter-spacing", "normal")
