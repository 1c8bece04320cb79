"""Split rich text into its tokens (Rich Text Format Specification 1.9.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|\\'(?P<code>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z'])"
    rb"|(?P<brace>[{}])"
    rb"|(?P<text>[^\\{}\r\n]+)"
)

_LINE_ENDS = {b"\r", b"\n"}
"""A backslash before a line end ends a paragraph, which is how TextEdit writes it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A control word with its number, a symbol, a brace, or text in the document's encoding."""

    word: str = ""
    number: int | None = None
    symbol: str = ""
    """A backslash with the character after it, or a brace."""
    text: bytes = b""


def tokens_of(data: bytes) -> Iterator[Token]:
    """Return the tokens of rich text; binary data in it is skipped."""
    place = 0
    while match := _TOKEN.search(data, place):
        token = _token(match)
        place = match.end()
        # After \bin3 come three bytes of a picture, which may look like braces and backslashes.
        if token.word == "bin":
            place += max(0, token.number or 0)
        yield token


def _token(match: re.Match[bytes]) -> Token:
    if match["word"]:
        number = int(match["number"]) if match["number"] else None
        return Token(word=match["word"].decode("ascii"), number=number)
    if match["code"]:
        return Token(text=bytes.fromhex(match["code"].decode("ascii")))
    if match["symbol"] in _LINE_ENDS:
        return Token(word="par")
    if match["symbol"]:
        return Token(symbol="\\" + match["symbol"].decode("latin-1"))
    return Token(
        symbol=(match["brace"] or b"").decode(), text=match["text"] or b""
    )
