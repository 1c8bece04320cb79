"""How well a heading agrees with a title that the page's head declares."""

import re
from dataclasses import dataclass

from briefing.collecting.text.comparing import compact

from .headings import COLONS, Heading
from .title_parts import compact_parts

_LONG = 25
"""The least length of a heading that isn't the name of a site or of a section."""
_LONG_CHINESE = 12
"""The same in Chinese and Japanese."""
SAME = 4.0
CONTAINED = 3.0
END_CUT_OFF = 2.5
LOOSELY_CONTAINED = 2.0
_MAYBE_SITE = 1.3
"""The degree of agreement with the last part of a title, which may be the site's name."""
_SIMILAR = 0.6
"""The least share of common words in two titles that count as the same."""
_MAX_TIMES_LONGER = 3
"""A heading with the same words that is still longer than the title is a sentence about them."""
_LONG_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well a heading and a title agree, and on what."""

    degree: float = 0
    """From 0 to 4 (`SAME`)."""
    text: str = ""
    """The words on which they agree."""


def is_long(heading: str) -> bool:
    """Whether a heading is too long to be the name of a site or of a section."""
    least = _LONG_CHINESE if _has_chinese(heading) else _LONG
    return len(heading) >= least


def has_common_word(heading: str, title: str) -> bool:
    """Whether a heading and a title have one of their longer words in common."""
    return not _long_words(heading).isdisjoint(_long_words(title))


def agreement_of(heading: Heading, title: str) -> Agreement:
    """Return how well a heading agrees with a title."""
    key = compact(heading.text)
    title_key = compact(title)
    if not key or not title_key:
        return Agreement()
    if key == title_key:
        # Where markup divides a heading, spaces between its pieces may be missing; the title has them.
        is_in_pieces = len(heading.pieces) > 1 and not title.isupper()
        return Agreement(SAME, title if is_in_pieces else heading.text)
    return (
        _agreement_with_part(heading, key, title)
        or _containment(heading, key, title, title_key)
        or _agreement_of_words(heading, title)
    )


def _agreement_with_part(
    heading: Heading, key: str, title: str
) -> Agreement | None:
    # A shorter text could be a part of a title by chance.
    if len(key) < 4:
        return None
    parts = compact_parts(title)
    if key not in parts:
        return None
    may_be_site = key == parts[-1] and not is_long(heading.text)
    degree = _MAYBE_SITE if may_be_site else CONTAINED
    return Agreement(degree, heading.text)


def _containment(
    heading: Heading,
    key: str,
    title: str,
    title_key: str,
) -> Agreement | None:
    # A shorter text would be contained in many headlines by chance.
    shortest = 6 if _has_chinese(title) else 12
    if min(len(key), len(title_key)) < shortest:
        return None
    # "The minister answers:" is only the beginning of the headline, which the title has whole.
    if key in title_key and heading.text.endswith(COLONS):
        return Agreement(CONTAINED, title)
    if title_key.startswith(key):
        return Agreement(CONTAINED, heading.text)
    if key in title_key:
        return Agreement(LOOSELY_CONTAINED, heading.text)
    if not key.startswith(title_key) and not key.endswith(title_key):
        return None
    is_apart = _is_set_apart(heading, title_key)
    return Agreement(END_CUT_OFF, title if is_apart else heading.text)


def _agreement_of_words(heading: Heading, title: str) -> Agreement:
    is_sentence = len(heading.text) > _MAX_TIMES_LONGER * len(title)
    share = _common_words(heading.text, title)
    if is_sentence or share < _SIMILAR:
        return Agreement()
    return Agreement(1 + share, heading.text)


def _is_set_apart(heading: Heading, title_key: str) -> bool:
    """Whether the markup of a heading sets this title apart from the rest of it."""
    pieces = list(map(compact, heading.pieces))
    for number in range(1, len(pieces)):
        before = "".join(pieces[:number])
        after = "".join(pieces[number:])
        if title_key in {before, after}:
            return True
    return False


def _common_words(heading: str, title: str) -> float:
    """Return the share of longer words that heading and title have in common."""
    heading_words = _long_words(heading)
    title_words = _long_words(title)
    # Of one or two words, other headlines on the same subject would have most.
    fewest = min(len(heading_words), len(title_words))
    if fewest < 3:
        return 0.0
    common = heading_words & title_words
    return len(common) / fewest


def _long_words(text: str) -> set[str]:
    return set(_LONG_WORD.findall(text.casefold()))


def _has_chinese(text: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" for letter in text)
