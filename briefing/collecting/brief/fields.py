"""Recognise the words that name a field of an item: "Source: Harbour Post", "Enlace: https://…"."""

import re

from briefing.collecting.brief.vocabulary import words
from briefing.collecting.text.comparing import fold

FIELDS = ("title", "source", "date", "link", "text")
_LABEL = re.compile(r"([^\W\d_][^:：]{1,30}?) ?[:：] ?(.*)")


def field_named(text: str) -> str:
    """The field of an item that a word names, such as "source" for "Outlet"; "" if it names none."""
    folded = fold(text)
    named = (name for name in FIELDS if folded in words(f"{name}_field"))
    return next(named, "")


def field_of(text: str) -> tuple[str, str]:
    """The field that words name, and its value: "Source: Harbour Post"; ("", "") for others."""
    label = _LABEL.fullmatch(text)
    name = field_named(label[1]) if label else ""
    return (name, label[2].strip()) if label and name else ("", "")
