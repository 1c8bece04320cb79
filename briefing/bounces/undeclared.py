"""Recognise the encoding of a report that declares none, or one that says nothing about its letters.

No I/O. Old mail servers of East Asia and Russia write their own words this way.
"""

import re

_SAMPLE = 20_000
_LEAST = 16
"""Bytes beyond ASCII, at least; fewer are a name or two."""
_SAYS_NOTHING = {
    "",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "iso-2022-jp",
    "unknown",
    "unknown-8bit",
    "x-unknown",
}
_RUN = re.compile(rb"[\x80-\xff]+")
_KANA_IN_SHIFT_JIS = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]")
_KANA = {0xA4, 0xA5}
_HANGUL = range(0xB0, 0xC9)
_LETTERS_OF_A_WORD = 3
"""In a run of bytes beyond ASCII, on average: accented Latin letters come one by one."""


def likely_encoding(data: bytes, declared: str) -> str:
    """Return the encoding that bytes look like, which aren't UTF-8; "" for a Latin alphabet, and if
    the declared encoding can be trusted.
    """
    runs = _RUN.findall(data[:_SAMPLE])
    total = sum(map(len, runs))
    if declared.lower() not in _SAYS_NOTHING or total < _LEAST:
        return ""
    kana = _KANA_IN_SHIFT_JIS.findall(data[:_SAMPLE])
    if 2 * len(kana) > total / 4:
        return "shift_jis"
    # In these encodings, each letter has two bytes beyond ASCII.
    odd = [run for run in runs if len(run) % 2]
    if len(odd) < len(runs) / 10:
        return _of_east_asia(b"".join(run[::2] for run in runs))
    return _cyrillic(runs) if total / len(runs) >= _LETTERS_OF_A_WORD else ""


def _of_east_asia(first_bytes: bytes) -> str:
    """Return the encoding of text by the first bytes of its letters."""
    kana = [byte for byte in first_bytes if byte in _KANA]
    if len(kana) > len(first_bytes) / 8:
        return "euc_jp"
    hangul = [byte for byte in first_bytes if byte in _HANGUL]
    return "euc_kr" if len(hangul) > len(first_bytes) * 0.85 else "gb18030"


def _cyrillic(runs: list[bytes]) -> str:
    """Return the encoding of Cyrillic words by where most of their letters, the small ones, are."""
    letters = b"".join(runs)
    small_in_koi8 = [byte for byte in letters if 0xC0 <= byte < 0xE0]
    return "koi8_r" if len(small_in_koi8) > len(letters) / 2 else "cp1251"
