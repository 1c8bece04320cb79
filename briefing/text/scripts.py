"""Which scripts a text is written in: East Asian ones, or several that no language uses together."""

import unicodedata

# Scripts by the first word of their letters' names in Unicode: "CJK" is Han.
_WRITTEN_TOGETHER = (
    {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "IDEOGRAPHIC", "BOPOMOFO"},
    {"LATIN", "CJK", "IDEOGRAPHIC", "HANGUL"},
)
"""UTS #39, "highly restrictive"."""
_LETTERS = {"Ll", "Lo", "Lt", "Lu"}
_FIRST_EAST_ASIAN = "\u2e80"
"""The first character of Unicode's blocks for Chinese, Japanese and Korean."""


def may_be_east_asian(text: str) -> bool:
    """Whether a text may have Chinese, Japanese or Korean characters. Patterns of these take
    milliseconds to compile, which most commands can do without.
    """
    return max(text, default="") >= _FIRST_EAST_ASIAN


def scripts_of(word: str) -> set[str]:
    """The scripts of a word's letters, by their names in Unicode: `LATIN`, `CYRILLIC`, `CJK`."""
    found = set()
    for character in word:
        if unicodedata.category(character) in _LETTERS:
            name = unicodedata.name(character, "")
            found.add(name.replace("-", " ").partition(" ")[0])
    return found - {""}


def mixes_scripts(word: str) -> bool:
    """Whether a word mixes scripts that no language writes together, as look-alikes do."""
    scripts = scripts_of(word)
    if len(scripts) < 2:
        return False
    return not any(scripts <= together for together in _WRITTEN_TOGETHER)
