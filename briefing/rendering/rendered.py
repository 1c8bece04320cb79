"""A rendered edition: literal text with places left open for what differs by reader.

The places are open after the template engine and the inliner have run, so nothing that a subscriber wrote ever meets
either of them. Each is filled with a value escaped for where it stands.
"""

import base64
import html
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from briefing.pictures import Picture

UNSUBSCRIBE = "unsubscribe"
"""The slot for the address at which a reader leaves; other slots are columns of the list."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An open place: the column of the list that fills it, and what stands there for a reader without a value."""

    column: str
    otherwise: str = ""

    def value(self, columns: Mapping[str, str]) -> str:
        return columns.get(self.column, "") or self.otherwise


@dataclass(frozen=True, slots=True)
class Slotted:
    """Text with open places, in order."""

    parts: tuple[str | Slot, ...]

    def filled(self, columns: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
        """The text for one reader."""
        return "".join(part if isinstance(part, str) else escape(part.value(columns)) for part in self.parts)


class OpenPlaces:
    """The `reader(…)` of the templates: writes markers that nobody can guess, and finds them again afterwards."""

    def __init__(self) -> None:
        self._nonce = secrets.token_hex(8)
        self._slots: list[Slot] = []

    def __call__(self, column: str, otherwise: object = "") -> str:
        slot = Slot(column.lower(), str(otherwise))
        if slot not in self._slots:
            self._slots.append(slot)
        return f"slot{self._nonce}x{self._slots.index(slot)}x"

    def cut(self, text: str) -> Slotted:
        """The text with its markers turned into slots."""
        pieces = re.split(rf"slot{self._nonce}x(\d+)x", text)
        parts = (self._slots[int(piece)] if n % 2 else piece for n, piece in enumerate(pieces))
        return Slotted(tuple(part for part in parts if part != ""))


@dataclass(frozen=True)
class RenderedIssue:
    """One edition as it goes out, to everybody the same but for its slots."""

    id: str
    lang: str
    subject: str
    html: Slotted
    """Pictures are referred to as `cid:NAME`, NAME being Picture.name."""
    text: Slotted
    pictures: tuple[Picture, ...]

    def page(self, columns: Mapping[str, str]) -> str:
        """The HTML for one reader as a page of its own, pictures inside."""
        page = self.html.filled(columns, html.escape)
        for picture in self.pictures:
            page = page.replace(f'"cid:{picture.name}"', f'"data:{picture.type};base64,{_base64(picture.data)}"')
        return page

    def to_bytes(self) -> bytes:
        """The edition as JSON, the same for the same edition; `from_bytes` reads it."""
        return json.dumps(
            {
                "id": self.id,
                "lang": self.lang,
                "subject": self.subject,
                "html": [_part_to_json(part) for part in self.html.parts],
                "text": [_part_to_json(part) for part in self.text.parts],
                "pictures": [[one.type, one.width, one.height, _base64(one.data)] for one in self.pictures],
            },
            ensure_ascii=False,
        ).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "RenderedIssue":
        """Raises ValueError for bytes that `to_bytes` didn't write."""
        try:
            fields = json.loads(data)
            return cls(
                id=fields["id"],
                lang=fields["lang"],
                subject=fields["subject"],
                html=Slotted(tuple(_part_from_json(part) for part in fields["html"])),
                text=Slotted(tuple(_part_from_json(part) for part in fields["text"])),
                pictures=tuple(Picture(base64.b64decode(d), t, w, h) for t, w, h, d in fields["pictures"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("is no rendered issue") from error

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that readers would get."""
        return sha256(self.to_bytes()).hexdigest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _part_to_json(part: str | Slot) -> str | list[str]:
    return part if isinstance(part, str) else [part.column, part.otherwise]


def _part_from_json(part: str | list[str]) -> str | Slot:
    return part if isinstance(part, str) else Slot(*part)
