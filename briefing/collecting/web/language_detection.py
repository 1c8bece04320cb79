"""Detect the language of a page: the declared one, unless the text clearly contradicts it.

Templates declare `lang="en"` for texts in any language. The text shows its language by its script
and its most common words; both are in data/languages.toml.

py3langid recognises the language of 99.7 % of the saved pages (this module: 100 %), but importing
it and loading its model takes 0.45 s of processor time, twice as long as collecting a page.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from briefing.collecting.text.wordlists import (
    lines,
    load_data,
    words,
    words_by_name,
    words_in_order,
)

from .linked_data import texts_of
from .page import Page

_TABLE = load_data(__file__, "languages")
_ALIASES: Mapping[str, str] = _TABLE["aliases"]
_DEFAULTS: Mapping[str, str] = _TABLE["default_languages"]
_OWN_LETTERS: Mapping[str, Mapping[str, str]] = _TABLE["own_letters"]
# Sets, so that a word that is in a list twice counts once.
_COMMON_WORDS = {
    code: words(text) for code, text in _TABLE["common_words"].items()
}
_LANGUAGES_OF_SCRIPTS = words_by_name(_TABLE["languages_of_scripts"])
_NEIGHBOURS = tuple(map(words, lines(_TABLE["neighbours"]["groups"])))
_SIMILAR_LETTERS = tuple(map(words, lines(_TABLE["similar_letters"]["groups"])))
_LETTERS = {
    name: re.compile(f"[{letters}]")
    for name, letters in _TABLE["scripts"].items()
}

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_METAS = words_in_order(
    "og:locale content-language dc.language dcterms.language language inlanguage"
)
_CODE = re.compile(r"\s*+([a-z]{2,3})\s*+(?:[-_.@]|$)")
_WORD = re.compile(r"[^\W\d_]+")

_SAMPLE = 4_000
"""The number of characters that are examined."""
_MAYBE = 0.08
"""The share of common words in a text that may be in a language."""
_CERTAINLY = 0.12
"""The share in a text that certainly is."""
_AHEAD = 1.25
"""The share of the first language must exceed the second one's by this factor to be certain."""
_MIN_WORDS = 20
_MIN_LETTERS = 20
_MIN_OWN_LETTERS = 0.01
"""The share of a language's own letters in a text of that language."""


def detect_language(page: Page, text: str) -> tuple[str, bool]:
    """Return the language's code, and whether it is certain; `text` is the article's. "" if nothing
    shows it.
    """
    declared = list(_declared_languages(page))
    sample = (text or page.text)[:_SAMPLE]
    script = _script(sample)
    if script and script != "latin":
        return _language_of_script(script, sample, declared), True
    detected, is_certain = _by_common_words(sample)
    if is_certain:
        # Common words can't tell close relatives apart, but the page may say which of them it is in.
        related = filter(_related(detected).__contains__, declared)
        return next(related, detected), True
    if declared:
        return declared[0], len(set(declared)) == 1
    return detected, False


def _declared_languages(page: Page) -> Iterator[str]:
    for declaration in _declarations(page):
        code = _language_code(declaration or "")
        if code:
            yield _ALIASES.get(code, code)


def _language_code(declaration: str) -> str:
    """Return the language of "de", "de-AT" or "de_AT.UTF-8"; "" if it is none."""
    code = _CODE.match(declaration.lower())
    return code[1] if code else ""


def _declarations(page: Page) -> Iterator[str | None]:
    for attribute in ("lang", "xml:lang", _XML_LANG):
        yield page.root.get(attribute)
    for node in page.articles:
        yield from texts_of(node, "inLanguage")
    yield from map(page.meta, _METAS)


def _script(text: str) -> str:
    """Return the script of most letters; "" for too few. Japanese and Korean mix their own with
    Chinese characters.
    """
    counts = Counter[str]()
    for name, letters in _LETTERS.items():
        counts[name] = len(letters.findall(text))
    counts["zh"] *= 2  # a character is a syllable, and often a word
    counts["ko"] *= 2
    # A Japanese headline may have only a few kana among its Chinese characters; a Chinese text has none.
    if counts["ja"] * 8 > counts["zh"]:
        counts["ja"] += counts.pop("zh")
    if counts["ko"] > counts["zh"]:
        counts["ko"] += counts.pop("zh", 0)
    script, most = counts.most_common(1)[0]
    return script if most >= _MIN_LETTERS else ""


def _language_of_script(script: str, text: str, declared: Sequence[str]) -> str:
    possible = _LANGUAGES_OF_SCRIPTS.get(script, ())
    fitting = next(filter(possible.__contains__, declared), "")
    if script not in _DEFAULTS:
        return fitting or script
    detected = _by_own_letters(script, text)
    if not fitting:
        return detected
    is_default = detected == _DEFAULTS[script]
    is_unsure = is_default or _have_similar_letters(detected, fitting)
    return fitting if is_unsure else detected


def _by_own_letters(script: str, text: str) -> str:
    fewest = _MIN_OWN_LETTERS * len(_LETTERS[script].findall(text))
    for code, letters in _OWN_LETTERS[script].items():
        if sum(map(text.count, letters)) > fewest:
            return code
    return _DEFAULTS[script]


def _have_similar_letters(code: str, other: str) -> bool:
    return any({code, other} <= group for group in _SIMILAR_LETTERS)


def _by_common_words(text: str) -> tuple[str, bool]:
    """Return the language of most of a text's common words, "" if there are few, and whether it is
    certain.
    """
    found = _WORD.findall(text.casefold())
    shares = _shares_of_common_words(found)
    best = max(shares, key=shares.__getitem__)
    share = shares[best]
    if share < _MAYBE:
        return "", False
    related = _related(best)
    others = [shares[code] for code in shares if code not in related]
    has_enough = share >= _CERTAINLY and len(found) >= _MIN_WORDS
    is_ahead = share > max(others) * _AHEAD
    return best, has_enough and is_ahead


def _shares_of_common_words(found: Sequence[str]) -> dict[str, float]:
    counts = Counter(found)
    total = max(1, len(found))
    return {
        code: sum(map(counts.__getitem__, common)) / total
        for code, common in _COMMON_WORDS.items()
    }


def _related(code: str) -> Collection[str]:
    """Return a language and those that its common words can't tell from it."""
    groups = (group for group in _NEIGHBOURS if code in group)
    return {code}.union(*groups)
