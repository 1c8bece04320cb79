"""A rendered edition: literal text with slots for whatever differs by reader.

The text is split at its slots only after the template engine and the inliner have run, so neither
of them ever gets a subscriber's data. Each slot is filled with a value escaped for its context.
"""

import base64
import html
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from briefing.issue.model import Item
from briefing.photos.pictures import Picture

# A name has no blanks. There are some between an editor's own "cid:" and the address of the next picture.
_REFERENCE = re.compile(r'"cid:([^"\s]+)"')

ItemPhotos = Mapping[Item, Picture]
"""The picture of each item's photo."""

UNSUBSCRIBE = "unsubscribe"
"""The slot for a reader's unsubscribe address. The other slots are columns of the list of
subscribers.
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot to fill in for each reader: from a column of the list, or with `otherwise` if that is
    empty.
    """

    column: str
    otherwise: str = ""

    def value(self, columns: Mapping[str, str]) -> str:
        return columns.get(self.column, "") or self.otherwise


@dataclass(frozen=True, slots=True)
class Slotted:
    """Text with slots, in order."""

    parts: tuple[str | Slot, ...]

    def filled(
        self,
        columns: Mapping[str, str],
        escape: Callable[[str], str] = str,
    ) -> str:
        """Return the text for one reader."""
        pieces = []
        for part in self.parts:
            if isinstance(part, Slot):
                part = escape(part.value(columns))  # noqa: PLW2901
            pieces.append(part)
        return "".join(pieces)

    def with_texts(self, change: Callable[[str], str]) -> "Slotted":
        """Return the slots between changed texts."""
        parts: list[str | Slot] = []
        for part in self.parts:
            parts.append(change(part) if isinstance(part, str) else part)
        return Slotted(tuple(parts))


def with_references(page: str, addresses: Mapping[str, str]) -> str:
    """Return HTML that refers to pictures by these addresses, which are by the pictures' names."""

    def reference(match: re.Match[str]) -> str:
        address = addresses.get(match[1])
        return f'"{address}"' if address else match[0]

    return _REFERENCE.sub(reference, page)


class SlotMarkers:
    """The function `reader(…)` of the templates: writes unguessable markers, and later splits the
    text at them.
    """

    def __init__(self) -> None:
        self._nonce = secrets.token_hex(8)
        self._slots: list[Slot] = []

    def __call__(self, column: str, otherwise: object = "") -> str:
        slot = Slot(column.lower(), str(otherwise))
        if slot not in self._slots:
            self._slots.append(slot)
        # The last x ends the number: digits may follow in the text.
        return f"slot{self._nonce}x{self._slots.index(slot)}x"

    def split(self, text: str) -> Slotted:
        """Turn the markers in a text into slots."""
        parts: list[str | Slot] = []
        for position, piece in enumerate(
            re.split(rf"slot{self._nonce}x(\d+)x", text)
        ):
            if position % 2:
                parts.append(self._slots[int(piece)])
            elif piece:
                parts.append(piece)
        return Slotted(tuple(parts))


@dataclass(frozen=True)
class RenderedIssue:
    """One edition as it goes out, the same for every reader except for its slots."""

    id: str
    lang: str
    subject: str
    html: Slotted
    """Refers to pictures as `cid:NAME`, where NAME is Picture.name."""
    text: Slotted
    pictures: tuple[Picture, ...]
    archive: str = ""
    """The address of the newsletter's web archive; empty if it has none."""
    photos: ItemPhotos = field(default_factory=dict, compare=False)
    """Which picture is which item's, right after rendering; the ledger doesn't keep it."""

    def page(self, columns: Mapping[str, str]) -> str:
        """Return one reader's HTML as a single file that includes its pictures."""
        return self.with_pictures(self.html.filled(columns, html.escape))

    def with_pictures(self, page: str) -> str:
        """Return the filled-in HTML with the pictures in it."""
        addresses = {}
        for picture in self.pictures:
            data = _base64(picture.data)
            addresses[picture.name] = f"data:{picture.type};base64,{data}"
        return with_references(page, addresses)

    def to_bytes(self) -> bytes:
        """Return the edition as JSON, always the same for the same edition. `from_bytes` reads it."""
        fields = {
            "id": self.id,
            "lang": self.lang,
            "subject": self.subject,
            "html": _to_json(self.html),
            "text": _to_json(self.text),
        }
        texts = json.dumps(fields, ensure_ascii=False).removesuffix("}")
        pictures = ", ".join(map(_picture_to_json, self.pictures))
        archive = json.dumps(self.archive, ensure_ascii=False)
        return f'{texts}, "pictures": [{pictures}], "archive": {archive}}}'.encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "RenderedIssue":
        """Read what `to_bytes` wrote. Raises ValueError for anything else."""
        try:
            fields = json.loads(data)
            return cls(
                id=fields["id"],
                lang=fields["lang"],
                subject=fields["subject"],
                html=_from_json(fields["html"]),
                text=_from_json(fields["text"]),
                pictures=tuple(
                    _picture_from_json(*picture)
                    for picture in fields["pictures"]
                ),
                archive=fields.get("archive", ""),  # frozen without it before
            )
        except (KeyError, TypeError) as error:
            raise ValueError("isn't a rendered issue") from error

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of everything that readers would get."""
        return sha256(self.to_bytes()).hexdigest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _to_json(text: Slotted) -> list[str | list[str]]:
    """Return the parts of a text, a slot as [column, otherwise]."""
    parts: list[str | list[str]] = []
    for part in text.parts:
        if isinstance(part, Slot):
            parts.append([part.column, part.otherwise])
        else:
            parts.append(part)
    return parts


def _from_json(items: list[Any]) -> Slotted:
    parts: list[str | Slot] = []
    for item in items:
        parts.append(item if isinstance(item, str) else Slot(*item))
    return Slotted(tuple(parts))


def _picture_to_json(picture: Picture) -> str:
    # json would look for characters to escape, in a text of base64 that is longer than all others.
    size = f"{picture.width}, {picture.height}"
    return f'["{picture.type}", {size}, "{_base64(picture.data)}"]'


def _picture_from_json(
    kind: str,
    width: int,
    height: int,
    data: str,
) -> Picture:
    return Picture(base64.b64decode(data), kind, width, height)
