"""One reader of the newsletter, and what is accepted as an address, a name and a language. No I/O here.

Nothing in this module puts an address into a message: reasons say what is wrong with it, a repr shows its row.
"""

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from briefing.scripts import mixes_scripts

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

LONGEST_NAME = 200
LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less the two angle brackets."""
LONGEST_LOCAL_PART = 64
"""RFC 5321, 4.5.3.1.1; in octets."""

# What nearly every address is. Anything else is left to email-validator, which is forty times as slow: labels with
# hyphens in the third and fourth place (xn--…), domains that can't be reached (RFC 6761), and all that isn't ASCII.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*@"
    r"(?:(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?!(?i:arpa|invalid|local|localhost|onion|test)$)[A-Za-z]{2,63}"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")

# Left around an address by a word processor: zero-width spaces, byte-order marks, marks and brackets of direction.
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Overrides and isolates can turn the text around them; the marks and joiners that Uyghur and Persian need stay.
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True, repr=False)
class Subscriber:
    """A reader as the list has them; equal to another if everything is, the same reader if the identity is."""

    address: str
    """As it is mailed: the local part as given (NFC), the domain in ASCII."""
    name: str = ""
    lang: str = ""
    """A language code in lower case, such as `en` or `pt-br`; empty where the list has none."""
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Every further column by its heading in lower case."""
    row: int = 0
    """The line of the file that they begin on, 1-based; 0 where they come from elsewhere."""

    @property
    def identity(self) -> str:
        """What makes two rows one reader: local part and domain without case. `ann+news@` and `ann@` are two."""
        local, _, domain = self.address.rpartition("@")
        return f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"

    def __repr__(self) -> str:
        """Without the address, so that no traceback and no log tells who is on the list."""
        return f"{type(self).__name__}(row={self.row})"


def parse_address(text: str) -> str:
    """The address that is written in `text`, as it is mailed.

    Spaces and invisible characters around it and a `mailto:` before it are cut, its domain becomes ASCII (IDNA 2008,
    UTS 46). Raises ValueError with a reason that doesn't repeat any of it.
    """
    address = _trimmed(text)
    if len(address) <= LONGEST_ADDRESS and _PLAIN.fullmatch(address):
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"
    if reason := _obstacle(address):
        raise ValueError(reason)
    return _validated(address)


def parse_lang(text: str) -> str:
    """The language code written in `text`, in lower case and with hyphens; empty if it is. Raises ValueError."""
    lang = text.strip().lower().replace("_", "-")
    if lang and not _LANGUAGE.fullmatch(lang):
        raise ValueError("lang is not a language code")
    return sys.intern(lang)  # a million rows, a few languages


def clean(text: str) -> str:
    """`text` as it may stand in a header or a page: one line, no control characters, no change of direction.

    `=?` gets a space into it: older Pythons decode an encoded word in a header's value, and write the line feed that
    it hides as a real one (CVE-2024-6923).
    """
    if not (text.isascii() and text.isprintable()):
        text = _BREAKS.sub(" ", _OVERRIDES.sub("", text))
    return text.replace("=?", "= ?").strip()


def clean_name(text: str) -> str:
    """`text` cleaned, and cut at 200 characters."""
    return clean(text)[:LONGEST_NAME].rstrip()


def _trimmed(text: str) -> str:
    text = text.strip().strip(_INVISIBLE).strip()
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip()
    return unicodedata.normalize("NFC", text)


def _obstacle(address: str) -> str | None:
    """Why `address` is refused whatever email-validator says, or in better words than it has; None if it isn't."""
    local = address.partition("@")[0].encode(errors="surrogatepass")
    kinds = {unicodedata.category(char) for char in address[: LONGEST_ADDRESS + 1]}
    refusals = (
        (not address, "there is no address"),
        (len(address) > LONGEST_ADDRESS, f"the address is longer than {LONGEST_ADDRESS} characters"),
        (kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}, "the address holds a control character or an invisible one"),
        ("=?" in address, 'the address holds "=?", which mail programs would decode'),
        ("@" not in address, "the address has no @"),
        (set(address) & set("<>"), "more than the address: leave out the name and the angle brackets"),
        (set(address) & set('"()\\'), "the address holds a quote or a comment, which is not accepted"),
        (set(address) & set(",;"), "more than one address, or a comma or semicolon inside it"),
        (address.count("@") > 1, "the address has more than one @"),
        ("Zs" in kinds, "the address holds a space"),
        # A mail program that is started with it would take it for an option.
        (address.startswith("-"), "the address begins with a hyphen"),
        (len(local) > LONGEST_LOCAL_PART, f"the part before the @ is longer than {LONGEST_LOCAL_PART} bytes"),
    )
    return next((reason for refused, reason in refusals if refused), None)


def _validated(address: str) -> str:
    """The address as email-validator gives it, or a ValueError: its own messages quote the address, ours don't."""
    found = _found(address)
    if found is None:
        _, _, domain = address.rpartition("@")
        # Which side is at fault shows with a harmless other one.
        side = "part before the @" if _found(f"somebody@{domain}") else "domain, after the @,"
        raise ValueError(f"the {side} is not valid")
    local, domain = found.local_part, found.ascii_domain
    if len(local.encode()) + 1 + len(domain) > LONGEST_ADDRESS:
        raise ValueError(f"the address is longer than {LONGEST_ADDRESS} characters")
    if any(map(mixes_scripts, found.domain.split("."))):
        raise ValueError("the domain mixes letters of different scripts, as look-alike addresses do")
    return f"{local}@{domain}"


def _found(address: str) -> "ValidatedEmail | None":
    """What email-validator makes of `address`; None instead of an error, which would quote it in a traceback."""
    # Seldom needed: a list of plain addresses is read without it.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        return validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None
