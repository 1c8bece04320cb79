"""Isolate the left-to-right runs of right-to-left text, so that what is around them keeps its order
(Unicode 16, UAX #9).

A run is everything from one right-to-left letter to the next, without the punctuation that belongs
to the sentence around it. It never ends inside a bracket or a quotation, because the two marks of
such a pair would then be on the same side.
"""

import re
from collections.abc import Iterator

from .paired_marks import BRACKETS, Pairs, paired

# First strong isolate, and pop directional isolate.
ISOLATE = "\u2068"
POP = "\u2069"

_RIGHT_TO_LEFT = "\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_ISOLATES = f"{ISOLATE}{POP}"
_STRETCH = re.compile(
    rf"{ISOLATE}[^{_ISOLATES}]*+{POP}|[^{_RIGHT_TO_LEFT}{_ISOLATES}\n]+"
)
_LETTER = re.compile(f"[{_RIGHT_TO_LEFT}]")
_WORD = re.compile(r"[^\W_]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")

# Signs that belong to the number or word after them, some of them also across a space.
_SIGN_BEFORE = re.compile(
    r"[€$£¥₺%‰§№±≈<>][ \u00a0\u202f]?|[+\u2212~.-](?=\d)|[@#](?=\w)"
)
_SIGN_AFTER = re.compile(r"[ \u00a0\u202f]?[€$£¥₺%‰°]|\++")
_AREA_CODE = re.compile(r"\(\+?\d+\)[ \u00a0-]?\d", re.ASCII)


def isolated(text: str) -> str:
    """Put each left-to-right run of a text into an isolate."""
    pieces = []
    end = 0
    for start, stop in runs(text):
        pieces += [text[end:start], ISOLATE, text[start:stop], POP]
        end = stop
    return "".join([*pieces, text[end:]])


def runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each left-to-right run that isn't isolated yet, in order."""
    if not _LETTER.search(text) and ISOLATE not in text:
        yield from _left_to_right_lines(text)
        return
    for stretch in _STRETCH.finditer(text):
        if stretch[0].startswith(ISOLATE):
            continue
        offset = stretch.start()
        for start, stop in _runs_in(stretch[0], _touches_letter(text, offset)):
            yield offset + start, offset + stop


def _touches_letter(text: str, index: int) -> bool:
    return index > 0 and _LETTER.match(text, index - 1) is not None


def _left_to_right_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield each line of a text without any right-to-left letter, with its full stop."""
    for line in re.finditer(r"\S[^\n]*", text):
        if _WORD.search(line[0]):
            yield line.start(), line.start() + len(line[0].rstrip())


def _runs_in(text: str, touches_letter: bool) -> Iterator[tuple[int, int]]:
    """Yield the runs of a stretch; `touches_letter` says that a right-to-left letter is right before
    it.
    """
    pairs = paired(text)
    start = 0
    for cut in [*pairs.alone(), len(text)]:
        for begin, end in _divided(text, start, cut, pairs):
            run = _trimmed(text, begin, end, pairs)
            if run and touches_letter and run[0] == 0:
                run = _without_sign(text, *run)
            if run:
                yield run
        start = cut + 1


def _divided(
    text: str, start: int, end: int, pairs: Pairs
) -> Iterator[tuple[int, int]]:
    """Separate a bracket at the beginning from what follows, except an area code: it belongs to the
    words before it.
    """
    while start < end and text[start].isspace():
        start += 1
    is_bracket = start in pairs.closed and text[start] in BRACKETS
    if is_bracket and not _AREA_CODE.match(text, start):
        after = pairs.closed[start] + 1
        yield start, after
        start = after
    yield start, end


def _trimmed(
    text: str, start: int, end: int, pairs: Pairs
) -> tuple[int, int] | None:
    """Return the run within a piece; None if it has no letter and no digit."""
    word = _WORD.search(text, start, end)
    if not word:
        return None
    begin = start
    while begin < word.start() and begin not in pairs.closed:
        sign = _SIGN_BEFORE.match(text, begin, end)
        if sign and (sign.end() == word.start() or sign.end() in pairs.closed):
            break
        begin += 1
    last = end - 1
    while not (_WORD.match(text, last) or last in pairs.opened):
        last -= 1
    return begin, _with_sign(text, begin, last + 1, end)


def _without_sign(text: str, start: int, stop: int) -> tuple[int, int]:
    """Leave out a sign right after a right-to-left letter: it divides the two."""
    sign = _SIGN_BEFORE.match(text, start)
    return (sign.end() if sign else start), stop


def _with_sign(text: str, start: int, stop: int, end: int) -> int:
    """Return the end of a run with what belongs to its last word: a sign, the slash of an address,
    the full stop of initials.
    """
    sign = _SIGN_AFTER.match(text, stop, end)
    if sign:
        return sign.end()
    last_word = text[start:stop].rpartition(" ")[2]
    is_address = text.startswith("/", stop) and "://" in last_word
    is_initials = text.startswith(".", stop) and _INITIALS.fullmatch(last_word)
    return stop + 1 if is_address or is_initials else stop
