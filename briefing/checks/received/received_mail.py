"""An email as saved from the inbox that received it.

Whatever bytes a file contains, only RefusedError is raised here: an email may come from anyone.
"""

import codecs
import contextlib
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from functools import cached_property
from pathlib import Path

from lxml.html import HtmlElement

from briefing.checks.built_mail import content_of
from briefing.errors import RefusedError, display_path
from briefing.mail.headers import clean
from briefing.text.decoding import decode
from briefing.text.header_fields import decode_words
from briefing.text.markup import parse_html

MOST_BYTES = 25 * 1024 * 1024
LONGEST_FIELD = 10_000


@dataclass(frozen=True)
class ReceivedMail:
    """An email, which anyone may have sent."""

    message: Part

    @classmethod
    def read(cls, path: Path) -> "ReceivedMail":
        """Read a saved email. Raises RefusedError if the file isn't an email."""
        if path.stat().st_size > MOST_BYTES:
            size = MOST_BYTES // 1024 // 1024
            raise RefusedError(
                f"{display_path(path)}: is larger than {size} MB, too large for a newsletter's email"
            )
        try:
            mail = cls(
                message_from_bytes(
                    path.read_bytes().removeprefix(codecs.BOM_UTF8).lstrip()
                )
            )
        except RecursionError:  # parts within parts within parts
            mail = cls(Part())
        if not mail.fields("From"):
            advice = (
                "save the whole email as .eml ('Download original', 'Save as')"
            )
            raise RefusedError(
                f"{display_path(path)}: isn't an email; {advice}"
            )
        return mail

    def __contains__(self, name: str) -> bool:
        """Whether the header has a field of that name."""
        return name in self.message

    def fields(self, name: str) -> list[str]:
        """Return the values of a header field, unfolded, and cut if longer than any server writes
        them.
        """
        values = []
        for value in self.message.get_all(name, []):
            unfolded = str(value).replace("\r", "").replace("\n", "")
            values.append(unfolded[:LONGEST_FIELD])
        return values

    @property
    def senders(self) -> list[str]:
        """The address in each From field, in lower case."""
        return list(map(_bare_address, self.fields("From")))

    @property
    def subject(self) -> str:
        field = "".join(self.fields("Subject")[:1])
        return clean(decode_words(field))

    @cached_property
    def parts(self) -> list[Part]:
        """The parts with content, in order; an attached email is one of them."""
        found = []
        waiting = [self.message]
        while waiting:
            part = waiting.pop(0)
            if (
                part.get_content_maintype() == "multipart"
                and part.is_multipart()
            ):
                waiting[:0] = _parts_of(part)
            else:
                found.append(part)
        return found

    def text(self, subtype: str) -> Part | None:
        """Return the email's own text/`subtype` part, not an attached one."""
        for part in self.parts:
            if (
                part.get_content_type() == f"text/{subtype}"
                and part.get_content_disposition() != "attachment"
            ):
                return part
        return None

    @cached_property
    def page(self) -> HtmlElement | None:
        """The HTML part as a tree."""
        part = self.text("html")
        return parse_html(decoded(part), comments=True) if part else None


def _parts_of(multipart: Part) -> list[Part]:
    payload = multipart.get_payload()
    return [part for part in payload if isinstance(part, Part)]


def _bare_address(field: str) -> str:
    _, bracket, rest = field.rpartition("<")
    return (rest.partition(">")[0] if bracket else field).strip().lower()


def decoded(part: Part) -> str:
    """Return the text of a part, whatever charset it declares."""
    charset = None
    with contextlib.suppress(LookupError, TypeError, ValueError):
        # A name in a charset that doesn't exist.
        charset = part.get_content_charset()
    return decode(content_of(part), charset or "utf-8")
