"""Join a reader's first and last name, in the order of their language. No I/O."""

import re

# Languages that put the family name first.
_FAMILY_FIRST = {"zh", "ja", "ko", "hu", "vi"}
# Chinese characters, Japanese kana and Korean syllables: names in them have no space, and the family
# name comes first whatever the reader's language is. Few lists have two columns of names, so it isn't
# compiled before one does.
_UNSPACED = r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"


def join_name(first: str, last: str, lang: str) -> str:
    """Return the whole name of a reader with this language (a code in lower case, or empty).

    If one of the two contains the other, as where a column holds the whole name, it is returned
    alone.
    """
    if not first or _contains(last, first):
        return last
    if not last or _contains(first, last):
        return first
    if re.fullmatch(_UNSPACED, first + last):
        return last + first
    if lang.partition("-")[0] in _FAMILY_FIRST:
        return f"{last} {first}"
    return f"{first} {last}"


def _contains(whole: str, part: str) -> bool:
    """Whether a name contains all words of another one, and more."""
    words = whole.casefold().split()
    part_words = part.casefold().split()
    return len(words) > len(part_words) and set(part_words) <= set(words)
