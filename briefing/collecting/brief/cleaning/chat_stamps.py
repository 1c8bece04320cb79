"""Recognise the messages of a chat, and leave out who wrote them and when.

A sender must never get into an issue. So a single line is enough if it can only be the stamp of a chat; lines that may
as well be a news item's date and source count from three on.
"""

import re

from .chat_times import MOMENT, TIME
from .pasted_lines import PastedLine, PastedLines, with_words

_SAID = r"(?P<name>[^:\n]{1,60}):(?: (?P<words>.*)|$)"
_AFTER_NAME = r"(?P<name>[^\[\]]{1,60}), "
_BELOW = r"(?::? ?(?P<words>.*))?"
_CLEAR = (
    # WhatsApp on iOS, Signal: "[06/10/2020, 10:42] Jane Doe: …"
    re.compile(rf"\[{MOMENT}\] ?{_SAID}"),
    # Teams: "[10:42] Jane Doe: …"
    re.compile(rf"\[{TIME}\] ?{_SAID}"),
    # WhatsApp on Android: "06/10/2020, 10:42 - Jane Doe: …"
    re.compile(rf"{MOMENT} - {_SAID}"),
    # Telegram: "Jane Doe, [06/10/2020 10:42]", and what she wrote in the next line
    re.compile(rf"{_AFTER_NAME}\[{MOMENT}\]{_BELOW}"),
)
"""Stamps that only chats put before a message."""
_LIKELY = (
    *_CLEAR,
    # "06/10/2020, 10:42 - Jane Doe added Tom"
    re.compile(rf"\[?{MOMENT}\]?(?: [–-])? ?(?:{_SAID}|(?P<system>.*))"),
    # "Jane Doe, [yesterday at 10:42]"
    re.compile(rf"{_AFTER_NAME}\[[^\[\]]{{6,40}}\]{_BELOW}"),
)
_LEAST_LIKELY = 3
# "<Media omitted>", or only marks such as "…"
_MEDIA = re.compile(r"<[^<>]{0,40}>|\W*")
_UNWRITTEN = "\u200e"
"""WhatsApp puts the mark before what nobody wrote: "image omitted"."""
# "Ferry returns <This message was edited>"
_EDITED = re.compile(r"\u200e?<[^<>:/]{4,60}>$")
# "@+49 171 1234567": a person whose name the phone doesn't know. WhatsApp puts isolates around the number.
_MENTION = re.compile(r" ?@\u2068?\+?\d[\d ]{6,16}\d\u2069?")


def without_stamps(lines: PastedLines, left_out: list[str]) -> PastedLines:
    """Make each message a paragraph, without its name and time."""
    matches = [_first_match(_LIKELY, line.text) for line in lines]
    forms = _LIKELY if sum(map(bool, matches)) >= _LEAST_LIKELY else _CLEAR
    if not any(_first_match(forms, line.text) for line in lines):
        return lines
    kept: PastedLines = []
    begins = False
    for line in lines:
        match = _first_match(forms, line.text)
        if match is None:
            kept.append(_without_mentions(line, left_out, begins=begins))
            begins = False
            continue
        words = _words(match)
        left_out.append(line.text.removesuffix(words).strip())
        begins = not words
        if words:
            said = with_words(line, words, begins=True)
            kept.append(_without_mentions(said, left_out, begins=True))
    return kept


def begins_message(line: str) -> bool:
    """Whether a line begins with a stamp that only chats put before a message."""
    return _first_match(_CLEAR, line) is not None


def _first_match(
    forms: tuple[re.Pattern[str], ...], text: str
) -> re.Match[str] | None:
    # WhatsApp puts a mark of direction before some stamps.
    found = (form.fullmatch(text.lstrip("\u200e\u200f")) for form in forms)
    return next(filter(None, found), None)


def _words(match: re.Match[str]) -> str:
    """What the sender wrote; "" for a picture, or for what the program says."""
    words = match.groupdict().get("words") or ""
    if _MEDIA.fullmatch(words):
        return ""
    if words.startswith(_UNWRITTEN):
        return ""
    return _EDITED.sub("", words).rstrip()


def _without_mentions(
    line: PastedLine, left_out: list[str], *, begins: bool
) -> PastedLine:
    """The line without the numbers of people it mentions."""
    mentions = _MENTION.findall(line.text)
    left_out += map(str.strip, mentions)
    words = _MENTION.sub("", line.text).strip() if mentions else line.text
    if words == line.text and not begins:
        return line
    return with_words(line, words, begins=begins)
