"""Recognise the words that name a field of an item: "Source: Harbour Post", "Enlace: https://…"."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold

from .sentences import ends_sentence

FIELDS = ("title", "source", "date", "link", "text")
# "Source: Harbour Post", or a question with its answer, "What happened? The ferry returned"; not "https://…".
_LABEL = re.compile(
    r"([^\W\d_][^:：?]{1,30}?) ?[:：] ?(?!//)(.*)|¿?([^\W\d_][^:：?]{1,30})\? (\S.*)"
)
# "Source: Harbour Post | Date: 3 May", also with only a space before the second label.
_BETWEEN = re.compile(r" [|·;] |[，；] ?| (?=[^\s:：]{1,20} ?[:：](?!//))")
_MOST_LABEL_WORDS = 3
# With 1, "Informe: Faroles sin aceite" begins with a label instead of being a headline.
_LEAST_REPEATED = 3
"""Lines that begin with a label which names no known field; fewer may be sentences with a colon."""


def field_named(text: str) -> str:
    """The field of an item that a word names, such as "source" for "Outlet"; "" if it names none."""
    folded = fold(text)
    named = (name for name in FIELDS if folded in words(f"{name}_field"))
    return next(named, "")


def field_of(text: str) -> tuple[str, str]:
    """The field that words name, and its value: "Source: Harbour Post"; ("", "") for others."""
    label, value = split_label(text)
    name = field_named(label)
    return (name, value) if name else ("", "")


def split_label(text: str) -> tuple[str, str]:
    """The words before the first colon, or the question that begins a text, if they are few, and those behind it;
    ("", "") without either.
    """
    match = _LABEL.fullmatch(text)
    if match is None:
        return "", ""
    label, value, question, answer = match.groups("")
    return label or question, (value or answer).strip()


def split_fields(text: str) -> list[str]:
    """The fields on one line: "Source: Harbour Post | Date: 3 May"; all of the text if a part of it names none."""
    parts = _BETWEEN.split(text)
    return parts if all(field_of(part)[0] for part in parts) else [text]


def repeated_labels(paragraphs: Iterable[Sequence[str]]) -> frozenset[str]:
    """The labels, folded, with which lines of a brief begin in item after item: "Source", "Author(s)".

    One that names a field may be the first line of a paragraph. Any other is always below a line of its item: "Harbour
    Post: …" at the start of an item is rather its source.
    """
    items = _with_headlines(list(map(_split_lines, paragraphs)))
    known = Counter(chain.from_iterable(map(_known, items)))
    others = Counter(chain.from_iterable(map(_others, items)))
    first = {label for label, is_below in others if not is_below}
    found = [label for label, count in known.items() if count > 1]
    for (label, _), count in others.items():
        if count >= _LEAST_REPEATED and label not in first:
            found.append(label)
    return frozenset(found)


def _with_headlines(paragraphs: Sequence[list[str]]) -> list[list[str]]:
    """Paragraphs, each of labels only together with the headline above it."""
    joined: list[list[str]] = []
    for lines in paragraphs:
        above = joined[-1] if joined else []
        is_headed = len(above) == 1 and _may_be_headline(above[0])
        if is_headed and all(split_label(line)[0] for line in lines):
            joined[-1] = above + lines
        else:
            joined.append(lines)
    return joined


def _split_lines(paragraph: Sequence[str]) -> list[str]:
    return [part for line in paragraph for part in split_fields(line)]


def _known(lines: Sequence[str]) -> list[str]:
    """The labels of a paragraph's lines that name fields; twice if there are two, which are those of an item."""
    labels = {fold(split_label(line)[0]) for line in lines}
    named = list(filter(field_named, labels))
    return named if len(named) == 1 else named * 2


def _others(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The labels of a paragraph's lines that name no field, and whether a line of the same item is above each."""
    above: set[str] = set()
    for place, line in enumerate(lines):
        label = fold(split_label(line)[0])
        if field_named(label) or (not label and _may_be_headline(line)):
            above = set()
        elif 0 < len(label.split()) <= _MOST_LABEL_WORDS:
            yield label, place > 0 and label not in above
            above.add(label)


def _may_be_headline(line: str) -> bool:
    """Whether a line without a label may be an item's first, so that a label below it is another item's."""
    return "://" not in line and not ends_sentence(line)
