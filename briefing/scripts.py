"""Detect words that mix scripts which no language writes together, such as Latin and Cyrillic."""

import unicodedata

# Scripts by the first word of their letters' names in Unicode: "CJK" is Han.
_WRITTEN_TOGETHER = (
    {"LATIN", "CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "IDEOGRAPHIC", "BOPOMOFO"},
    {"LATIN", "CJK", "IDEOGRAPHIC", "HANGUL"},
)
"""UTS #39, "highly restrictive"."""
_LETTERS = {"Ll", "Lo", "Lt", "Lu"}


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
