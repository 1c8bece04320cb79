"""Split a page's title, such as "News | Headline - Site", and cut the site's names off it."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from briefing.collecting.text.comparing import compact, with_ascii_umlauts

# What separates a headline from the name of its site; Chinese and Japanese pages write it without
# spaces. The bar that Korean pages use is often their letter ㅣ.
_SEPARATOR = re.compile(
    r"(?<!\s)\s++(?:[|¦│•·»«›‹/~⋆]|::|-{1,3}|[–—−])\s+"
    r"|(?:(?<!\s)\s++)?[|｜│]\s*"
    r"|(?<!\s)\s++:\s+"
    r"|(?<=\S)\s*—\s+"
    r"|(?<=[\u3040-\u9fff！？」』])\s*[-_–—:]+\s*"
    r"|(?:(?<!\s)\s++)?_\s*(?=[\u3040-\u9fff])"
    r"|(?<=[\uac00-\ud7a3])ㅣ(?=[\uac00-\ud7a3])"
)
_CHINESE_MEDIUM = re.compile(r"[\u4e00-\u9fff]{1,6}[网網报報]")
"""The name of a newspaper or website: 人民网, 明報."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a title."""

    separator: str
    """Before the text."""
    text: str


def split_title(title: str) -> list[Part]:
    """Split a title at its separators; a title without text stays whole."""
    parts = []
    start = 0
    separator = ""
    for match in _SEPARATOR.finditer(title):
        text = title[start : match.start()]
        parts.append(Part(separator, text))
        separator = match[0]
        start = match.end()
    parts.append(Part(separator, title[start:]))
    filled = [part for part in parts if part.text.strip()]
    return filled or [Part("", title)]


class SiteNames:
    """The names of a site, and how to cut them off its titles."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    @cached_property
    def _keys(self) -> set[str]:
        return set(map(_key, self._names)) - {""}

    def is_name(self, text: str) -> bool:
        return _key(text) in self._keys

    def cut_off(self, title: str) -> str:
        """Return a title without the site's names at its beginning and end."""
        parts = split_title(title)
        for number in range(1, len(parts)):
            if self.is_name(parts[number].text):
                parts = parts[:number]
                break
        self._cut_ends(parts)
        first, *rest = parts
        pieces = [first.text]
        for part in rest:
            pieces += [part.separator, part.text]
        return "".join(pieces).strip()

    def _cut_ends(self, parts: list[Part]) -> None:
        while len(parts) > 1 and self._ends_title(parts[-1].text):
            parts.pop()
        while len(parts) > 1 and self._matches(parts[0].text, _extends):
            parts.pop(0)

    def _ends_title(self, part: str) -> bool:
        is_medium = _CHINESE_MEDIUM.fullmatch(part.strip()) is not None
        return is_medium or self._matches(part, _resembles)

    def _matches(self, part: str, compare: Callable[[str, str], bool]) -> bool:
        key = _key(part)
        return key in self._keys or any(
            compare(key, name) for name in self._keys
        )


def _resembles(key: str, name: str) -> bool:
    """Whether one of them contains the other and little else."""
    if len(name) < 4:
        return False
    if name in key:
        return len(key) < 2 * len(name) + 6
    return len(key) >= 4 and key in name


def _extends(key: str, name: str) -> bool:
    """Whether a key begins with a name, and has little else."""
    if len(name) < 6 or not key.startswith(name):
        return False
    return len(key) < 2 * len(name)


def _key(text: str) -> str:
    return compact(with_ascii_umlauts(text))
