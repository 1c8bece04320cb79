"""Decode a feed's source, and turn its titles and summaries into short plain text."""

import re

from briefing.decoding import (
    declared_in_content_type,
    declared_in_markup,
    decode,
)
from briefing.markup import (
    parse_html,
    tidy_spaces,
    visible_text,
    without_unsafe,
)

LONGEST_SUMMARY = 900
LONGEST_TITLE = 500

_DOCTYPE = "<!DOCTYPE"
_OWN_ENTITIES = re.compile(r"<!DOCTYPE[^\[>]*\[.*?\]\s*>", re.DOTALL)
_TAG = re.compile(
    r"</?(?:a|b|br|cite|div|em|font|h[1-6]|i|img|p|q|script|small|span|strong|style|sub|sup|u)\b[^<>]*>",
    re.IGNORECASE,
)
_LONGEST_WORDPRESS_FOOTER = 500
# A full stop ends a sentence only after a word of three letters (not "Mr.", "U.S.", "3."), and
# before something that can begin one.
_SENTENCE_END = re.compile(
    r"(?:[!?…。！？؟۔।]|(?:\w{3}|[\"'”’»)\]])\.)[\"'”’»)\]]*(?=\s+[^\sa-z]|(?<=[。！？]))"
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
    declare as plain.
    """
    if markup or _TAG.search(text):
        return visible_text(parse_html(text))
    return tidy_spaces(text.replace("\ufeff", ""))


def shorten_title(text: str) -> str:
    """Return a title of at most LONGEST_TITLE characters."""
    return _shorten(text, LONGEST_TITLE)


def shorten_summary(text: str) -> str:
    """Return a summary of at most LONGEST_SUMMARY characters, without the footer that WordPress
    adds.
    """
    before, found, footer = text.rpartition("The post ")
    is_footer = (
        " appeared " in footer and " on " in footer and footer.endswith(".")
    )
    if found and is_footer and len(footer) <= _LONGEST_WORDPRESS_FOOTER:
        text = before.rstrip()
    return _shorten(text, LONGEST_SUMMARY)


def _shorten(text: str, most: int) -> str:
    """Return as many complete sentences from the start as fit; if the first doesn't, as many words
    and a "…".
    """
    if len(text) <= most:
        return text
    end = 0
    for sentence in _SENTENCE_END.finditer(text[: most + 2]):
        if sentence.end() <= most:
            end = sentence.end()
    if end:
        return text[:end]
    room = text[: most - 1]
    return f"{room.rpartition(' ')[0] or room}…"
