"""Read the header of an email that anyone could have sent: in time that grows with its length, and
without errors; and find out whether the email proved who sent it. No I/O.
"""

import email.utils
import re
from dataclasses import dataclass

from briefing.text.authentication_results import server_and_verdicts
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
        """Read the header of an email: what is above the first empty line. Lines that aren't fields are
        left out.
        """
        head = mail[:LARGEST].lstrip(b"\r\n")
        head = _EMPTY_LINE.split(head, maxsplit=1)[0]
        pairs = []
        for name, lines in split_fields(head):
            value = b"".join(lines).decode("utf-8", "replace").strip()
            pairs.append((name, value[:LONGEST_FIELD]))
        return cls(tuple(pairs))

    def all(self, name: str) -> list[str]:
        """Return the values of all fields with this name, the topmost first."""
        return [value for key, value in self.pairs if key == name.lower()]

    def first(self, name: str) -> str:
        """Return the value of the topmost field with this name; "" without one."""
        return next(iter(self.all(name)), "")

    @property
    def subject(self) -> str:
        """The subject, decoded (RFC 2047), with each white space as a single blank."""
        return " ".join(decode_words(self.first("Subject")).split())

    @property
    def sender(self) -> str:
        """The address in From, in lower case; "" unless there is exactly one field with exactly one
        address.
        """
        fields = self.all("From")
        if len(fields) != 1:
            return ""
        try:
            found = email.utils.getaddresses([fields[0][:_LONGEST_ADDRESSES]])
        except RecursionError:  # comments within comments
            return ""
        address = found[0][1].lower() if len(found) == 1 else ""
        return address if address.count("@") == 1 else ""


def passed_dmarc(header: Header, checked_by: str) -> bool:
    """Whether the server `checked_by` found that the domain of the only sender stands behind the
    email (DMARC, RFC 7489): then `header.sender` is who sent it.

    Anyone can write any Authentication-Results into an email. Our server adds its own field above all
    others when the email arrives, so only the topmost field counts, and only in the name of the server
    that the editor has set.
    """
    domain = header.sender.rpartition("@")[2]
    server, verdicts = server_and_verdicts(
        header.first("Authentication-Results")
    )
    found = [verdict for verdict in verdicts if verdict.method == "dmarc"]
    return (
        bool(checked_by and domain)
        and server == checked_by.lower()
        # A second one could come from what a sender wrote into a comment or a name.
        and len(found) == 1
        and found[0].passed
        and found[0].properties.get("header.from") == domain
    )
