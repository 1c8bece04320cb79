"""briefing.toml: what can be set, what each setting means, and one clear line for one that can't be.

Every table is a dataclass and every key a field of it, so that what stands here is all there is.
"""

import dataclasses
import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefing import values
from briefing.errors import NotFoundError, SettingsError, shown
from briefing.values import Mailbox

__all__ = [
    "CheckSettings",
    "CollectSettings",
    "IssueSettings",
    "LookSettings",
    "Mailbox",
    "NewsletterSettings",
    "SendGridSettings",
    "SendSettings",
    "Settings",
    "SmtpSettings",
    "UnsubscribeSettings",
    "load",
    "parse",
]


def _setting(
    check: Callable[[Any], Any] = values.one_line, *, default: Any = "", key: str = "", kind: type = str
) -> Any:
    metadata = {"check": check, "key": key, "kind": kind}
    if default is dataclasses.MISSING:
        return field(metadata=metadata)
    if kind is dict:
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


REQUIRED = dataclasses.MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsletterSettings:
    """[newsletter]: who writes, and in which languages."""

    name: str = _setting(default=REQUIRED)
    organisation: str = _setting()
    sender: Mailbox = _setting(Mailbox.parse, default=REQUIRED, key="from")
    reply_to: Mailbox | None = _setting(Mailbox.parse, default=None)
    bounces: str = _setting(values.address)
    """Where bounces go; the address of `from` unless given."""
    address: str = _setting()
    """The organisation's postal address, as mail law wants it below every mail."""
    languages: tuple[str, ...] = _setting(values.languages, default=("en",), kind=list)
    """The first is the one of `issue.md`, and of readers whose own language has no edition."""
    site: str = _setting(values.web_address)

    @property
    def envelope_sender(self) -> str:
        """The sender in the envelope of every mail (RFC 5321 2.3.1), where bounces go."""
        return self.bounces or self.sender.address


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSettings:
    """[issue]: what a new issue begins with, and its pictures."""

    title: str = _setting(values.title, default="Weekly Brief, {date}")
    introduction: str = _setting(str)
    sections: tuple[str, ...] = _setting(values.lines, default=(), kind=list)
    contents: bool = _setting(bool, default=False, kind=bool)
    """Whether a mail begins with a list of its headlines."""
    images: str = _setting(values.one_of("embedded", "none"), default="embedded")
    budget: int = _setting(values.size, default=500 * 1024)
    """Bytes that a whole mail may have; photos are made smaller to keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookSettings:
    """[look]: colours in light and in dark, and the logo."""

    # Mail programs that darken by force turn what is light and what is dark, and leave what lies between: so the accent
    # and the quiet text are dark, too.
    accent: str = _setting(values.colour, default="#0a463a")
    text: str = _setting(values.colour, default="#16181c")
    quiet: str = _setting(values.colour, default="#3a3f45")
    line: str = _setting(values.colour, default="#d8d4ca")
    """Thin lines between items; nothing is written in it."""
    paper: str = _setting(values.colour, default="#ffffff")
    page: str = _setting(values.colour, default="#f3f1ec")
    dark_accent: str = _setting(values.colour, default="#7fd1b9")
    dark_text: str = _setting(values.colour, default="#e8e6e3")
    dark_quiet: str = _setting(values.colour, default="#b0aca6")
    dark_line: str = _setting(values.colour, default="#3d4045")
    dark_paper: str = _setting(values.colour, default="#1c1e21")
    dark_page: str = _setting(values.colour, default="#121315")
    font: str = _setting(values.fonts)
    """Families for all texts, as a style sheet names them; each script has fitting ones otherwise."""
    logo: str = _setting()
    """A picture in the newsletter's folder, shown above the name."""
    logo_width: int = _setting(values.pixels, default=120, kind=int)
    """Pixels that the logo is wide in the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """[smtp]: the server that takes the mails. Its password isn't here: see sending/credentials.py."""

    host: str = _setting(values.host)
    port: int = _setting(values.between(1, 65_535), default=587, kind=int)
    security: str = _setting(values.one_of("starttls", "tls", "none"), default="starttls")
    """`tls` from the first byte (port 465), `starttls` required and verified; `none` only to this machine."""
    username: str = _setting()
    connections: int = _setting(values.between(1, 64), default=2, kind=int)
    per_second: int = _setting(values.between(0, 10_000), default=0, kind=int)
    """Mails a second, of all connections together; 0: as fast as the server takes them."""

    def __post_init__(self) -> None:
        if self.security == "none" and self.host and not values.LOOPBACK.fullmatch(self.host):
            raise ValueError('security = "none" is only for a server on this machine; write "starttls" or "tls"')


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGridSettings:
    """[sendgrid]: where its servers are. The key isn't here: see sending/credentials.py."""

    region: str = _setting(values.one_of("global", "eu"), default="global")
    host: str = _setting(values.local_host)
    """Another server in its place, on this machine alone: for tests."""


