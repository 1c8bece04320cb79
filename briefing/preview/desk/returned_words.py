"""Kept words whose part is in the file again: those that are in it too, and those that can be put
back without asking. No I/O.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from briefing.issue.edits import SetField
from briefing.issue.fields import names_of, value_of, values_of
from briefing.issue.parts import Parts

from .records import FieldValues, KeptReason, KeptWords


def settled(kept: Sequence[KeptWords], parts: Parts) -> Iterator[int]:
    """Yield the ids of kept words that are in the issue after all, so there is nothing to decide."""
    for words in kept:
        part = parts.part(words.part)
        # Putting words back may also take out some that were deleted.
        if part is None or _can_be_put_back(words, parts):
            continue
        there = values_of(part)
        mine = dict(words.item)
        if words.field:
            mine = {words.field: words.words}
            there = {words.field: value_of(part, words.field)}
        if _has_words_of(there, mine, words.reason):
            yield words.id


def _has_words_of(
    there: FieldValues, mine: FieldValues, reason: KeptReason
) -> bool:
    theirs = _all_words(there)
    words = _all_words(mine)
    if reason is KeptReason.CHANGED:
        # Also which words were deleted is for the editor to decide.
        return theirs == words
    return not Counter(words) - Counter(theirs)


def _all_words(values: FieldValues) -> list[str]:
    return bare_words("\n".join(values.values()))


def bare_words(text: str) -> list[str]:
    """Return the words of a text without what the file's format adds to them."""
    return text.replace("\\", "").split()


def returned(kept: Sequence[KeptWords], parts: Parts) -> list[KeptWords]:
    """Return the kept words of parts that were gone and are back, with exactly the text that the words
    were typed over: another program wrote the file in two steps, or a removal was undone.
    """
    return [words for words in kept if _can_be_put_back(words, parts)]


def _can_be_put_back(words: KeptWords, parts: Parts) -> bool:
    is_gone = words.reason is KeptReason.GONE
    return is_gone and _value_in(parts, words) == words.before


def _value_in(parts: Parts, words: KeptWords) -> str | None:
    """Return the value that the field of kept words has now; None if there is no such field."""
    part = parts.part(words.part)
    if part is None or words.field not in names_of(part):
        return None
    return value_of(part, words.field)


def edit_restoring(words: KeptWords) -> SetField:
    """Return the edit that writes kept words into their field, if it still is as it was."""
    return SetField(words.part, words.field, words.before, words.words)
