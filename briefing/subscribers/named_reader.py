"""Readers as an editor names them: by address or token, on a command line or in a file, one per line. No
message shows either.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
NOTHING_CHANGED = "; nothing was changed"
"""How a message about unreadable input ends, if the command would have changed something."""
_BETWEEN = re.compile(r"\s*(?:->|→|[\s,;])\s*")


@dataclass(frozen=True, slots=True)
class NamedReader:
    """A reader as the editor named them, by identity or by token; the other field is empty."""

    identity: str = field(default="", repr=False)
    token: str = ""
    place: str = field(default="", compare=False)
    """Where the editor named them, such as `entry 1` or `bounces.txt, line 3`."""
    sure: bool = False
    """Whether the editor insists, even if it looks like a mistake."""

    def token_by(self, key: Key) -> str:
        return self.token or token_of(key, self.identity)


@dataclass(frozen=True, slots=True)
class NewReader:
    """A reader who is to be added, as the editor typed them."""

    address: str = field(repr=False)
    place: str = field(default="", compare=False)
    """As in NamedReader."""

    @property
    def identity(self) -> str:
        return identity_of(self.address)


@dataclass(frozen=True, slots=True)
class NamedMove:
    """A reader who is to get another address."""

    reader: NamedReader = field(repr=False)
    """As they are known now, by address or token."""
    address: str = field(repr=False)
    place: str = field(default="", compare=False)

    @property
    def identity(self) -> str:
        """The identity by the new address."""
        return identity_of(self.address)


T = TypeVar("T", NamedReader, NewReader, NamedMove)
Parse = Callable[[str], T]


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
    if not text.strip():
        raise ValueError("is empty")
    if len(tokens) > 1:
        raise ValueError("contains several tokens; give one reader at a time")
    if not tokens:
        raise ValueError(
            f"is neither a token (30 digits and letters a to f) nor an address ({problem})"
        )
    return NamedReader(token=tokens.pop())


def parse_new(text: str) -> NewReader:
    """Return the reader with the address in a text. Raises ValueError as `parse_reader` does."""
    try:
        return NewReader(parse_address(text))
    except ValueError as error:
        reason = str(error)
    # Not raised inside the handler: the traceback would hold the text.
    raise ValueError(f"isn't an address ({reason})")


def parse_move(text: str) -> NamedMove:
    """Return the change of address in a text: the old address or token, then the new address, with a
    space, a comma, a semicolon or an arrow between them. Raises ValueError as `parse_reader` does.
    """
    words = _BETWEEN.split(text.strip())
    if len(words) != 2:
        raise ValueError("isn't an old and a new address with a space between")
    old, new = words
    return NamedMove(parse_reader(old), parse_new(new).address)


def parse_arguments(
    texts: Sequence[str], parse: Parse[T], outcome: str = NOTHING_CHANGED
) -> list[T]:
    """Return the readers named on a command line. Raises RefusedError with the number of an
    unusable one; `outcome` ends its message.
    """
    readers: list[T] = []
    for number, text in enumerate(texts, 1):
        try:
            reader = parse(text)
        except ValueError as error:
            raise RefusedError(f"entry {number} {error}{outcome}") from None
        readers.append(replace(reader, place=f"entry {number}"))
    return readers


def parse_file(
    data: bytes, name: str, parse: Parse[T], outcome: str = NOTHING_CHANGED
) -> list[T]:
    """Return the readers named in a file, one per line; empty lines and those that begin with # are
    skipped.

    Raises FileError with the file's `name` and the line of an unusable one; `outcome` ends its message.
    """
    readers: list[T] = []
    lines = io.StringIO(_decode(data, name, outcome), newline=None)
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                reader = parse(line)
            except ValueError as error:
                raise FileError(
                    name, f"{error}{outcome}", line=number
                ) from None
            readers.append(replace(reader, place=f"{name}, line {number}"))
    return readers


def _decode(data: bytes, name: str, outcome: str) -> str:
    # Only UTF-8: after a wrong guess another address would be unsubscribed, and the reader would
    # keep getting mail.
    try:
        text = decode_utf8(data, Path(name), FileError)
    except FileError as error:
        raise FileError(
            name, f"{error.message}{outcome}", line=error.line
        ) from None
    return text.removeprefix(BYTE_ORDER_MARK)