PROVIDERS: dict[str, type] = {
    "smtp": SmtpSettings,
    "sendgrid": SendGridSettings,
}
"""The sections of the providers in sending/transports/registry.py: each can be named by [send] via."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSettings:
    """[send]: through what mails go out where --via doesn't say it."""

    via: str = _setting(values.one_of("outbox", *PROVIDERS), default="outbox")
    test: tuple[str, ...] = _setting(values.addresses, default=(), kind=list)
    """Where `--test` goes; they need not be subscribers."""
    per_day: int = _setting(values.between(0, 10_000_000), default=0, kind=int)
    """Mails that may leave on one day, of all issues together; 0: as many as there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeSettings:
    """[unsubscribe]: how a reader leaves; a mail shows the web address where there is one, else the mail address."""

    url: str = _setting(values.with_token)
    mailto: str = _setting(values.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectSettings:
    """[collect]: where `briefing collect` looks, and what it keeps."""

    feeds: tuple[str, ...] = _setting(values.links, default=(), kind=list)
    """Addresses of RSS, Atom or JSON feeds."""
    proxy: str = _setting(values.proxy)
    """Through what pages are fetched (Tor, say); directly where it is empty. See fetch.py for what it changes."""
    evidence: bool = _setting(bool, default=False, kind=bool)
    """Whether each page is kept as it was fetched."""
    names: Mapping[str, str] = _setting(values.names, kind=dict)
    """[collect.names]: publishers as one writes them, by host (in small letters, ASCII, without "www.")."""


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
    collect: CollectSettings = CollectSettings()
    check: CheckSettings = CheckSettings()


TABLES: dict[str, type] = {
    "newsletter": NewsletterSettings,
    "issue": IssueSettings,
    "look": LookSettings,
    "send": SendSettings,
    **PROVIDERS,
    "unsubscribe": UnsubscribeSettings,
    "collect": CollectSettings,
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
    dict: 'a table of its own, with lines like "example.org" = "…"',
}


class _Reader:
    """Turns tables into dataclasses; keeps the text, to name the line of what is wrong."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path

    def table(self, table: str, given: object) -> Any:
        if not isinstance(given, dict):
            raise self.wrong(f"'{table}' is a table; write [{table}] on a line of its own", table)
        fields = {(one.metadata["key"] or one.name): one for one in dataclasses.fields(TABLES[table])}
        checked = {}
        for key, value in given.items():
            if key not in fields:
                raise self.wrong(f"there is no setting '{key}' in [{table}]; {_nearest(key, fields)}", table, key)
            if value != "":  # as good as not given
                checked[fields[key].name] = self.value(table, key, value, fields[key].metadata)
        for key, one in fields.items():
            if one.default is one.default_factory is REQUIRED and one.name not in checked:
                raise self.wrong(f"[{table}] needs '{key}'", table, key)
        try:
            return TABLES[table](**checked)
        except ValueError as error:
            raise self.wrong(f"[{table}] {error}", table) from None

    def value(self, table: str, key: str, value: object, metadata: Any) -> Any:
        kind = metadata["kind"]
        if kind is dict and isinstance(value, dict):
            return self.nested(table, key, value, metadata["check"])
        strings = kind is not list or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        if type(value) is not kind or not strings:
            raise self.wrong(f"'{key}' must be {_WANTED[kind]}", table, key)
        try:
            return metadata["check"](value)
        except ValueError as error:
            raise self.wrong(f"'{key}' {error}", table, key) from None

    def nested(self, table: str, key: str, given: dict[str, object], check: Callable[[Any], Any]) -> dict[str, str]:
        """A table within a table, whose keys are the editor's own; each pair is checked apart, to name its line."""
        found: dict[str, str] = {}
        for name, value in given.items():
            dotted, inner = name, value
            while isinstance(inner, dict) and len(inner) == 1:
                ((part, inner),) = inner.items()
                dotted += f".{part}"
            if dotted != name:
                message = f'\'{dotted}\' in [{table}.{key}] must stand in quotes: "{dotted}" = "…"'
                raise self.wrong(message, table, key, name)
            if not isinstance(value, str):
                raise self.wrong(f"'{name}' in [{table}.{key}] must be {_WANTED[str]}", table, key, name)
            try:
                found |= check({name: value})
            except ValueError as error:
                raise self.wrong(f"'{name}' in [{table}.{key}] {error}", table, key, name) from None
        return found

    def wrong(self, message: str, *keys: str) -> SettingsError:
        return SettingsError(self.path, message, line=self.line(*keys))

    def line(self, *keys: str) -> int | None:
        """Where a table stands, or a key of a table, or one of a table within it (1-based).

        That is the statement that brings it in; or the one for what it would stand in, as far as there is any.
        """
        lines = self.text.split("\n")
        found: list[int] = []
        """For each of the keys, as far as there are such."""
        start = 1
        for number in range(1, len(lines) + 1):
            try:
                tables = tomllib.loads("\n".join(lines[:number]))
            except tomllib.TOMLDecodeError:
                continue  # in the middle of a statement
            found += [start] * (_depth(tables, keys) - len(found))
            if len(found) == len(keys):
                break
            start = number + 1
        return found[-1] if found else None


def _depth(tables: object, keys: tuple[str, ...]) -> int:
    """How many of the keys are there, each within the one before."""
    for depth, key in enumerate(keys):
        if not isinstance(tables, dict) or key not in tables:
            return depth
        tables = tables[key]
    return len(keys)


def _nearest(name: str, known: Any, form: str = "'{}'") -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean {form.format(near[0])}?" if near else f"known are {', '.join(known)}"
