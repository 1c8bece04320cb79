"""Split a page's title, such as "News | Headline - Site", and cut the site's names off it."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import takewhile

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
_CHINESE_MEDIUM = re.compile(
    r"[\u4e00-\u9fff]{1,6}[网網报報]|[\u4e00-\u9fff]{2,20}(?:政府网|官网|网站|網站)"
)
"""The name of a newspaper or website: 人民网, 明報, 河山市人民政府网."""
_CHINESE_DASH = "——"
"""It is part of a Chinese headline: what follows isn't the site's name, even if it looks like one."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a title."""

    separator: str
    """Before the text."""
    text: str


def _split_title(title: str) -> list[_Part]:
    """Split a title at its separators; a title without text stays whole."""
    separators = ["", *_SEPARATOR.findall(title)]
    parts = map(_Part, separators, _SEPARATOR.split(title))
    filled = [part for part in parts if part.text.strip()]
    return filled or [_Part("", title)]


def compact_parts(title: str) -> list[str]:
    """Return the parts of a title in compact form."""
    return [compact(part.text) for part in _split_title(title)]


class SiteNames:
    """The names of a site, and how to cut them off its titles."""

    def __init__(self, names: Collection[str]) -> None:
        self._keys = set(map(_key, names)) - {""}

    def is_name(self, text: str) -> bool:
        return _key(text) in self._keys

    def cut_off(self, title: str) -> str:
        """Return a title without the site's names at its beginning and end."""
        first, *rest = _split_title(title)
        # After the site's name comes only what belongs to the site: "Court frees the printer | Harbour Post | Page 2".
        own = takewhile(lambda part: not self.is_name(part.text), rest)
        parts = [first, *own]
        self._cut_ends(parts)
        joined = "".join(part.separator + part.text for part in parts)
        return joined.removeprefix(parts[0].separator).strip()

    def _cut_ends(self, parts: list[_Part]) -> None:
        while len(parts) > 1 and self._ends_title(parts[-1]):
            parts.pop()
        while len(parts) > 1 and self._matches(parts[0].text, _extends):
            parts.pop(0)

    def _ends_title(self, part: _Part) -> bool:
        is_medium = _CHINESE_MEDIUM.fullmatch(part.text.strip()) is not None
        is_in_headline = _CHINESE_DASH in part.separator
        return (is_medium and not is_in_headline) or self._matches(
            part.text, _resembles
        )

    def _matches(self, part: str, compare: Callable[[str, str], bool]) -> bool:
        key = _key(part)
        return key in self._keys or any(
            compare(key, name) for name in self._keys
        )


def _resembles(key: str, name: str) -> bool:
    """Whether one of them contains the other and little else."""
    # A short name is a part of too many words.
    if len(name) < 4:
        return False
    if name in key:
        return len(key) < 2 * len(name) + 6
    return len(key) >= 4 and key in name


def _extends(key: str, name: str) -> bool:
    """Whether a key begins with a name, and has little else."""
    # Stricter than at a title's end, since headlines may begin with the name too: "Harbour Post reporter free".
    if len(name) < 6 or not key.startswith(name):
        return False
    return len(key) < 2 * len(name)


def _key(text: str) -> str:
    return compact(with_ascii_umlauts(text))
