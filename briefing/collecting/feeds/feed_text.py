"""Decode a feed's source, and turn its titles into short plain text."""

import re

from briefing.text.decoding import (
    declared_in_content_type,
    declared_in_markup,
    decode,
)
from briefing.text.markup import (
    parse_html,
    tidy_spaces,
    unescape_again,
    visible_text,
    without_unsafe,
)

LONGEST_TITLE = 500

_DOCTYPE = "<!DOCTYPE"
_OWN_ENTITIES = re.compile(r"<!DOCTYPE[^\[>]*\[.*?\]\s*>", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|b|br|cite|div|em|font|h[1-6]|i|img|p|q|script|small|span|strong|style|sub|sup|u)\b[^<>]*>",
    re.IGNORECASE,
)


def feed_source(data: bytes, content_type: str) -> str:
    """Decode a feed, and remove the characters that XML doesn't allow and its entity declarations.

    An entity may be an attack: one that expands to gigabytes, or reads a file on this computer.
    """
    declared = declared_in_content_type(content_type), declared_in_markup(data)
    text = decode(data, *declared)
    text = without_unsafe(text).lstrip("\ufeff \t\n")
    before, doctype, _ = text.partition(_DOCTYPE)
    if not doctype:
        return text
    entities = _OWN_ENTITIES.match(text, len(before))
    return before + text[entities.end() :] if entities else text


def plain_text(text: str, *, markup: bool) -> str:
    """Return the text that a reader sees, on one line. Feeds have tags even in texts that they
    declare as plain, and escape entities twice.
    """
    if markup or _TAG.search(text):
        seen = visible_text(parse_html(text))
        return tidy_spaces(unescape_again(seen))
    return tidy_spaces(text.replace("\ufeff", ""))


def shorten_title(text: str) -> str:
    """Return a title of at most LONGEST_TITLE characters, cut off between words."""
    if len(text) <= LONGEST_TITLE:
        return text
    room = text[: LONGEST_TITLE - 1]
    return f"{room.rpartition(' ')[0] or room}…"
