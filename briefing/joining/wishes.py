"""What readers ask for besides leaving: the server encrypts it to the editors' age keys
(https://age-encryption.org/v1), and only home can open it. No I/O.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

import pyrage

from briefing.subscribers.subscriber import (
    clean_name,
    parse_address,
    parse_lang,
)
from briefing.subscribers.suppression import TOKEN

from .protocol import (
    Request,
    RequestKind,
    UnreadableError,
    matching,
    parse_day,
)

LONGEST_WORDING = 1_000
"""Characters of the consent's wording."""
BLOCK = 512
"""Bytes: plaintexts are padded to a multiple of them, so that their length doesn't tell that of an
address.
"""
FORM = re.compile(r"[a-z0-9-]{1,30}")
LONGEST_NAME = 80
_PARTS_OF_LINKS = re.compile(r"[/@:\\]")
# IDNA takes each of these for a dot.
_DOT_BEFORE_A_WORD = re.compile(r"([.。．｡])(?=\w)")


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """What a reader asked for, as only the editors can read it. Fields are checked when it is opened
    and when it is made: ValueError.
    """

    kind: ClassVar[RequestKind]

    def __post_init__(self) -> None:
        for place in fields(self):
            value = getattr(self, place.name)
            if value is None:
                continue
            if not isinstance(value, str):
                raise ValueError(f"{place.name} isn't text")  # noqa: TRY004  # all mistakes in a wish are ValueErrors
            check: Callable[[str], str] = place.metadata["check"]
            object.__setattr__(self, place.name, check(value))

    def __repr__(self) -> str:
        """Leave out everything, so that no traceback or log names a reader."""
        return f"{type(self).__name__}()"


def parse_name(text: str) -> str:
    """Return a name, changed so that mail apps turn no part of it into a link: it may have been typed by
    someone other than the reader who is greeted by it. Home does the same, in case someone has
    broken into the server.
    """
    name = clean_name(_PARTS_OF_LINKS.sub(" ", text))
    words = _DOT_BEFORE_A_WORD.sub(r"\1 ", name).split()
    return " ".join(words)[:LONGEST_NAME].rstrip()


def _checked(check: Callable[[str], str], **options: Any) -> Any:
    return field(metadata={"check": check}, **options)


def _wording(text: str) -> str:
    return " ".join(text.split())[:LONGEST_WORDING]


@dataclass(frozen=True, slots=True, repr=False)
class Join(Wish):
    """Someone joins, and has confirmed it from their own mailbox."""

    kind = RequestKind.JOIN

    address: str = _checked(parse_address)
    lang: str = _checked(parse_lang)
    name: str = _checked(parse_name)
    form: str = _checked(matching(FORM, "form"))
    """Where they asked: `page`, `invitation`, or the name that the organisation's own site gave."""
    wording: str = _checked(_wording)
    """What they agreed to, word for word."""
    asked: str = _checked(parse_day)
    """The day on which the form was filled in, in ISO 8601 (UTC), like all days here."""
    confirmed: str = _checked(parse_day)


@dataclass(frozen=True, slots=True, repr=False)
class Change(Wish):
    """A reader wants to get the newsletter in another language, under another name or at another
    address. None: as before.
    """

    kind = RequestKind.CHANGE

    token: str = _checked(matching(TOKEN, "token"))
    lang: str | None = _checked(parse_lang, default=None)
    name: str | None = _checked(parse_name, default=None)
    address: str | None = _checked(parse_address, default=None)
    """Confirmed from the new mailbox."""
    confirmed: str = _checked(parse_day, default="1970-01-01")


@dataclass(frozen=True, slots=True, repr=False)
class Find(Wish):
    """With earlier versions: someone typed an address to get the links in their emails."""

    kind = RequestKind.FIND

    address: str = _checked(parse_address)


@dataclass(frozen=True, slots=True, repr=False)
class Queued(Wish):
    """With earlier versions: someone wanted to join while the form was closed."""

    kind = RequestKind.QUEUED

    address: str = _checked(parse_address)


WISHES: Mapping[RequestKind, type[Wish]] = {
    wish.kind: wish for wish in (Join, Change, Find, Queued)
}


def parse_public_keys(keys: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Return the editors' public keys. Raises ValueError, naming one that isn't valid."""
    recipients = []
    for key in keys:
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError:
            raise ValueError(
                f"'{key}' isn't a public age key; copy it whole from what 'briefing subscribers keys' printed"
            ) from None
    return recipients


def encrypt(wish: Wish, keys: Sequence[pyrage.x25519.Recipient]) -> str:
    """Return the body of a request that any of the editors can open."""
    plain = json.dumps(asdict(wish), ensure_ascii=False).encode()
    padded = plain.ljust(-(-len(plain) // BLOCK) * BLOCK)
    return base64.b64encode(pyrage.encrypt(padded, list(keys))).decode()


def decrypt(
    request: Request, identities: Sequence[pyrage.x25519.Identity]
) -> Wish:
    """Open a request of one of the kinds in WISHES. Raises UnreadableError."""
    try:
        data = base64.b64decode(request.body, validate=True)
        plain = pyrage.decrypt(data, list(identities))
    # Not only binascii.Error: letters that aren't ASCII raise another ValueError.
    except ValueError:
        raise UnreadableError("it isn't in Base64") from None
    except pyrage.DecryptError:
        raise UnreadableError("none of these keys opens it") from None
    wish = WISHES[request.kind]
    try:
        given = json.loads(plain)
    except (ValueError, RecursionError):
        raise UnreadableError("what it contains isn't JSON") from None
    if not isinstance(given, dict):
        raise UnreadableError("what it contains isn't an object")
    # Other versions of the server write more.
    known = {place.name for place in fields(wish)}
    try:
        return wish(**{key: given[key] for key in known & given.keys()})
    except (TypeError, ValueError) as error:
        raise UnreadableError(
            f"what it contains isn't a {request.kind} ({type(error).__name__})"
        ) from None
