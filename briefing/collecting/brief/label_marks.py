"""Give the labels that reference managers and forms write a colon: "Publication<tab>Harbour Post", "TI  - Ferry
returns", "Source....: Harbour Post".
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, chain, pairwise

from briefing.collecting.brief.clean import clean_line
from briefing.collecting.brief.footers import is_separator
from briefing.collecting.brief.message_lines import MessageLine, MessageLines

_LABEL = re.compile(
    r"\s*(?P<label>[^\W\d_][^\t:]{0,30}?)(?:\t+|  - ?|\.{2,}+ ?:? ?)(?P<value>[^\t]*)"
)
_LEAST = 2
"""Parts of a brief with the same label, and such labels in a part."""


def with_label_colons(lines: MessageLines, left_out: list[str]) -> MessageLines:
    """Lines whose labels have a colon; one without a value behind its label is left out."""
    labels = {
        place: found
        for place, line in enumerate(lines)
        if line.cell < 0 and (found := _LABEL.fullmatch(line.raw))
    }
    of_items = set(_of_items(lines, labels))
    result: MessageLines = []
    for place, line in enumerate(lines):
        if place not in of_items:
            result.append(line)
        elif labels[place]["value"]:
            result.append(_with_colon(line, labels[place]))
        else:
            left_out.append(line.text)
    return result


def _of_items(
    lines: MessageLines, labels: Mapping[int, re.Match[str]]
) -> Iterator[int]:
    """The places of the labels in parts of a brief that have several labels in common with others."""
    parts = _parts(lines)
    places: dict[int, list[int]] = defaultdict(list)
    names: dict[int, set[str]] = defaultdict(set)
    for place, found in labels.items():
        places[parts[place]].append(place)
        names[parts[place]].add(found["label"])
    count = Counter(chain.from_iterable(names.values()))
    for part, own in names.items():
        if sum(count[name] >= _LEAST for name in own) >= _LEAST:
            yield from places[part]


def _parts(lines: MessageLines) -> list[int]:
    """The number of the part that each line is in: a paragraph, or what a rule divides it into."""
    begins = [
        line.paragraph is not above.paragraph or is_separator(line.text)
        for above, line in pairwise(lines)
    ]
    return [0, *accumulate(map(int, begins))]


def _with_colon(line: MessageLine, found: re.Match[str]) -> MessageLine:
    words = f"{found['label']}: {clean_line(found['value'])}"
    return replace(
        line,
        raw=words,
        text=words,
        emphases=(),
    )
