"""Look up the words that show what a line of a brief is, in all languages together.

Each language has a file in words/; mail_apps.toml has what mail apps write in further
languages. To add a language, write its file, and add it to `_WIDE_LOCALES` in text/date_names.py if
briefs write dates in it. Upper and lower case make no difference. A phrase is written as people
would write it down:

    "read [the ]article"         in square brackets: what may be missing
    "(press|media) release"      in round brackets: one of these
    "statement*"                 a word with any ending
    "this … was sent to"         up to 60 characters of any kind
    "published by {name}"        what the caller asks for, see SLOTS
    '\\(c\\)'                      a bracket, bar or asterisk itself

A `Form` in the code is written in the same way, with "<on>" for any phrase of the list "on".
"""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from briefing.collecting.text.comparing import fold
from briefing.data_files import load_table

_FOLDER = Path(__file__).parent / "words"
_SIGNS = {
    "[": "(?:",
    "]": ")?",
    "(": "(?:",
    ")": ")",
    "|": "|",
    "*": r"\w*",
    "…": ".{0,60}?",
}
SLOTS = {
    "name": r"(?P<name>\S.*?)",
    "after": r"(?P<after>.{0,80})",
    "before": r"(?P<before>.*?)",
    "credit": r"(?P<credit>[^\s©].*)",
    "date": r"(?P<date>.{6,40}?)",
    "place": r"(?P<place>[^.:→]{1,60})",
    "rest": r"(?P<rest>.*)",
    # What no caller asks for.
    "close": r"[\])>]",
    "comma": r"[,/|;]",
    "digits": r"\d{0,5}",
    # "Unsubscribe", "Unsubscribe → https://…", but not "Unsubscribe the ferry".
    "end": r"(?=$| ?[:,.!|→>\])(<\[]| https?:)",
    # "Photo: AFP", "Photo | AFP", "Photo – AFP".
    "mark": r"(?: ?[:©/|]| [–—-] )",
    "names": r"[^.!?]{0,60}[.!]?",
    "open": r"[\[(<]",
    "sentence_end": r"(?<=[.!?…\])”\"»’] )",
    "separator": r"(?:,| ?[|·–—-])",
    # Also as web pages write a space at which no line may end.
    "space": r"(?: |&nbsp;|&#160;|&#xa0;)+",
    "words": r".{0,80}",
    "year": r"\d{4}",
}
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PART = re.compile(
    r"\\(?P<escaped>.)|\{(?P<slot>\w+)\}|<(?P<phrases>[\w.-]+)>|(?P<sign>.)"
)


class Form:
    """What a line, or a part of one, can look like; compiled when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(_translated(self.text), re.IGNORECASE)

    @cached_property
    def _at_end(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{_translated(self.text)})\Z", re.IGNORECASE)

    def match(self, text: str) -> Mapping[str, str] | None:
        """The slots of the form (empty where missing) if all of `text` has it, else None."""
        match = self._pattern.fullmatch(text)
        return match.groupdict("") if match else None

    def fits(self, text: str) -> bool:
        """Whether all of `text` has the form."""
        return self._pattern.fullmatch(text) is not None

    def begins(self, text: str) -> int:
        """How many characters at the start of `text` have the form; 0 for none."""
        match = self._pattern.match(text)
        return match.end() if match else 0

    def find(self, text: str) -> tuple[int, int] | None:
        """Where the first part of `text` that has the form starts and ends."""
        match = self._pattern.search(text)
        return match.span() if match else None

    def find_at_end(self, text: str) -> int | None:
        """Where the end of `text` that has the form starts."""
        match = self._at_end.search(text)
        return match.start() if match else None

    def remove(self, text: str) -> str:
        """`text` without the parts that have the form."""
        return self._pattern.sub("", text)


def forms(name: str) -> list[Form]:
    """A form for each phrase of a list."""
    return [Form(phrase) for phrase in phrases(name)]


@cache
def words(name: str) -> frozenset[str]:
    """The words or plain phrases of a list, folded for comparing."""
    return frozenset(map(fold, phrases(name)))


@cache
def phrases(name: str) -> tuple[str, ...]:
    """The phrases of a list in all languages."""
    found: list[str] = []
    for language in _languages():
        listed = language.get(name, [])
        found += listed.split() if isinstance(listed, str) else listed
    return tuple(found)


@cache
def _languages() -> list[dict[str, Any]]:
    return list(map(load_table, sorted(_FOLDER.glob("*.toml"))))


def _translated(form: str) -> str:
    """A form as a regular expression."""
    return "".join(map(_translated_part, _PART.finditer(form)))


def _translated_part(part: re.Match[str]) -> str:
    if part["slot"]:
        return SLOTS[part["slot"]]
    if part["phrases"]:
        return f"(?:{'|'.join(map(_whole_words, phrases(part['phrases'])))})"
    return _SIGNS.get(part["sign"]) or re.escape(
        part["escaped"] or part["sign"]
    )


def _whole_words(phrase: str) -> str:
    """A phrase as a regular expression that neither begins nor ends within a word; Chinese has no spaces between
    words.
    """
    is_chinese = _CHINESE.search(phrase) is not None
    begins = phrase[0].isalpha() or phrase[0] in "[("
    ends = phrase[-1].isalpha() or phrase[-1] in "])"
    before = r"(?<!\w)" if begins and not is_chinese else ""
    after = r"(?!\w)" if ends and not is_chinese else ""
    return f"{before}(?:{_translated(phrase)}){after}"
