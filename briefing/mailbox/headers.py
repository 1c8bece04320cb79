"""Read the header of a mail that anybody can have sent: in time that grows with its length, and
without errors. No I/O.
"""

import contextlib
import datetime as dt
import email.utils
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header

LARGEST = 256 * 1024
"""Bytes of a header; a longer one is cut."""
LONGEST_FIELD = 10_000
"""Characters of a field that are used."""
_LONGEST_ADDRESSES = 2_000
_FIELD = re.compile(rb"([!-9;-~]{1,100}+)[ \t]*+:(.*+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of a mail's header, in their order: names in lower case, values unfolded."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, mail: bytes) -> "Header":
        """Read the header of a mail. Lines that aren't fields are left out."""
        raw: list[tuple[str, list[bytes]]] = []
        for line in _lines(mail):
            if line[:1] in {b" ", b"\t"}:
                if raw:
                    raw[-1][1].append(line)
                continue
            field = _FIELD.fullmatch(line)
            if field:
                raw.append((field[1].decode("ascii").lower(), [field[2]]))
        pairs = [
            (name, _text(b"".join(parts))[:LONGEST_FIELD])
            for name, parts in raw
        ]
        return cls(tuple(pairs))

    def all(self, name: str) -> list[str]:
        """Return the values of all fields with this name, the topmost first."""
        return [value for own, value in self.pairs if own == name.lower()]

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


def _lines(mail: bytes) -> list[bytes]:
    """Return the lines of the header without their ends; the first may be mbox's "From ", which is
    no field.
    """
    head = mail[:LARGEST].lstrip(b"\r\n")
    lines = []
    for line in head.split(b"\n"):
        bare = line.rstrip(b"\r")
        if not bare:
            break
        lines.append(bare)
    return lines


def _addresses(field: str) -> list[tuple[str, str]]:
    """Return the names and addresses in a field; none if its comments are nested too deeply."""
    try:
        return email.utils.getaddresses([field[:_LONGEST_ADDRESSES]])
    except RecursionError:
        return []


def moment(field: str) -> dt.datetime | None:
    """Return when a mail was sent or received by a field such as Date; None if it doesn't say."""
    with contextlib.suppress(ValueError, OverflowError):
        return email.utils.parsedate_to_datetime(field)
    return None


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()


def decoded(field: str) -> str:
    """Return a field with its encoded words (RFC 2047) decoded, as far as they can be."""
    text = field
    with contextlib.suppress(MessageError, LookupError, ValueError):
        text = str(make_header(decode_header(field)))
    # Some encodings, such as UTF-7, can hold half a surrogate pair, which can't be written to a file.
    writable = text.encode("utf-8", "replace").decode()
    return " ".join(writable.split())
