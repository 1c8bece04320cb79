"""Readers' tokens in mail that came back: in its own addresses, and in what it returns."""

import re
from collections.abc import Iterator

from .mime import DecodedFields

TOKEN = r"(?<![0-9a-z])[0-9a-f]{30}(?![0-9a-z])"  # noqa: S105  # a pattern
"""A reader's token (`keys.Key.name`) within a text in lower case."""
_TOKEN = re.compile(TOKEN)
_OWN_FIELDS = (
    "to",
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
)
"""Fields with the address that the email came back to, which may contain a token."""
_RETURNED_FIELDS = ("list-unsubscribe", "return-path", "x-envelope-from")


def find_tokens(
    headers: DecodedFields, returned: DecodedFields | None
) -> tuple[str, ...]:
    """Return the tokens in an email's own header and in the header it returns, each once."""
    found = list(_in_fields(headers, _OWN_FIELDS))
    if returned is not None:
        found += _in_fields(returned, _RETURNED_FIELDS)
    return tuple(dict.fromkeys(found))


def _in_fields(headers: DecodedFields, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for value in headers.all(name):
            # A folded link has a space where the line was broken.
            yield from _TOKEN.findall(value.lower().replace(" ", ""))
