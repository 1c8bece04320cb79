"""briefing.toml: what can be set, what each setting means, and one clear line for one that can't be.

Every table is a dataclass and every key a field of it, so that what stands here is all there is.
"""

import dataclasses
import difflib
import re
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from briefing.errors import NotFoundError, SettingsError, shown

COLOUR = re.compile(r"#[0-9a-f]{6}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
MAILBOX = re.compile(r"\s*(?:(?P<name>[^<>]*?)\s*<(?P<address>[^<>\s]+)>|(?P<bare>[^<>\s]+))\s*")
SIZE = re.compile(r"(\d+)\s*(KB|MB)", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"https://[!#-;=?-\[\]-~]+")
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
        match = MAILBOX.fullmatch(_one_line(text))
        address = (match["address"] or match["bare"]) if match else ""
        if not match or not ADDRESS.fullmatch(address) or "=?" in text:
            raise ValueError("is no mail address; write it as 'Weekly Brief <brief@example.org>'")
        return cls((match["name"] or "").strip('" '), address)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text) or "=?" in text:
        raise ValueError("is no mail address; write it as 'brief@example.org'")
    return text


def _one_line(text: str) -> str:
    # Not str.isprintable: names are written with non-breaking spaces and zero-width joiners, too.
    if any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} or one in OVERRIDES for one in text):
        raise ValueError("holds a line break or another control character; write it on one line")
    return text


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or "@" in parts.netloc or not WEB_ADDRESS.fullmatch(text):
        raise ValueError("must be an address that begins with https://")
    return text


def _host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValueError("is no host; write it as 'smtp.example.org', the port apart from it")
    return text.lower()


def _local_host(text: str) -> str:
    if not LOCAL_ADDRESS.fullmatch(text):
        raise ValueError("is for tests and must be this machine: http://127.0.0.1:8080")
    return text


def _from(least: int, most: int) -> Callable[[int], int]:
    def check(number: int) -> int:
        if not least <= number <= most:
            raise ValueError(f"must be a number from {least} to {most:,}")
        return number

    return check


def _addresses(texts: list[str]) -> tuple[str, ...]:
    return tuple(_address(text) for text in texts)


def _with_token(text: str) -> str:
    if text.count("{token}") != 1:
        raise ValueError("must hold {token} once, where each reader's own token goes")
    _web_address(text.replace("{token}", "token"))
    return text


def _title(text: str) -> str:
    if re.search(r"[{}]", text.replace("{date}", "")):
        raise ValueError("can hold {date} and no other place in braces")
    return _one_line(text)


def _colour(text: str) -> str:
    if not COLOUR.fullmatch(text.lower()):
        raise ValueError("is no colour; write it as six hexadecimal digits: #1a6b54")
    return text.lower()


def _fonts(text: str) -> str:
    if not FONTS.fullmatch(text):
        raise ValueError("must be names of fonts with commas between them: Georgia, 'Times New Roman', serif")
    return text


def _pixels(number: int) -> int:
    if not 1 <= number <= WIDEST_LOGO:
        raise ValueError(f"must be a number of pixels from 1 to {WIDEST_LOGO}, the width of the mail's text")
    return number


def _size(text: str) -> int:
    match = SIZE.fullmatch(text.strip())
    if not match or not int(match[1]):
        raise ValueError("is no size; write it as '500 KB' or '1 MB'")
    return int(match[1]) * (1024 if match[2].upper() == "KB" else 1024 * 1024)


def _languages(codes: list[str]) -> tuple[str, ...]:
    for code in codes:
        if not LANGUAGE.fullmatch(code):
            raise ValueError('holds something that is no language code; write them as ["en", "ug"]')
    if not codes or len(set(codes)) < len(codes):
        raise ValueError("must name at least one language, each once")
    return tuple(codes)


def _lines(texts: list[str]) -> tuple[str, ...]:
    return tuple(_one_line(text).strip() for text in texts)


