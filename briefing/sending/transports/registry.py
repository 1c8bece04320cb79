"""The providers that can mail an issue: what sending needs to know about each.

docs/architecture.md says how to add one: a class with the interface `base.Transport` in a file next
to this one, its table in settings.py, an entry here, and tests. Code that sends asks

    registry.NAMES                                   what `--via` and `[send] via` can be
    registry.provider(via).describe(settings)        "mail.example.org, from brief@example.org"
    registry.provider(via).connect(newsletter, key)  its transport, ready for `open`
    registry.provider(via).keeps_sender              whether it sends from `[newsletter] bounces`

Other code names a provider only for something that no other one offers:

- SendGrid can keep the list of readers who unsubscribed, on a page of its own. `[unsubscribe] via`
  is that page; `mail.unsubscribe` writes its link, `checks` know it, and `missing_settings` says
  what it needs.
- SendGrid doesn't mail most reports on emails that bounced. A sync asks for them
  (`syncing.sendgrid`), so it is a source of syncs, like a mailbox.
- Emails to individual people go through `[smtp]`, whatever sends the issue (`joining`, `syncing`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from briefing.configuration.settings import Settings
from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials
from briefing.sending.secrets.credentials import Secret

if TYPE_CHECKING:
    from .base import Transport

OUTBOX = "outbox"
"""The rehearsal on this computer: not a provider, but another choice for `--via`."""


@dataclass(frozen=True)
class Provider:
    """A provider: its name is that of its section in briefing.toml, and what `--via` calls it."""

    name: str
    title: str
    """As messages name it."""
    secrets: Sequence[Secret]
    keeps_sender: bool
    """Whether the envelope has the sender from the settings, so that an email which can't be delivered
    comes back to [newsletter] bounces.
    """
    server: Callable[[Settings], str]
    """The provider's server or region, as the editor knows it."""
    make: Callable[[Settings, Key, Sequence[str]], "Transport"]
    """Makes its transport, from the newsletter's key and the secrets in their order."""
    keys: Sequence[str] = ()
    """The settings in its table that a new newsletter needs to know, in the order of the file."""
    required: Mapping[str, str] = field(default_factory=dict)
    """Those that mustn't be empty, and what to write there."""
    needs_secrets: Callable[[Settings], bool] = lambda _: True
    """Whether it needs its secrets with these settings."""
    exposure: Callable[[Settings], str] = lambda _: ""
    """Why nothing may be sent with these settings: others could read it on its way; empty: they can't."""

    def connect(self, newsletter: Newsletter, key: Key) -> "Transport":
        """Return its transport. Raises RefusedError where a setting or a secret is missing."""
        return self.make(
            newsletter.settings, key, self._find_secrets(newsletter)
        )

    def _find_secrets(self, newsletter: Newsletter) -> list[str]:
        """Return the secrets that it needs. Raises RefusedError where one, or a setting, is missing."""
        settings = newsletter.settings
        if missing := self.missing_settings(settings):
            raise RefusedError("; ".join(missing))
        return [
            credentials.require(newsletter, secret)
            for secret in self.secrets_for(settings)
        ]

    def missing_settings(self, settings: Settings) -> list[str]:
        """Return a line for each setting that keeps it from being used."""
        table = getattr(settings, self.name)
        empty = [
            f"'{key}' under [{self.name}] in briefing.toml is empty; set it to {content}"
            for key, content in self.required.items()
            if not getattr(table, key)
        ]
        exposure = self.exposure(settings)
        return [*empty, exposure] if exposure else empty

    def secrets_for(self, settings: Settings) -> Sequence[Secret]:
        """Return the secrets that it needs with these settings."""
        return self.secrets if self.needs_secrets(settings) else []

    def describe(self, settings: Settings) -> str:
        """Return how emails go out, and from which address, for the summary before a send."""
        server = self.server(settings) or self.title
        return f"{server}, from {settings.newsletter.sender.address}"


def provider(name: str) -> Provider:
    """Return the provider of a name, one of `PROVIDERS`."""
    return PROVIDERS[name]


SMTP_PASSWORD = Secret(
    "password for 'username' under [smtp]",
    "BRIEFING_SMTP_PASSWORD",
    "smtp-password",
    "briefing-smtp",
)
SENDGRID_KEY = Secret(
    "API key for SendGrid",
    "SENDGRID_API_KEY",
    "sendgrid-key",
    "briefing-sendgrid",
)


def smtp_password(newsletter: Newsletter) -> str:
    """Return the password for [smtp]; empty if none is needed. Raises RefusedError."""
    if not _needs_smtp_password(newsletter.settings):
        return ""
    return credentials.require(newsletter, SMTP_PASSWORD)


def _needs_smtp_password(settings: Settings) -> bool:
    return bool(settings.smtp.username)


# The transports' modules are imported on the first use: their libraries would slow down the start
# of every command.


def _make_smtp(
    settings: Settings, _key: Key, secrets: Sequence[str]
) -> "Transport":
    from .smtp import Smtp  # noqa: PLC0415

    password = secrets[0] if secrets else ""
    return Smtp(settings, password)


def _make_sendgrid(
    settings: Settings, key: Key, secrets: Sequence[str]
) -> "Transport":
    from .sendgrid import SendGrid  # noqa: PLC0415

    (api_key,) = secrets
    return SendGrid(settings, key, api_key)


_SMTP = Provider(
    name="smtp",
    title="a mail server",
    secrets=[SMTP_PASSWORD],
    keeps_sender=True,
    server=lambda settings: settings.smtp.host,
    make=_make_smtp,
    keys=("host", "port", "security", "username"),
    required={"host": "your provider's server for sending mail"},
    needs_secrets=_needs_smtp_password,
    exposure=lambda settings: settings.smtp.exposure,
)
_SENDGRID = Provider(
    name="sendgrid",
    title="SendGrid",
    secrets=[SENDGRID_KEY],
    keeps_sender=False,
    server=lambda settings: f"SendGrid ({settings.sendgrid.region})",
    make=_make_sendgrid,
    keys=("region",),
)
PROVIDERS = {entry.name: entry for entry in (_SMTP, _SENDGRID)}
SECRETS = [secret for entry in PROVIDERS.values() for secret in entry.secrets]
NAMES = (OUTBOX, *PROVIDERS)
"""What `--via` and `[send] via` can be."""
