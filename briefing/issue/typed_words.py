"""Words that were typed here, and that someone else's version of the file no longer has.

A text editor that was opened earlier overwrites, when it saves the issue, what has been typed here
since. The file doesn't show whether that was meant, so the words are kept until an editor decides.
"""

import dataclasses
import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .edits import AddItem, AddSection, Edit, SetField
from .fields import value_of, values_of
from .model import Part
from .parts import Parts

_Field = tuple[str, str]
"""A part's id and a field's name."""

_MARKS = string.punctuation + "،。，、；：！？“”‘’«»…–—"


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A field with words that were typed here, or a whole part (`field` is empty), that is no
    longer in the file.
    """

    part: str
    field: str
    words: str
    """The value of the field as it was; of an item, its headline or text."""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """The fields of a part that is gone."""


def typed(edits: Iterable[Edit]) -> dict[_Field, Counter[str]]:
    """Return the words that edits brought into an issue, by field."""
    words: dict[_Field, Counter[str]] = defaultdict(Counter)
    for edit in edits:
        for place, new in _typed_by(edit):
            words[place] += new
    return words


def _typed_by(edit: Edit) -> Iterator[tuple[_Field, Counter[str]]]:
    if isinstance(edit, SetField):
        new = _words(edit.after) - _words(edit.before)
        yield (edit.part, edit.field), new
    if isinstance(edit, AddItem):
        for name, value in edit.item.items():
            yield (edit.id, name), _words(value)
    if isinstance(edit, AddSection):
        yield (edit.id, "title"), _words(edit.title)


def overwritten(
    known: Parts,
    now: Parts,
    words: Mapping[_Field, Counter[str]],
) -> Iterator[Overwritten]:
    """Yield what was typed here (`words`), was in the file when it was last read (`known`), and isn't
    in it now. A part that is gone is yielded once, as a whole.
    """
    everything = "\n".join(_all_values(now))
    gone: set[str] = set()
    for (part_id, name), new in words.items():
        part = known.part(part_id)
        if part is None or part_id in gone:
            continue
        value = value_of(part, name)
        still = now.part(part_id)
        there = _words(value_of(still, name)) if still else Counter()
        missing = _words(value) - there
        if not missing & new or _is_elsewhere(value, everything):
            continue
        if still:
            yield Overwritten(part_id, name, value)
        else:
            gone.add(part_id)
            yield _whole(part_id, part)


def _is_elsewhere(value: str, everything: str) -> bool:
    """Whether a value was moved to another part, rather than a short one being there by chance."""
    return len(value.split()) > 2 and value in everything


def _whole(part_id: str, part: Part) -> Overwritten:
    values = values_of(part)
    first = next(iter(values.values()), "")
    words = values.get("heading") or values.get("text") or first
    return Overwritten(part_id, "", words, values)


def _all_values(parts: Parts) -> Iterator[str]:
    yield from values_of(parts.head).values()
    for section in parts.sections:
        yield section.title
        for numbered in section.items:
            yield from values_of(numbered.item).values()


def _words(text: str) -> Counter[str]:
    """Count the words of a text. A word with a comma or emphasis added is the same word."""
    words = (word.strip(_MARKS) for word in text.split())
    return Counter(filter(None, words))
