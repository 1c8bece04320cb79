"""Check single settings: each function takes a value as written and returns it as used.

They raise ValueError with a reason worded to follow the setting's name.
"""

import contextlib
import re
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
PUBLISHER = re.compile(r"([a-z0-9_-]+\.)+[a-z0-9-]+")
HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F]*:[0-9a-fA-F:.]+")
PROXY_SCHEMES = ("socks5h", "http")
AGE_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")
UNITS = {"KB": 1024, "MB": 1024 * 1024}
HEXADECIMAL = frozenset("0123456789abcdef")
FONT_CHARACTERS = frozenset(string.ascii_letters + string.digits + " ,'-")
NOT_IN_LINKS = frozenset(" <>\"'\\")
NOT_IN_WEB_ADDRESSES = NOT_IN_LINKS - {"'"}
LINE_BREAKS_AND_CONTROLS = {"Cc", "Cs", "Zl", "Zp"}
OVERRIDES = "\u202d\u202e"
WIDEST_LOGO = 552
LONGEST_TOKEN = 30
LONGEST_LOCAL_PART = 64
"""RFC 5321, 4.5.3.1.1; in octets."""


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """A name (may be empty) and an address, as in `Weekly Brief <brief@example.org>`."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> "NamedAddress":
        """Parse an address that may have a name in front. Raises ValueError with the reason."""
        text = one_line(text).strip()
        name = ""
        address = text
        if text.endswith(">"):
            name, _, address = text.removesuffix(">").partition("<")
        if ">" in name or not _is_address(address) or "=?" in name:
            raise ValueError(
                "must be an email address, such as 'Weekly Brief <brief@example.org>'"
            )
        return cls(name.strip().strip('" '), address)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def address(text: str) -> str:
    if not _is_address(text):
        raise ValueError(
            "must be an email address, such as 'brief@example.org'"
        )
    return text


def bounce_address(text: str) -> str:
    """An email address in which {token} may stand for the reader."""
    local, _, domain = text.partition("@")
    is_once = local.count("{token}") <= 1 and "{" not in domain
    filled = text.replace("{token}", "0" * LONGEST_TOKEN)
    if not is_once or len(filled.partition("@")[0]) > LONGEST_LOCAL_PART:
        raise ValueError(
            "must be an email address, such as 'bounces@example.org', or with the reader's token before the @: "
            "'bounces+{token}@example.org'"
        )
    address(filled)
    return text


def addresses(texts: list[str]) -> tuple[str, ...]:
    return tuple(map(address, texts))


def one_line(text: str) -> str:
    # Not str.isprintable: names can contain non-breaking spaces and zero-width joiners.
    for character in text:
        category = unicodedata.category(character)
        if category in LINE_BREAKS_AND_CONTROLS or character in OVERRIDES:
            raise ValueError(
                "contains a line break or another control character; write it on one line"
            )
    return text


def lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(one_line(text).strip() for text in texts)


def web_address(text: str) -> str:
    is_plain = text.isascii() and NOT_IN_WEB_ADDRESSES.isdisjoint(text)
    if not is_plain or not _leads_to_page(text, "https://"):
        raise ValueError("must be an address that begins with https://")
    return text


def links(texts: list[str]) -> tuple[str, ...]:
    """Web addresses, each once. Other sites, unlike ours, may use http."""
    for text in texts:
        is_plain = NOT_IN_LINKS.isdisjoint(text)
        if not is_plain or not _leads_to_page(text, "https://", "http://"):
            raise ValueError(
                f"contains {text!r}; each must be an address that begins with https:// or http://"
            )
    return tuple(dict.fromkeys(texts))


def with_token(text: str) -> str:
    if text.count("{token}") != 1:
        raise ValueError(
            "must contain {token} once, where each reader's own token goes"
        )
    web_address(text.replace("{token}", "token"))
    return text


def server_address(text: str) -> str:
    """The address of a server, without a path."""
    bare = web_address(text).rstrip("/")
    if not _split_server(bare):
        raise ValueError(
            "must be the address of a server, such as 'https://join.example.org', with no path after it"
        )
    return bare.lower()


def age_keys(texts: list[str]) -> tuple[str, ...]:
    """Public keys of age; whether their checksums are right is seen when they are used."""
    for text in texts:
        if text.upper().startswith("AGE-SECRET-KEY"):
            raise ValueError(
                "contains a private key, which must never be here; delete it, and make a new pair with "
                "'briefing subscribers keys'"
            )
        if not AGE_KEY.fullmatch(text):
            raise ValueError(
                "must be public keys as 'briefing subscribers keys' prints them; each begins with age1"
            )
    return tuple(dict.fromkeys(texts))


def proxy(text: str) -> str:
    """A proxy. `socks5` is refused, since names would be looked up here, visible to the name
    server.
    """
    bare = text.rstrip("/")
    parts = _split_server(bare)
    if not parts or not parts.port or parts.scheme not in PROXY_SCHEMES:
        raise ValueError(
            "must look like socks5h://127.0.0.1:9050 (Tor) or http://127.0.0.1:8080"
        )
    return bare


def names(given: Mapping[str, str]) -> dict[str, str]:
    """Publishers by host."""
    publishers: dict[str, str] = {}
    for written, name in given.items():
        host = ""
        with contextlib.suppress(UnicodeError):
            ascii_host = written.encode("idna").decode()
            host = ascii_host.lower().removeprefix("www.")
        if not PUBLISHER.fullmatch(host):
            raise ValueError(
                'must be a host name, such as "example.org", without https://'
            )
        if not name.strip():
            raise ValueError("needs the publisher's name")
        publishers[host] = one_line(name).strip()
    return publishers


def host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValueError(
            "must be a host name, such as 'smtp.example.org', without the port"
        )
    return text.lower()


def server_name(text: str) -> str:
    """The name of a mail server, as it stands in a header; it need not be a host that exists."""
    if not HOST.fullmatch(text):
        raise ValueError(
            "must be the first word of Authentication-Results in an email that you received, such as 'mx.example.org'"
        )
    return text.lower()


def local_host(text: str) -> str:
    parts = _split_server(text)
    is_local = (
        parts and parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
    if not is_local:
        raise ValueError(
            "is for tests and must be on this computer, such as http://127.0.0.1:8080"
        )
    return text


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def between(least: int, most: int) -> Callable[[int], int]:
    def check(number: int) -> int:
        if not least <= number <= most:
            raise ValueError(f"must be a number from {least} to {most:,}")
        return number

    return check


def one_of(*choices: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return text

    return check


def title(text: str) -> str:
    rest = text.replace("{date}", "")
    if "{" in rest or "}" in rest:
        raise ValueError("can contain {date}, but no other braces")
    return one_line(text)


def colour(text: str) -> str:
    lower = text.lower()
    digits = lower.removeprefix("#")
    if (
        lower != f"#{digits}"
        or len(digits) != 6
        or not HEXADECIMAL.issuperset(digits)
    ):
        raise ValueError(
            "must be a colour as six hexadecimal digits, such as #1a6b54"
        )
    return lower


def fonts(text: str) -> str:
    if not FONT_CHARACTERS.issuperset(text):
        raise ValueError(
            "must be names of fonts separated by commas, such as Georgia, 'Times New Roman', serif"
        )
    return text


def pixels(number: int) -> int:
    if not 1 <= number <= WIDEST_LOGO:
        raise ValueError(
            f"must be a number of pixels from 1 to {WIDEST_LOGO}, the width of the text in an email"
        )
    return number


def size(text: str) -> int:
    upper = text.strip().upper()
    number = upper[:-2].rstrip()
    is_number = number.isascii() and number.isdecimal() and int(number) > 0
    if not is_number or upper[-2:] not in UNITS:
        raise ValueError("must be a size, such as '500 KB' or '1 MB'")
    return int(number) * UNITS[upper[-2:]]


def languages(codes: list[str]) -> tuple[str, ...]:
    if not all(map(LANGUAGE.fullmatch, codes)):
        raise ValueError('must be language codes, such as ["en", "ug"]')
    if not codes or len(set(codes)) < len(codes):
        raise ValueError("must list at least one language, and none twice")
    return tuple(codes)


def _is_address(text: str) -> bool:
    return ADDRESS.fullmatch(text) is not None and "=?" not in text


def _leads_to_page(text: str, *beginnings: str) -> bool:
    """Whether a text is an address that begins in one of these ways, and leads to a host."""
    is_whole = text.startswith(beginnings) and text.isprintable()
    return is_whole and _split_address(text) is not None


def _split_address(text: str) -> SplitResult | None:
    """Return the parts of an address that leads to a host without logging in there; None for any
    other.
    """
    try:
        parts = urlsplit(text)
        is_sound = (
            bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
        )
    except ValueError:
        return None
    return parts if is_sound else None


def _split_server(text: str) -> SplitResult | None:
    """Return the parts of an address as `_split_address` does; None if it has a path, or anything after it."""
    parts = _split_address(text)
    if not parts or text != f"{parts.scheme}://{parts.netloc}":
        return None
    return parts if HOST.fullmatch(parts.hostname or "") else None