def _one_of(*choices: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of: {', '.join(choices)}")
        return text

    return check


def _setting(check: Callable[[Any], Any] = _one_line, *, default: Any = "", key: str = "", kind: type = str) -> Any:
    metadata = {"check": check, "key": key, "kind": kind}
    if default is dataclasses.MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


REQUIRED = dataclasses.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterSettings:
    """[newsletter]: who writes, and in which languages."""

    name: str = _setting(default=REQUIRED)
    organisation: str = _setting()
    sender: Mailbox = _setting(Mailbox.parse, default=REQUIRED, key="from")
    reply_to: Mailbox | None = _setting(Mailbox.parse, default=None)
    bounces: str = _setting(_address)
    """The envelope's sender, where reports of failure go; the sender's address unless given."""
    address: str = _setting()
    """The organisation's postal address, as mail law wants it below every mail."""
    languages: tuple[str, ...] = _setting(_languages, default=("en",), kind=list)
    """The first is the one of `issue.md`, and of readers whose own language has no edition."""
    site: str = _setting(_web_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSettings:
    """[issue]: what a new issue begins with, and its pictures."""

    title: str = _setting(_title, default="Weekly Brief, {date}")
    introduction: str = _setting(str)
    sections: tuple[str, ...] = _setting(_lines, default=(), kind=list)
    contents: bool = _setting(bool, default=False, kind=bool)
    """Whether a mail begins with a list of its headlines."""
    images: str = _setting(_one_of("embedded", "none"), default="embedded")
    budget: int = _setting(_size, default=500 * 1024)
    """Bytes that a whole mail may have; photos are made smaller to keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSettings:
    """[look]: colours in light and in dark, and the logo."""

    # Mail programs that darken by force turn what is light and what is dark, and leave what lies between: so the accent
    # and the quiet text are dark, too.
    accent: str = _setting(_colour, default="#0a463a")
    text: str = _setting(_colour, default="#16181c")
    quiet: str = _setting(_colour, default="#3a3f45")
    line: str = _setting(_colour, default="#d8d4ca")
    """Thin lines between items; nothing is written in it."""
    paper: str = _setting(_colour, default="#ffffff")
    page: str = _setting(_colour, default="#f3f1ec")
    dark_accent: str = _setting(_colour, default="#7fd1b9")
    dark_text: str = _setting(_colour, default="#e8e6e3")
    dark_quiet: str = _setting(_colour, default="#b0aca6")
    dark_line: str = _setting(_colour, default="#3d4045")
    dark_paper: str = _setting(_colour, default="#1c1e21")
    dark_page: str = _setting(_colour, default="#121315")
    font: str = _setting(_fonts)
    """Families for all texts, as a style sheet names them; each script has fitting ones otherwise."""
    logo: str = _setting()
    """A picture in the newsletter's folder, shown above the name."""
    logo_width: int = _setting(_pixels, default=120, kind=int)
    """Pixels that the logo is wide in the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSettings:
    """[send]: through what mails go out where --via doesn't say it."""

    via: str = _setting(_one_of("outbox", "smtp", "sendgrid"), default="outbox")
    test: tuple[str, ...] = _setting(_addresses, default=(), kind=list)
    """Where `--test` goes; they need not be subscribers."""
    per_day: int = _setting(_from(0, 10_000_000), default=0, kind=int)
    """Mails that may leave on one day, of all issues together; 0: as many as there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """[smtp]: the server that takes the mails. Its password isn't here: see sending/credentials.py."""

    host: str = _setting(_host)
    port: int = _setting(_from(1, 65_535), default=587, kind=int)
    security: str = _setting(_one_of("starttls", "tls", "none"), default="starttls")
    """`tls` from the first byte (port 465), `starttls` required and verified; `none` only to this machine."""
    username: str = _setting()
    connections: int = _setting(_from(1, 64), default=2, kind=int)
    per_second: int = _setting(_from(0, 10_000), default=0, kind=int)
    """Mails a second, of all connections together; 0: as fast as the server takes them."""

    def __post_init__(self) -> None:
        if self.security == "none" and self.host and not LOOPBACK.fullmatch(self.host):
            raise ValueError('security = "none" is only for a server on this machine; write "starttls" or "tls"')


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGridSettings:
    """[sendgrid]: where its servers are. The key isn't here: see sending/credentials.py."""

    region: str = _setting(_one_of("global", "eu"), default="global")
    host: str = _setting(_local_host)
    """Another server in its place, on this machine alone: for tests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeSettings:
    """[unsubscribe]: how a reader leaves; a mail shows the web address where there is one, else the mail address."""

    url: str = _setting(_with_token)
    mailto: str = _setting(_address)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """[check]: what `briefing check` is to look for beside its rules."""

    never: str = _setting()
    """A file in the newsletter's folder: words that must never appear, one a line; to be kept out of git."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole of briefing.toml."""

    newsletter: NewsletterSettings
    issue: IssueSettings = IssueSettings()
    look: LookSettings = LookSettings()
    send: SendSettings = SendSettings()
    smtp: SmtpSettings = SmtpSettings()
    sendgrid: SendGridSettings = SendGridSettings()
    unsubscribe: UnsubscribeSettings = UnsubscribeSettings()
    check: CheckSettings = CheckSettings()


TABLES: dict[str, type] = {
    "newsletter": NewsletterSettings,
    "issue": IssueSettings,
    "look": LookSettings,
    "send": SendSettings,
    "smtp": SmtpSettings,
    "sendgrid": SendGridSettings,
    "unsubscribe": UnsubscribeSettings,
    "check": CheckSettings,
}


def load(path: Path) -> Settings:
    """The settings in a file. Raises SettingsError that names the line, NotFoundError where there is no file."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(f"{shown(path)}: there is no such file; 'briefing init' makes one") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(path, "is not UTF-8; save it again as UTF-8 text", line=line) from error
    except OSError as error:
        raise SettingsError(path, f"can't be read: {error.strerror}") from error
    return parse(text, path)


def parse(text: str, path: Path) -> Settings:
    """The settings in the text of a file; `path` is for the messages alone. Raises SettingsError."""
    text = text.replace("\r\n", "\n")
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets within brackets
        reason, _, place = str(error).rpartition(" (at ")
        number = re.match(r"line (\d+)", place)
        end = text.rstrip("\n").count("\n") + 1 if place.startswith("end") else None
        raise SettingsError(
            path,
            f"is not written as TOML wants it: {reason or error}; texts stand in quotes, true and false don't",
            line=int(number[1]) if number else end,
        ) from error
    reader = _Reader(text, path)
    for name in tables:
        if name not in TABLES:
            raise reader.wrong(f"there is no setting [{name}]; {_nearest(name, TABLES, '[{}]')}", name)
    return Settings(**{name: reader.table(name, tables.get(name, {})) for name in TABLES})


_WANTED = {
    str: 'text in quotes: "…"',
    int: "a whole number",
    bool: "true or false",
    list: 'a list of texts: ["…", "…"]',
}


class _Reader:
    """Turns tables into dataclasses; keeps the text, to name the line of what is wrong."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path

    def table(self, table: str, values: object) -> Any:
        if not isinstance(values, dict):
            raise self.wrong(f"'{table}' is a table; write [{table}] on a line of its own", table)
        fields = {(one.metadata["key"] or one.name): one for one in dataclasses.fields(TABLES[table])}
        checked = {}
        for key, value in values.items():
            if key not in fields:
                raise self.wrong(f"there is no setting '{key}' in [{table}]; {_nearest(key, fields)}", table, key)
            if value != "":  # as good as not given
                checked[fields[key].name] = self.value(table, key, value, fields[key].metadata)
        for key, one in fields.items():
            if one.default is REQUIRED and one.name not in checked:
                raise self.wrong(f"[{table}] needs '{key}'", table, key)
        try:
            return TABLES[table](**checked)
        except ValueError as error:
            raise self.wrong(f"[{table}] {error}", table) from None

    def value(self, table: str, key: str, value: object, metadata: Any) -> Any:
        kind = metadata["kind"]
        strings = kind is not list or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        if type(value) is not kind or not strings:
            raise self.wrong(f"'{key}' must be {_WANTED[kind]}", table, key)
        try:
            return metadata["check"](value)
        except ValueError as error:
            raise self.wrong(f"'{key}' {error}", table, key) from None

    def wrong(self, message: str, table: str, key: str = "") -> SettingsError:
        return SettingsError(self.path, message, line=self.line(table, key))

    def line(self, table: str, key: str) -> int | None:
        """Where a key of a table stands, or the table itself (1-based): the statement that brings it in."""
        lines = self.text.split("\n")
        found, start = None, 1
        for number in range(1, len(lines) + 1):
            try:
                tables = tomllib.loads("\n".join(lines[:number]))
            except tomllib.TOMLDecodeError:
                continue  # in the middle of a statement
            if key and isinstance(tables.get(table), dict) and key in tables[table]:
                return start
            if found is None and table in tables:
                found = start
            start = number + 1
        return found


def _nearest(name: str, known: Any, form: str = "'{}'") -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean {form.format(near[0])}?" if near else f"known are {', '.join(known)}"
