"""Readers as an editor names them: by address or token, on a command line or in a file, one per line. No
message shows either.
"""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from briefing.errors import FileError, RefusedError
from briefing.keys import Key
from briefing.text.decoding import BYTE_ORDER_MARK, decode_utf8

from .subscriber import identity_of, parse_address
from .suppression import TOKEN, token_of

# A token is neither part of a longer word nor the local part of an address.
_WHOLE_TOKEN = re.compile(
    rf"(?<![0-9a-z]){TOKEN.pattern}(?![0-9a-z@])", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:->|→|[\s,;])\s*")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NamedReader:
    """A reader as the editor named them, by identity or by token; the other field is empty."""

    identity: str = field(default="", repr=False)
    token: str = ""

    def token_by(self, key: Key) -> str:
        return self.token or token_of(key, self.identity)


def parse_reader(text: str) -> NamedReader:
    """Return the reader whose address the text is, or whose token it contains.

    Raises ValueError with a reason that repeats none of it.
    """
    tokens = set(map(str.lower, _WHOLE_TOKEN.findall(text)))
    identity = problem = ""
    try:
        identity = identity_of(parse_address(text))
    except ValueError as error:
        problem = str(error)
    # mailto:leave@example.org?subject=TOKEN
    is_unsubscribe_address = tokens and "?" in text
    if identity and not is_unsubscribe_address:
        return NamedReader(identity=identity)
    if len(tokens) > 1:
        raise ValueError("there are several tokens; give one reader at a time")
    if not tokens:
        raise ValueError(
            f"this is neither a token (30 digits and letters a to f) nor an address ({problem})"
        )
    return NamedReader(token=tokens.pop())


def parse_move(text: str) -> tuple[NamedReader, str]:
    """Return the reader and the new address in a text: the old address or token, then the new address,
    with a space, a comma, a semicolon or an arrow between them. Raises ValueError as `parse_reader` does.
    """
    words = _BETWEEN.split(text.strip())
    if len(words) != 2:
        raise ValueError(
            "this isn't an old and a new address with a space between"
        )
    old, new = words
    return parse_reader(old), parse_address(new)


def entries_in(data: bytes, name: str) -> dict[str, str]:
    """Return the lines of a file by their place, such as `left.txt, line 3`. Empty lines and those that
    begin with # are left out.

    Raises FileError with the file's `name` if it isn't in UTF-8: after a wrong guess another address would
    be unsubscribed, and the reader would keep getting mail.
    """
    text = decode_utf8(data, Path(name), FileError)
    lines = io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=None)
    return {
        f"{name}, line {number}": line
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    }


def parse_entries(
    entries: Mapping[str, str], parse: Callable[[str], T]
) -> dict[str, T]:
    """Return what each entry says, by its place. Raises RefusedError with the place of an unusable one."""
    parsed: dict[str, T] = {}
    for place, text in entries.items():
        try:
            parsed[place] = parse(text)
        except ValueError as error:
            raise RefusedError(
                f"{place}: {error}; nothing was changed"
            ) from None
    return parsed
