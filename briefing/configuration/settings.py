"""Read briefing.toml: every setting, with its meaning and default. A mistake is reported in one
clear line.

Each table of the file is a dataclass, and each key one of its fields; there are no other settings.

docs/architecture.md says how to add a setting.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

from briefing.errors import NotFoundError, SettingsError, display_path
from briefing.storage import files

from . import mailbox_addresses, values
from .mailbox_addresses import MailboxAddress
from .toml_tables import (
    REQUIRED,
    ReportGone,
    boolean,
    boolean_or,
    integer,
    parse_tables,
    string,
    string_table,
    strings,
    table,
    tables_by_language,
)
from .values import NamedAddress


def _colour(default: str) -> Any:
    return string(values.colour, default=default)


def _choice(*words: str) -> Any:
    """One of some words: the first one unless set."""
    return string(values.one_of(*words), default=words[0])


@table
class EditionNames:
    """[newsletter.LANG]: the names of the newsletter and its publisher, and the publisher's address, in the
    edition in a language; what is missing is as in [newsletter].
    """

    name: str = string()
    organisation: str = string()
    address: str = string()


@table
class NewsletterSettings:
    """[newsletter]: who publishes, and in which languages."""

    name: str = string(default=REQUIRED)
    organisation: str = string()
    sender: NamedAddress = string(
        NamedAddress.parse, default=REQUIRED, key="from"
    )
    reply_to: NamedAddress | None = string(NamedAddress.parse, default=None)
    bounces: str = string(values.bounce_address)
    """Where bounces go; by default, the address in `from`. `{token}` in it stands for the reader's
    token, by which a bounce names its reader reliably (variable envelope return path).
    """
    address: str = string()
    """The organisation's postal address; the law in many countries requires it in every email."""
    languages: tuple[str, ...] = strings(values.languages, default=("en",))
    """The first is the language of `issue.md`, and of readers whose own language has no edition."""
    site: str = string(values.web_address)
    by_language: Mapping[str, EditionNames] = tables_by_language(EditionNames)

    def __post_init__(self) -> None:
        for lang in self.by_language:
            if lang not in self.languages:
                raise ValueError(
                    f"has a heading [newsletter.{lang}], but '{lang}' isn't in 'languages'; add it there, or remove "
                    "the heading and what is below it"
                )

    def in_language(self, lang: str) -> "NewsletterSettings":
        """Return these settings as the edition in a language shows them.

        The sender's name follows the newsletter's if it is the same. The address stays: programs
        know the sender by it.
        """
        own = self.by_language.get(lang)
        if own is None:
            return self
        name = own.name or self.name
        sender = self.sender
        if sender.name == self.name:
            sender = replace(sender, name=name)
        return replace(
            self,
            name=name,
            sender=sender,
            organisation=own.organisation or self.organisation,
            address=own.address or self.address,
        )

    def envelope_sender_by(
        self, token: Callable[[str], str]
    ) -> Callable[[str], str]:
        """Return the function from a reader's identity to the sender in the envelope of their email (RFC
        5321 2.3.1), where bounces go; `token` returns the reader's token.
        """
        sender = self.bounces or self.sender.address
        if "{token}" not in self.bounces:
            return lambda _identity: sender
        return lambda identity: sender.replace("{token}", token(identity))


@table
class IssueSettings:
    """[issue]: what a new issue begins with, and how emails are laid out."""

    title: str = string(values.title, default="Weekly Brief, {date}")
    introduction: str = string(str)
    sections: tuple[str, ...] = strings(values.lines)
    contents: bool | str = boolean_or("auto", default="auto")
    """Whether each email begins with a list of its headlines; `auto`: a long one does."""
    images: str = _choice("embedded", "none")
    budget: int = string(values.size, default=500 * 1024)
    """The largest size of a complete email in bytes; photos are made smaller to fit."""


