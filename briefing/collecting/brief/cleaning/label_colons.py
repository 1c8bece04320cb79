"""Give the labels that reference managers and forms write a colon: "Publication<tab>Harbour Post", "TI  - Ferry
returns", "Source....: Harbour Post", and "title = {Ferry returns}," in BibTeX.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise

from briefing.collecting.brief.lines.footers import is_separator
from briefing.collecting.brief.lines.visible import clean_line

from .pasted_lines import PastedLine, PastedLines

_LABEL = re.compile(
    r"(?P<name>[^\W\d_][^\t:]{0,30}?)(?:\t+|  - ?|\.{2,}+ ?:? ?)"
)
_FIELD = re.compile(r"(?P<name>[a-zA-Z]{2,20}) {0,20}= {0,20}[{\"]")
_ENDS_OF_FIELD = ("}", '"')
"""In BibTeX: "title = {Ferry returns}"."""
_BEGIN_OF_ENTRY = re.compile(r"@[a-zA-Z]{2,20}\{[^\s{}]*")
"""Also there: "@article{ferry2024,"."""
_END_OF_ENTRY = "}"
_BRACES = str.maketrans("", "", "{}")
_LEAST = 2
"""Parts of a brief with the same label, and such labels in a part."""


def with_label_colons(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Lines whose labels have a colon; one without a value behind its label is left out."""
    labels = _labels_of_items(lines)
    labelled = {id(lines[place].paragraph) for place in labels}
    result: PastedLines = []
    for place, line in enumerate(lines):
        if place in labels:
            result += _with_colon(line, labels[place], left_out)
        elif id(line.paragraph) not in labelled or not _is_edge(line):
            result.append(line)
        elif line.text != _END_OF_ENTRY:
            left_out.append(line.text)
    return result


def _is_edge(line: PastedLine) -> bool:
    """Whether a line only begins or ends an entry."""
    begins = _BEGIN_OF_ENTRY.fullmatch(line.text) is not None
    return begins or line.text == _END_OF_ENTRY


@dataclass(frozen=True, slots=True)
class _Label:
    """What a line begins with, and its value."""

    name: str
    value: str


def _label(line: PastedLine) -> _Label | None:
    """The label of a line; None in a table, or for a line without one."""
    if line.cell >= 0:
        return None
    words = line.raw.lstrip()
    label = _LABEL.match(words)
    # With a second tab, the line is rather the row of a table.
    if label and "\t" not in words[label.end() :]:
        return _Label(label["name"], words[label.end() :])
    field = _FIELD.match(words)
    value = words.rstrip(",")
    if field and value.endswith(_ENDS_OF_FIELD):
        return _Label(field["name"], value[field.end() : -1])
    return None


def _labels_of_items(lines: PastedLines) -> dict[int, _Label]:
    """The labels, by their places, in parts of a brief that have several labels in common with others."""
    labels: dict[int, dict[int, _Label]] = defaultdict(dict)
    parts = _parts(lines)
    for place, line in enumerate(lines):
        label = _label(line)
        if label:
            labels[parts[place]][place] = label
    names = [_names(own) for own in labels.values()]
    count = Counter(chain.from_iterable(names))
    found: dict[int, _Label] = {}
    for own, own_names in zip(labels.values(), names, strict=True):
        if sum(count[name] >= _LEAST for name in own_names) >= _LEAST:
            found |= own
    return found


def _names(labels: Mapping[int, _Label]) -> set[str]:
    return {label.name for label in labels.values()}


def _parts(lines: PastedLines) -> list[int]:
    """The number of the part that each line is in: a paragraph, or what a rule divides it into."""
    begins = [
        line.paragraph is not above.paragraph or is_separator(line.text)
        for above, line in pairwise(lines)
    ]
    return [0, *accumulate(map(int, begins))]


def _with_colon(
    line: PastedLine,
    found: _Label,
    left_out: list[str],
) -> Iterator[PastedLine]:
    """A line with a colon behind its label; none without a value, which is left out."""
    value = clean_line(found.value.translate(_BRACES))
    if not value:
        left_out.append(line.text)
        return
    words = f"{found.name}: {value}"
    yield replace(line, raw=words, text=words, emphases=())
