"""Read the header of an email that anyone could have sent: in time that grows with its length, and
without errors. No I/O.
"""

import email.utils
import re
from dataclasses import dataclass

from briefing.text.header_fields import decode_words, split_fields

LARGEST = 256 * 1024
"""Bytes of a header; a longer one is cut."""
LONGEST_FIELD = 10_000
"""Characters of a field that are used."""
_LONGEST_ADDRESSES = 2_000
_EMPTY_LINE = re.compile(rb"\n\r*+\n")


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of an email's header, in their order: names in lower case, values unfolded."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, mail: bytes) -> "Header":
        """Read the header of an email. Lines that aren't fields are left out."""
        pairs = [
            (name, _text(b"".join(lines))[:LONGEST_FIELD])
            for name, lines in split_fields(_head(mail))
        ]
        return cls(tuple(pairs))

    def all(self, name: str) -> list[str]:
        """Return the values of all fields with this name, the topmost first."""
        return [value for key, value in self.pairs if key == name.lower()]

    def first(self, name: str) -> str:
        """Return the value of the topmost field with this name; "" without one."""
        return next(iter(self.all(name)), "")

    @property
    def subject(self) -> str:
        """The subject, decoded (RFC 2047)."""
        return decoded(self.first("Subject"))

    @property
    def sender(self) -> str:
        """The address in From, in lower case; "" unless there is exactly one field with exactly one
        address.
        """
        _, address = self._name_and_address()
        return address.lower()

    @property
    def sender_name(self) -> str:
        """The name beside that address, decoded; "" without a name or such an address."""
        name, _ = self._name_and_address()
        return decoded(name)

    def _name_and_address(self) -> tuple[str, str]:
        fields = self.all("From")
        found = _addresses(fields[0]) if len(fields) == 1 else []
        if len(found) != 1 or found[0][1].count("@") != 1:
            return "", ""
        return found[0]


def _head(mail: bytes) -> bytes:
    """Return what is above the first empty line."""
    return _EMPTY_LINE.split(mail[:LARGEST].lstrip(b"\r\n"), maxsplit=1)[0]


def _addresses(field: str) -> list[tuple[str, str]]:
    """Return the names and addresses in a field; none if its comments are nested too deeply."""
    try:
        return email.utils.getaddresses([field[:_LONGEST_ADDRESSES]])
    except RecursionError:
        return []


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()


def decoded(field: str) -> str:
    """Return a field with its encoded words decoded, and each white space as a single blank."""
    return " ".join(decode_words(field).split())
