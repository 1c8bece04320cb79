"""Normalise texts for comparing: pages and briefs write the same name in many ways."""

import re
from collections.abc import Iterable

from briefing.text.normal_forms import normalized

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def fold(text: str) -> str:
    """Return a text for comparing: lower-case, composed, and with the same i for all four in
    Turkish.
    """
    if text.isascii():
        return text.lower()
    folded = normalized("NFC", text).casefold()
    return folded.replace("\u0307", "").replace("ı", "i")


def compact(text: str) -> str:
    """Return only the letters and digits of a text, in lower case."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def compact_name(name: str) -> str:
    """Return a name like `compact`, but without "the" before it."""
    first, space, rest = name.casefold().partition(" ")
    return compact(rest if first == "the" and space else name)


def with_ascii_umlauts(text: str) -> str:
    """Return a text in lower case with umlauts as in host names: "Süddeutsche" → "sueddeutsche"."""
    return text.casefold().translate(_UMLAUTS)


def contains_any(text: str, parts: Iterable[str]) -> bool:
    """Whether a text contains any of these, even within a word."""
    return any(part in text for part in parts)
