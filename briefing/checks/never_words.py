"""Find words that must never appear in an issue, listed one per line in the file `[check] never`."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from briefing.errors import FileError
from briefing.newsletter import Newsletter
from briefing.storage import files
from briefing.text.decoding import BYTE_ORDER_MARK, decode_utf8
from briefing.text.normal_forms import normalized

from .passages import decode_entities, has_content

MOST_BYTES = 1_000_000
MAX_GAP = 6
"""The most characters between two words of a name: a hyphen, or a line end and a quote mark."""

_BETWEEN_WORDS = re.compile(r"[\s_.'·•‧・-]+")
# Scripts without spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer, Tibetan.
_UNSPACED = "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
# Accents of Latin, Greek and Cyrillic letters, Arabic vowel marks, and the Arabic lengthening
# stroke.
_ACCENTS = dict.fromkeys(
    [*range(0x0300, 0x0370), 0x0640, *range(0x064B, 0x0653), 0x0670]
)
_ALIKE = str.maketrans("ıʼ’‘‐", "i'''-", "*`[]\\~") | _ACCENTS


@dataclass(frozen=True, slots=True)
class NeverWord:
    """A word or name, with the pattern that finds it in a folded text."""

    word: str
    beginning: str
    """What every match begins with: quicker to search for than the pattern."""
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, word: str) -> "NeverWord":
        pieces = list(filter(None, _BETWEEN_WORDS.split(fold(word))))
        beginning = pieces[0]
        pattern = _spaced(pieces)
        if re.search(_UNSPACED, word):
            beginning = pieces[0][0]
            pattern = r"\W{0,3}?".join(map(_with_gaps, pieces))
        return cls(word, beginning, re.compile(pattern))

    def find_in(self, text: str) -> Iterator[re.Match[str]]:
        return (
            self.pattern.finditer(text) if self.beginning in text else iter(())
        )


def _with_gaps(piece: str) -> str:
    """Return a pattern for Chinese characters, between which a line may end."""
    return r"\s?".join(map(re.escape, piece))


def _spaced(pieces: list[str]) -> str:
    name = rf"[\W_]{{1,{MAX_GAP}}}".join(map(re.escape, pieces))
    last = pieces[-1][-1]
    is_latin = "a" <= last <= "z" or "\u00df" <= last <= "\u024f"
    # German adds an s to a name; Uyghur, Turkish and Russian add longer endings. Only after a Latin
    # letter can we tell an ending from the beginning of another word.
    ending = r"s?(?![^\W\d_])" if is_latin else ""
    return rf"(?<![^\W\d_]){name}{ending}"


def read(newsletter: Newsletter) -> list[NeverWord]:
    """Return the words in the file; none if the setting is empty. Raises FileError."""
    name = newsletter.settings.check.never
    if not name:
        return []
    words = []
    for line in _text(newsletter.root / name).splitlines():
        word = f" {line}".replace("\t", " ").partition(" #")[0].strip()
        if has_content(word):
            words.append(NeverWord.of(word))
    return words


def _text(path: Path) -> str:
    try:
        if path.exists() and not _can_be_list(path):
            raise FileError(
                path,
                "isn't a list of words; choose another file as 'never' under [check] in briefing.toml",
            )
        data = files.read(path)
    except FileNotFoundError:
        raise FileError(
            path,
            "doesn't exist; put the file there, or remove 'never' under [check] in briefing.toml",
        ) from None
    except (OSError, ValueError) as error:
        raise FileError(
            path, f"can't be read: {getattr(error, 'strerror', error)}"
        ) from error
    return decode_utf8(data, path, FileError).removeprefix(BYTE_ORDER_MARK)


def _can_be_list(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= MOST_BYTES


def fold(text: str) -> str:
    """Return a text in the form in which words are searched for: without capitals, accents,
    emphasis marks or invisible characters.
    """
    letters = normalized("NFKD", unquote(decode_entities(text))).casefold()
    visible = "".join(
        letter for letter in letters if unicodedata.category(letter) != "Cf"
    )
    bare = visible.translate(_ALIKE)
    return " ".join(normalized("NFC", bare).split())