@table
class LookSettings:
    """[look]: the theme, colours in light and dark mode, fonts and the logo."""

    theme: str = _choice("serif", "sans", "plain")
    """Each of the others is a style sheet in templates/ that follows style.css."""
    # New newsletters get "foot" from `briefing init`. The default is the other one, so that a
    # folder from before this setting keeps the sentence that its editors chose for each article.
    notice: str = _choice("item", "foot")
    """Where emails say that articles are their publishers': with each of them, or once."""
    # Mail apps that force a dark mode invert light and dark colours but not medium ones, so the
    # accent and the quiet text must be dark as well.
    accent: str = _colour("#0a463a")
    text: str = _colour("#16181c")
    quiet: str = _colour("#3a3f45")
    line: str = _colour("#d8d4ca")
    """Thin lines between items; never text."""
    paper: str = _colour("#ffffff")
    page: str = _colour("#f3f1ec")
    dark_accent: str = _colour("#7fd1b9")
    dark_text: str = _colour("#e8e6e3")
    dark_quiet: str = _colour("#b0aca6")
    dark_line: str = _colour("#3d4045")
    dark_paper: str = _colour("#1c1e21")
    dark_page: str = _colour("#121315")
    font: str = string(values.fonts)
    """Font families for all text, as in CSS; each script has suitable ones unless set. This one is
    for Latin, Cyrillic and Greek.
    """
    font_ug: str = string(values.fonts)
    """The same for Uyghur, and other languages written from right to left."""
    font_zh: str = string(values.fonts)
    """The same for Chinese."""
    logo: str = string()
    """A picture in the newsletter's folder, shown instead of the name."""
    logo_width: int = integer(values.pixels, default=120)
    """The width of the logo in the email, in pixels."""


class ProviderTable:
    """A table of a provider in sending/transports/registry.py: [send] via can be its name."""

    __slots__ = ()


@table
class SmtpSettings(ProviderTable):
    """[smtp]: the server that accepts the emails. Its password isn't here: see
    sending/secrets/credentials.py.
    """

    host: str = string(values.host)
    port: int = integer(values.between(1, 65_535), default=587)
    security: str = _choice("starttls", "tls", "none")
    """`tls`: from the first byte (port 465). `starttls`: required and verified. `none`: only to
    this machine.
    """
    username: str = string()
    connections: int = integer(values.between(1, 64), default=2)
    per_second: int = integer(values.between(0, 10_000))
    """Emails per second over all connections; 0: as fast as the server accepts them."""

    @property
    def exposure(self) -> str:
        """Why nothing may be sent with these settings: others could read it on its way; empty: they can't."""
        return exposure(self.host, self.security)


def exposure(host: str, security: str) -> str:
    """Return why a mail server can't be used with this `security`; empty if it can."""
    if security != "none" or not host or values.is_loopback(host):
        return ""
    return (
        "'security' under [smtp] in briefing.toml can be \"none\" only for a server on this computer; set it to "
        '"starttls", or to "tls" for port 465'
    )


@table
class SendGridSettings(ProviderTable):
    """[sendgrid]: where its servers are. The API key isn't here: see sending/secrets/credentials.py."""

    region: str = _choice("global", "eu")
    unsubscribe_group: int = integer(values.between(0, 1 << 31))
    """The group from which readers unsubscribe at SendGrid, if [unsubscribe] via is that; 0: none."""
    host: str = string(values.local_host)
    """Another server instead, only on this machine: for tests."""


def _via(text: str) -> str:
    # PROVIDERS is collected from the tables, so it's only known after all of them.
    return values.one_of("outbox", *PROVIDERS)(text)


@table
class SendSettings:
    """[send]: how emails are sent."""

    via: str = string(_via, default="outbox")
    test: tuple[str, ...] = strings(values.addresses)
    """Where `--test` goes; these people need not be subscribers."""
    per_day: int = integer(values.between(0, 10_000_000))
    """The most emails that may be sent on one day, of all issues together; 0: no limit."""


@table
class UnsubscribeSettings:
    """[unsubscribe]: how readers unsubscribe. Emails show the web page if there is one, else the
    email address.
    """

    url: str = string(values.with_token)
    mailto: str = string(values.address)
    via: str = string(values.one_of("sendgrid"))
    """Without a `url`, `sendgrid`: the link in emails is SendGrid's, which keeps the list of those who
    left.
    """

    @property
    def is_at_sendgrid(self) -> bool:
        """Whether readers unsubscribe on SendGrid's page."""
        return bool(self.via) and not self.url

    @property
    def has_way_to_leave(self) -> bool:
        """Whether readers can unsubscribe by themselves."""
        return bool(self.url or self.mailto or self.via)


