"""What reads like a headline, and what like a sentence, a greeting, a byline, or an item of a list."""

import re

from briefing.collecting.text.dates import is_month

_LONGEST = 200
_LONGEST_GREETING = 80

_AFTER_END = "”\"“’'»«)]*_ "
_SENTENCE_ENDS = frozenset(".…。!?؟۔")
# A question or an exclamation may be a headline.
_NO_HEADLINE_ENDS = frozenset(".…。۔,;:")
_JOINING = re.compile(
    r"(?:an?|and|as|at|by|for|from|in|into|of|on|or|that|the|to|with|which|who|is|are|was|were|its|their|against"
    r"|der|die|das|de[nms]|eine?[nmr]?|[ia]m|und|vo[nm]|zu[mr]?|mit|für|auf|aus|bei|nach|über|oder|gegen"
    r"|ve|ile|için|bir|veya|ki|gibi)",
    re.IGNORECASE,
)
_SENTENCE_INSIDE = re.compile(
    r"\b(?:(?!(?:vs|bzw|ca|etc|usw|inkl|nr|bkz)\.)[a-zäöüßçğış]{2,}|(?!Prof\.)[^\W\d_]{4,})\. \w"
)
_BYLINE = re.compile(r"(?:by|von) (?P<names>.+)", re.IGNORECASE)
_SALUTATION = (
    r"(?:dear|hello|hi|good (?:morning|day)|liebe[rs]?|sehr geehrte[rs]?|hallo|guten|değerli|sayın|sevgili|merhaba)\b"
)
_GREETING = re.compile(_SALUTATION, re.IGNORECASE)
_GREETING_AND_MORE = re.compile(rf"{_SALUTATION}[^,.;:!?]{{0,60}}[,!:](?: |$)", re.IGNORECASE)
# The last is what Word writes for a bullet.
_MARK = re.compile(r"(?:[•▪●◦‣⁃■□►➢✓·\uf0b7*–-]|(?P<number>\d{1,3})[.)]) (?P<rest>\S.*)")


def ends_sentence(text: str) -> bool:
    """Whether `text` ends as a sentence does, also as one that was cut off ("[…]")."""
    return _last_mark(text) in _SENTENCE_ENDS


def _last_mark(text: str) -> str:
    return text[-20:].rstrip(_AFTER_END)[-1:]


def holds_sentence(text: str) -> bool:
    """Whether a sentence ends inside `text`, so that it is more than a headline; "Dr." and "U.S." end none."""
    return bool(_SENTENCE_INSIDE.search(text))


def joins(text: str) -> bool:
    """Whether the last word of `text` asks for another, so that no line is complete with it."""
    return bool(_JOINING.fullmatch(text[-30:].rpartition(" ")[2]))


def is_headline(text: str) -> bool:
    """Whether `text` may be a headline: short, and neither a sentence nor a byline nor a greeting."""
    return (
        len(text) <= _LONGEST
        and any(letter.isalpha() for letter in text)
        and _last_mark(text) not in _NO_HEADLINE_ENDS
        and not joins(text)
        and not is_byline(text)
        and not (_GREETING.match(text) and len(text.split()) <= 6)
    )


def greets(text: str) -> bool:
    """Whether a text begins with a greeting: "Dear friends," and what may follow it."""
    begun = text[:_LONGEST_GREETING]
    return bool(_GREETING_AND_MORE.match(begun)) or bool(_GREETING.match(begun) and len(begun.split()) <= 6)


def is_byline(text: str) -> bool:
    """Whether `text` is "By" and names."""
    match = _BYLINE.fullmatch(text)
    words = match["names"].split() if match else []
    small = {"and", "und", "de", "van", "von", "al"}
    return 0 < len(words) <= 6 and all(word in small or word[0].isupper() for word in words)


def listed(text: str) -> tuple[str, str] | None:
    """The mark before a line ("" for a bullet, else its number) and the words; the "1." of "1. Mai" is no mark."""
    match = _MARK.match(text)
    if not match or (match["number"] and is_month(match["rest"].split()[0])):
        return None
    return match["number"] or "", match["rest"]


def without_mark(headline: str) -> str:
    """A line without the bullet or number before it."""
    found = listed(headline)
    return found[1] if found else headline
