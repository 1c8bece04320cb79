"""Recognise headlines, greetings and bylines."""

import re

from briefing.collecting.brief.vocabulary import Form, words
from briefing.collecting.text.comparing import fold

from .sentences import last_mark

_LONGEST = 200
_LONGEST_GREETING = 80
_MOST_GREETING_WORDS = 6
_MOST_BYLINE_WORDS = 6

# A question or an exclamation may be a headline.
_NO_HEADLINE_ENDS = frozenset(".…。۔,;:")
_GREETING_ENDS = " ,.!:،，。！："
_COMMA = re.compile(r"[,،，] ?")
_SENTENCE_MARK = re.compile(r"[.:!?。：！？]")
_SALUTATION = Form("<salutation>")


def is_headline(text: str) -> bool:
    """Whether `text` may be a headline: short, and not a sentence, byline, greeting or address."""
    if len(text) > _LONGEST:
        return False
    if last_mark(text) in _NO_HEADLINE_ENDS:
        return False
    if _is_unfinished(text):
        return False
    if not any(map(str.isalpha, text)):
        return False
    if "://" in text:
        return False
    return not is_byline(text) and not _is_short_greeting(text)


def _is_unfinished(text: str) -> bool:
    """Whether the last word requires another one after it."""
    # "Ferry returns to the" was cut or wrapped.
    return fold(text[-30:].rpartition(" ")[2]) in words("unfinished")


def is_greeting(text: str) -> bool:
    """Whether a text begins with a greeting: "Dear friends, …"."""
    beginning = text[:_LONGEST_GREETING]
    salutation = _SALUTATION.begins(beginning)
    return bool(salutation) and (
        _is_short_greeting(beginning) or _is_addressed(beginning[salutation:])
    )


def is_only_greeting(text: str) -> bool:
    """Whether a text is a greeting and says nothing else: "Dear friends,", but not "Dear friends, three stories."."""
    parts = _COMMA.split(text.rstrip(_GREETING_ENDS))
    are_greetings = all(_SALUTATION.begins(part) > 0 for part in parts)
    is_whole = not _SENTENCE_MARK.search("".join(parts))
    return are_greetings and is_whole and _is_short_greeting(text)


def _is_addressed(text: str) -> bool:
    """Whether up to 60 characters with a comma, colon or exclamation mark follow: " friends, …"."""
    # "Dear friends of the harbour and of the old ferry, here are …": a long greeting has a mark after those it greets.
    for place, character in enumerate(text[:61]):
        if character in ",.;:!?":
            return character in ",:!" and text[place + 1 : place + 2] in {
                "",
                " ",
            }
    return False


def _is_short_greeting(text: str) -> bool:
    return (
        _SALUTATION.begins(text) > 0
        and len(text.split()) <= _MOST_GREETING_WORDS
    )


def begins_byline(text: str) -> bool:
    """Whether `text` begins like a byline: "By Jane Doe, Harbour Post"."""
    return fold(text.partition(" ")[0]) in words("author")


def without_by(text: str) -> str:
    """Words without the "by" that begins them."""
    return text.partition(" ")[2] if begins_byline(text) else text


def is_byline(text: str) -> bool:
    """Whether `text` is "By" and names."""
    if not begins_byline(text):
        return False
    parts = text.partition(" ")[2].split()
    # "By Jane Doe and Tom Roe", but not "By the river".
    return 0 < len(parts) <= _MOST_BYLINE_WORDS and all(
        map(_is_byline_word, parts)
    )


def _is_byline_word(word: str) -> bool:
    bare = word.lstrip("([")
    return bare[:1].isupper() or word in words("byline_small")
