"""A reader of the newsletter, and the rules for addresses, names and languages. No I/O.

No message contains an address: reasons only say what is wrong, and a repr shows the line.
"""

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from briefing.text.normal_forms import normalized
from briefing.text.scripts import mixes_scripts

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

LONGEST_NAME = 200
LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, less the two angle brackets."""
LONGEST_LOCAL_PART = 64
"""RFC 5321, 4.5.3.1.1; in octets."""

# Nearly all addresses match this. Others are checked by email-validator, which is forty times as
# slow: those with labels like xn--…, unreachable domains (RFC 6761) or non-ASCII characters.
_PLAIN = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_][A-Za-z0-9_+-]*(?:\.[A-Za-z0-9_+-]+)*@"
    r"(?:(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(?!(?i:arpa|invalid|local|localhost|onion|test)\b)[A-Za-z]{2,63}"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,4}")

# Word processors leave these around an address: zero-width spaces, byte-order marks, direction
# marks and isolates.
_INVISIBLE = "\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Overrides and isolates can reorder the text around them. Marks and joiners stay: Uyghur and
# Persian need them.
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


# Not frozen, which takes twice as long to make. Nothing changes a reader, so it may be kept in a set.
@dataclass(slots=True, repr=False, unsafe_hash=True)
class Subscriber:
    """A reader on the list. Two rows with the same identity are the same reader."""

    address: str
    """In the form used in mail: the local part unchanged (NFC), the domain in ASCII."""
    name: str = ""
    lang: str = ""
    """A language code in lower case, such as `en` or `pt-br`; empty if the list has none."""
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    """All other columns, by their headings in lower case."""
    line: int = 0
    """Where the row begins in the file, 1-based; 0 for readers from elsewhere."""

    @property
    def identity(self) -> str:
        """The address in lower case; `ann+news@` and `ann@` are two readers."""
        return identity_of(self.address)

    @property
    def tags(self) -> set[str]:
        """The words in the column `tags`, which commas separate."""
        tags = self.columns.get("tags", "").split(",")
        return {tag.strip() for tag in tags} - {""}

    def values(self) -> dict[str, str]:
        """Return what the reader has in all columns but the address, without empty ones."""
        values = {"name": self.name, "lang": self.lang, **self.columns}
        return {column: value for column, value in values.items() if value}

    def value(self, column: str) -> str:
        """Return what the reader has in a column other than the address; empty if the list has no such column."""
        return self.values().get(column, "")

    def __repr__(self) -> str:
        """Leave out the address, so that no traceback or log reveals who is on the list."""
        return f"{type(self).__name__}(line={self.line})"


def identity_of(address: str) -> str:
    """Return `Subscriber.identity` for an address."""
    if address.isascii():
        return address.lower()
    local, _, domain = address.rpartition("@")
    return f"{normalized('NFC', local.casefold())}@{domain}"


def plain_address(address: str) -> str:
    """Return a plain address, as nearly all are, in the form used in mail; empty for any other text."""
    if len(address) > LONGEST_ADDRESS or not _PLAIN.fullmatch(address):
        return ""
    if address.islower():
        return address
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"


def parse_address(text: str) -> str:
    """Return the address in `text` in the form used in mail.

    Spaces and invisible characters around it and `mailto:` before it are removed; its domain is
    converted to ASCII (IDNA 2008, UTS 46). Raises ValueError with a reason that doesn't repeat any
    of it.
    """
    # Trimming takes as long as all the rest, and hardly any address needs it.
    if plain := plain_address(text):
        return plain
    address = _trimmed(text)
    if plain := plain_address(address):
        return plain
    if reason := _refusal_reason(address):
        raise ValueError(reason)
    return _validated(address)


def parse_lang(text: str) -> str:
    """Return a language code in lower case and with hyphens; empty for an empty text. Raises
    ValueError.
    """
    lang = text.strip().lower().replace("_", "-")
    if lang and not _LANGUAGE.fullmatch(lang):
        raise ValueError("the language isn't a code such as de or zh")
    return sys.intern(lang)  # a million rows, a few languages


def clean(text: str) -> str:
    """Return `text` as it can be used in a header or a page: one line, no control characters, no
    change of direction.

    `=?` is separated by a space: older Pythons decode an encoded word in a header's value and write
    the line feed that it hides as a real one (CVE-2024-6923).
    """
    if not (text.isascii() and text.isprintable()):
        text = _BREAKS.sub(" ", _OVERRIDES.sub("", text))
    return text.replace("=?", "= ?").strip()


def clean_name(text: str) -> str:
    """Return a name cleaned, and cut to 200 characters."""
    return clean(text)[:LONGEST_NAME].rstrip()


def _trimmed(text: str) -> str:
    text = text.strip().strip(_INVISIBLE).strip()
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0]).strip()
    return normalized("NFC", text)


def _refusal_reason(address: str) -> str | None:
    """Return why we refuse an address, or a clearer reason than email-validator gives; None if
    neither.
    """
    local = address.partition("@")[0].encode(errors="surrogatepass")
    kinds = {
        unicodedata.category(char) for char in address[: LONGEST_ADDRESS + 1]
    }
    refusals = (
        (not address, "there is no address"),
        (
            len(address) > LONGEST_ADDRESS,
            f"the address is longer than {LONGEST_ADDRESS} characters",
        ),
        (
            kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"},
            "the address contains a control character or an invisible character",
        ),
        (
            "=?" in address,
            'the address contains "=?", which mail apps would decode',
        ),
        ("@" not in address, "the address has no @"),
        (
            set(address) & set("<>"),
            "there is more than the address: leave out the name and the angle brackets",
        ),
        (
            set(address) & set('"()\\'),
            "the address contains a quote or a comment, which isn't accepted",
        ),
        (
            set(address) & set(",;"),
            "there is more than one address, or a comma or semicolon in it",
        ),
        (address.count("@") > 1, "the address has more than one @"),
        ("Zs" in kinds, "the address contains a space"),
        # A program such as sendmail would take it for an option.
        (address.startswith("-"), "the address begins with a hyphen"),
        (
            len(local) > LONGEST_LOCAL_PART,
            f"the part before the @ is longer than {LONGEST_LOCAL_PART} bytes",
        ),
    )
    return next((reason for refused, reason in refusals if refused), None)


def _validated(address: str) -> str:
    """Return the address as normalised by email-validator. Raises ValueError without its messages,
    which quote the address.
    """
    valid = _validate(address)
    if valid is None:
        _, _, domain = address.rpartition("@")
        # A harmless local part shows which side is wrong.
        side = (
            "part before the @"
            if _validate(f"somebody@{domain}")
            else "domain, after the @,"
        )
        raise ValueError(f"the {side} isn't valid")
    local = valid.local_part
    domain = valid.ascii_domain
    if len(local.encode()) + 1 + len(domain) > LONGEST_ADDRESS:
        raise ValueError(
            f"the address is longer than {LONGEST_ADDRESS} characters"
        )
    if any(map(mixes_scripts, valid.domain.split("."))):
        raise ValueError(
            "the domain mixes letters of different scripts, as look-alike addresses do"
        )
    return f"{local}@{domain}"


def _validate(address: str) -> "ValidatedEmail | None":
    """Return email-validator's result; None instead of its error, which would quote the address in
    a traceback.
    """
    # Slow to import, and rarely needed: plain addresses are read without it.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        return validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return None