@table
class SubscribersSettings:
    """[subscribers]: how `briefing subscribers sync` learns what readers did elsewhere."""

    sync: str = _choice("ask", "before-send", "never")
    """Before a real send: `ask` offers it, `before-send` makes it part of the send."""


@table
class ConsentWording:
    """[joining.LANG]: what new readers agree to, in a language."""

    consent: str = string()


@table
class JoiningSettings:
    """[joining]: the server where readers leave, join and choose their language; see docs/joining.md."""

    url: str = string(values.server_address)
    """Where it is reached, without a path."""
    host: str = string(values.local_host)
    """Where this computer reaches it instead, such as the end of a tunnel here."""
    sender: NamedAddress | None = string(
        NamedAddress.parse, default=None, key="from"
    )
    """The sender of the emails that ask people to confirm that they want to join: another address than
    the newsletter's.
    """
    keys: tuple[str, ...] = strings(values.age_keys)
    """The editors' public keys. Each of them can open what readers ask for; the server can't."""
    form: bool = boolean(default=True)
    """Whether people can join with the form."""
    per_hour: int = integer(values.between(1, 10_000), default=60)
    """The most emails to confirm in an hour. If more people want to join, the form asks them to try later."""
    consent: str = string()
    """What new readers agree to; unless set, a sentence in the language of the page."""
    by_language: Mapping[str, ConsentWording] = tables_by_language(
        ConsentWording
    )


@table
class CollectSettings:
    """[collect]: where `briefing collect` looks, and what it keeps."""

    feeds: tuple[str, ...] = strings(values.links)
    """Addresses of RSS, Atom or JSON feeds."""
    proxy: str = string(values.proxy)
    """The proxy through which pages are fetched and mailboxes on a server are read, such as Tor; none if
    empty. See fetch.py for what it changes.
    """
    evidence: bool = boolean()
    """Whether each page is kept as it was fetched."""
    names: Mapping[str, str] = string_table(values.names)
    """[collect.names]: the names of publishers by host (lower case, ASCII, without "www.")."""


@table
class MailboxSettings:
    """[mailbox]: the mailbox that is read. Its password isn't here: see sending/secrets/credentials.py."""

    leaving: MailboxAddress | None = string(
        mailbox_addresses.parse, default=None
    )
    """Where readers ask to be unsubscribed, and where returned mail goes."""
    checked_by: str = string(values.server_name)
    """What the mail server calls itself in Authentication-Results. Without it, no sender
    counts as proved.
    """


@table
class CheckSettings:
    """[check]: what `briefing check` looks for besides its rules."""

    never: str = string()
    """A file in the newsletter's folder with words that must never appear, one per line; to be kept
    out of git.
    """


@table
class Settings:
    """All of briefing.toml."""

    newsletter: NewsletterSettings
    issue: IssueSettings = IssueSettings()
    look: LookSettings = LookSettings()
    send: SendSettings = SendSettings()
    smtp: SmtpSettings = SmtpSettings()
    sendgrid: SendGridSettings = SendGridSettings()
    unsubscribe: UnsubscribeSettings = UnsubscribeSettings()
    subscribers: SubscribersSettings = SubscribersSettings()
    joining: JoiningSettings = JoiningSettings()
    collect: CollectSettings = CollectSettings()
    mailbox: MailboxSettings = MailboxSettings()
    check: CheckSettings = CheckSettings()


TABLES: dict[str, type] = get_type_hints(Settings)
"""Each table of the file and its dataclass, in the file's order."""
PROVIDERS = [
    name for name, kind in TABLES.items() if issubclass(kind, ProviderTable)
]
"""The names of the providers' tables."""


def load(path: Path, report_gone: ReportGone | None = None) -> Settings:
    """Read a file. Raises SettingsError with the line, NotFoundError if the file doesn't exist.

    With `report_gone`, settings that earlier versions had are ignored, and it gets the errors about
    them.
    """
    try:
        text = files.read_utf8(path, SettingsError)
    except FileNotFoundError:
        raise NotFoundError(
            f"{display_path(path)}: there is no such file; 'briefing init' creates one"
        ) from None
    return parse(text, path, report_gone)


def parse(
    text: str, path: Path, report_gone: ReportGone | None = None
) -> Settings:
    """Read the text of a file, as `load` does; `path` is only for messages. Raises SettingsError."""
    return Settings(**parse_tables(text, path, TABLES, report_gone))
