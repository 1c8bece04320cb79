"""Recognise names, and tell those of organisations from those of places."""

import re
from itertools import pairwise

from briefing.collecting.brief.vocabulary import phrases, words
from briefing.collecting.text.comparing import fold

LONGEST_NAME = 80
SEPARATORS = " ,.;:|/·•–—-(،、，（"
"""Characters that may be between a name and a date."""

_MOST_WORDS = 8
_MOST_WORDS_OF_A_PLACE = 3
_BRACKETS = "(„“\"'’"
# "(MA)" in "Millers Association (MA)"
_IN_BRACKETS = re.compile(r"\(\w+\)")


def is_name(text: str) -> bool:
    """Whether `text` is short enough for a publisher's name; it may contain any words."""
    parts = text.split()
    if len(parts) > 10:
        return False
    if len(text) > LONGEST_NAME:
        return False
    if not _has_letter(text):
        return False
    return len(parts) <= 2 or not text[0].islower()


def is_proper_name(text: str) -> bool:
    """Whether each word in `text` is capitalised or one of the small ones in names ("of the")."""
    parts = text.split()
    if len(parts) > _MOST_WORDS:
        return False
    if len(text) > LONGEST_NAME:
        return False
    if not _has_letter(text):
        return False
    return _may_begin_name(parts[0]) and all(map(_may_be_in_name, parts))


def _may_begin_name(word: str) -> bool:
    # "The Hague", but not "Of the Sea".
    return fold(word) not in words("name_small") - words("name_article")


def _may_be_in_name(word: str) -> bool:
    begins_small = word.strip(_BRACKETS).strip()[:1].islower()
    return not begins_small or fold(word) in words("name_small")


def is_organisation(text: str) -> bool:
    """Whether `text` is just an organisation's name: "Hillside Watch", not "Hillside Watch Calls
    For Help".

    The word for an organisation ("Watch") ends the name, or is followed by what belongs to it
    ("Association of …").
    """
    parts = text.split()
    if text.endswith(phrases("association_ending")) and 2 < len(parts) <= 10:
        return True
    if not is_proper_name(text):
        return False
    return _names_organisation(parts) or is_acronym(text)


def _names_organisation(parts: list[str]) -> bool:
    if len(parts) <= 3 and fold(parts[0]) in words("organisation_first"):
        return True
    if is_organisation_word(parts[-1]):
        return True
    return any(
        is_organisation_word(word) and _belongs_to_name(next_word)
        for word, next_word in pairwise(parts)
    )


def _belongs_to_name(word: str) -> bool:
    return (
        fold(word) in words("organisation_then")
        or _IN_BRACKETS.fullmatch(word) is not None
    )


def is_organisation_word(word: str) -> bool:
    """Whether a word is typical of an organisation's name: "Watch", "Musterverein"."""
    folded = fold(word.strip(",.;:)" + _BRACKETS))
    return folded in words("organisation") or folded.endswith(
        tuple(words("organisation_ending"))
    )


def is_publisher_word(word: str) -> bool:
    """Whether a word is typical of a publisher's name: "Post", "Institute"."""
    return is_organisation_word(word) or fold(word.strip(",.")) in words(
        "media"
    )


def has_publisher_word(name: str) -> bool:
    """Whether a word of a name is typical of a publisher's: "Harbour Post"."""
    return any(map(is_publisher_word, name.split()))


def without_particle(text: str) -> str:
    """Words before a date without the "vom", "on" or "Date:" that leads to it."""
    before, _, last = text.rstrip().rpartition(" ")
    particles = words("before_date")
    if last.endswith((":", "：")):
        particles = words("date_field")
        last = last.rstrip(":：")
    return before if fold(last) in particles else text


def is_acronym(text: str, longest: int = 6) -> bool:
    """Whether `text` is a word of capitals: "WUC"."""
    return 2 <= len(text) <= longest and text.isalpha() and text.isupper()


def is_place(name: str) -> bool:
    """Whether a name before a date is a place rather than a publisher: "Velmar", "New York", not
    "Example Post".
    """
    parts = name.split()
    if len(parts) > _MOST_WORDS_OF_A_PLACE:
        return False
    # "AFP" is rather a news agency.
    if is_acronym(name, longest=3):
        return False
    return is_proper_name(name) and not has_publisher_word(name)


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))
