"""Texts in forms for comparing: pages write the same name or headline in many ways."""

import re
from collections.abc import Iterable

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def compact(text: str) -> str:
    """Return only the letters and digits of a text, in lower case."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def compact_name(name: str) -> str:
    """Return a name as `compact` does, without the article "the" before it."""
    first, space, rest = name.casefold().partition(" ")
    return compact(rest if first == "the" and space else name)


def with_ascii_umlauts(text: str) -> str:
    """Return a text in lower case with umlauts as hosts write them: "Süddeutsche" → "sueddeutsche"."""
    return text.casefold().translate(_UMLAUTS)


def contains_any(text: str, parts: Iterable[str]) -> bool:
    """Whether a text contains any of these parts of words."""
    return any(part in text for part in parts)
