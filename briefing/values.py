"""What a single setting can be: each function takes a value as it was written, and gives it as it is used.

They raise ValueError with the reason, as the end of a sentence that begins with the setting's name.
"""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

COLOUR = re.compile(r"#[0-9a-f]{6}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
MAILBOX = re.compile(r"\s*(?:(?P<name>[^<>]*?)\s*<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s]+))\s*")
SIZE = re.compile(r"(\d+)\s*(KB|MB)", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"https://[!#-;=?-\[\]-~]+")
LINK = re.compile(r"""https?://[^\s<>"'\\]+""")
PROXY = re.compile(r"(socks5h|http)://([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\]):(\d{1,5})/?")
PUBLISHER = re.compile(r"([a-z0-9_-]+\.)+[a-z0-9-]+")
FONTS = re.compile(r"[A-Za-z0-9 ,'-]+")
OVERRIDES = "\u202d\u202e"
HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F]*:[0-9a-fA-F:.]+")
LOCAL_ADDRESS = re.compile(r"http://(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?")
LOOPBACK = re.compile(r"127(?:\.\d{1,3}){3}|localhost|::1")
WIDEST_LOGO = 552


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name (may be empty) and an address, as in `Weekly Brief <brief@example.org>`."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> "Mailbox":
        """Raises ValueError with the reason."""
        match = MAILBOX.fullmatch(one_line(text))
        address = (match["address"] or match["bare"]) if match else ""
        if not match or not ADDRESS.fullmatch(address) or "=?" in text:
            raise ValueError("is no mail address; write it as 'Weekly Brief <brief@example.org>'")
        return cls((match["name"] or "").strip('" '), address)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def address(text: str) -> str:
    if not ADDRESS.fullmatch(text) or "=?" in text:
        raise ValueError("is no mail address; write it as 'brief@example.org'")
    return text


def one_line(text: str) -> str:
    # Not str.isprintable: names are written with non-breaking spaces and zero-width joiners, too.
    if any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} or one in OVERRIDES for one in text):
        raise ValueError("holds a line break or another control character; write it on one line")
    return text


def web_address(text: str) -> str:
    if not WEB_ADDRESS.fullmatch(text) or not _leads_to_a_host(text):
        raise ValueError("must be an address that begins with https://")
    return text


def links(texts: list[str]) -> tuple[str, ...]:
    """Addresses of the web, each once; unlike ours, those of others may be without encryption."""
    for text in texts:
        if not LINK.fullmatch(text) or not text.isprintable() or not _leads_to_a_host(text):
            raise ValueError(f"holds {text!r}; each must be an address that begins with https:// or http://")
    return tuple(dict.fromkeys(texts))


def _leads_to_a_host(text: str) -> bool:
    """Whether an address names a host, and nobody who would log in there."""
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and (parts.port or 1) > 0 and "@" not in parts.netloc
    except ValueError:
        return False


def proxy(text: str) -> str:
    """A proxy; `socks5` is refused, since names would be looked up here, for all to see."""
    match = PROXY.fullmatch(text)
    if not match or not 0 < int(match[3]) < 65_536:
        raise ValueError("must be written as socks5h://127.0.0.1:9050 (Tor) or http://127.0.0.1:8080")
    return text.rstrip("/")


def names(given: Mapping[str, str]) -> dict[str, str]:
    """Publishers by host."""
    found = {}
    for written, name in given.items():
        host = ""
        with contextlib.suppress(UnicodeError):
            host = written.encode("idna").decode().lower().removeprefix("www.")
        if not PUBLISHER.fullmatch(host):
            raise ValueError('is no host; write it as "example.org", without https://')
        if not name.strip():
            raise ValueError("needs the publisher's name")
        found[host] = one_line(name).strip()
    return found


def host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValueError("is no host; write it as 'smtp.example.org', the port apart from it")
    return text.lower()


def local_host(text: str) -> str:
    if not LOCAL_ADDRESS.fullmatch(text):
        raise ValueError("is for tests and must be this machine: http://127.0.0.1:8080")
    return text


def between(least: int, most: int) -> Callable[[int], int]:
    def check(number: int) -> int:
        if not least <= number <= most:
            raise ValueError(f"must be a number from {least} to {most:,}")
        return number

    return check


def addresses(texts: list[str]) -> tuple[str, ...]:
    return tuple(address(text) for text in texts)


def with_token(text: str) -> str:
    if text.count("{token}") != 1:
        raise ValueError("must hold {token} once, where each reader's own token goes")
    web_address(text.replace("{token}", "token"))
    return text


def title(text: str) -> str:
    if re.search(r"[{}]", text.replace("{date}", "")):
        raise ValueError("can hold {date} and no other place in braces")
    return one_line(text)


def colour(text: str) -> str:
    if not COLOUR.fullmatch(text.lower()):
        raise ValueError("is no colour; write it as six hexadecimal digits: #1a6b54")
    return text.lower()


def fonts(text: str) -> str:
    if not FONTS.fullmatch(text):
        raise ValueError("must be names of fonts with commas between them: Georgia, 'Times New Roman', serif")
    return text


def pixels(number: int) -> int:
    if not 1 <= number <= WIDEST_LOGO:
        raise ValueError(f"must be a number of pixels from 1 to {WIDEST_LOGO}, the width of the mail's text")
    return number


def size(text: str) -> int:
    match = SIZE.fullmatch(text.strip())
    if not match or not int(match[1]):
        raise ValueError("is no size; write it as '500 KB' or '1 MB'")
    return int(match[1]) * (1024 if match[2].upper() == "KB" else 1024 * 1024)


def languages(codes: list[str]) -> tuple[str, ...]:
    for code in codes:
        if not LANGUAGE.fullmatch(code):
            raise ValueError('holds something that is no language code; write them as ["en", "ug"]')
    if not codes or len(set(codes)) < len(codes):
        raise ValueError("must name at least one language, each once")
    return tuple(codes)


def lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(one_line(text).strip() for text in texts)


def one_of(*choices: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return text

    return check
