"""The settings and secrets that a real send still needs, as one list. Nothing here needs the network."""

from collections.abc import Iterator
from dataclasses import dataclass

from briefing.checks import hosts
from briefing.checks.link_addresses import as_shown
from briefing.configuration.settings import Settings
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials
from briefing.sending.transports import registry
from briefing.sending.transports.registry import OUTBOX, Provider


@dataclass(frozen=True, slots=True)
class MissingSetting:
    """A setting or a secret without which no email can be sent."""

    code: str
    """Stable, for programs."""
    message: str
    """What is missing, and what to do."""


NO_PROVIDER = MissingSetting(
    "no-provider",
    "no provider is chosen; set 'via' under [send] in briefing.toml, for example to \"smtp\"",
)
NO_UNSUBSCRIBING = MissingSetting(
    "no-unsubscribe",
    "readers couldn't unsubscribe; set 'url' or 'mailto' under [unsubscribe] in briefing.toml",
)
NO_TEST_ADDRESS = MissingSetting(
    "no-test-address",
    "no test address is set; add some to 'test' under [send] in briefing.toml, or give one with --test-to",
)


def find(newsletter: Newsletter, via: str) -> list[MissingSetting]:
    """Return everything that a send through `via`, and its test, still need.

    An empty `via` means that no provider is chosen yet.
    """
    settings = newsletter.settings
    if via == OUTBOX:
        return []
    missing = (
        of_provider(newsletter, registry.provider(via))
        if via
        else [NO_PROVIDER]
    )
    if not settings.unsubscribe.has_way_to_leave:
        missing.append(NO_UNSUBSCRIBING)
    missing += _unreachable(settings)
    missing += _at_sendgrid(settings, via)
    if not settings.send.test:
        missing.append(NO_TEST_ADDRESS)
    return missing


def find_for_send(
    newsletter: Newsletter,
    via: str,
    *,
    needs_test_address: bool,
) -> list[MissingSetting]:
    """Return what a send can't do without.

    A missing test address alone doesn't prevent a send that needs none: it may have been tested at
    another one. It is listed where anything else is missing, since this is the first send then.
    """
    missing = find(newsletter, via)
    if missing == [NO_TEST_ADDRESS] and not needs_test_address:
        return []
    return missing


def unreachable_reason(address: str) -> str:
    """Return why readers can't reach a web page or email address in the settings, by the rule that
    checks apply to all links; empty if they can.
    """
    link = address if address.startswith("https://") else f"mailto:{address}"
    host = hosts.host_of(link)
    reason = hosts.unreachable_reason(host) if host else ""
    return f"'{as_shown(hosts.punycode(host))}' {reason}" if reason else ""


def _unreachable(settings: Settings) -> Iterator[MissingSetting]:
    for key in ("url", "mailto"):
        reason = unreachable_reason(getattr(settings.unsubscribe, key))
        if reason:
            yield MissingSetting(
                "unreachable-unsubscribe",
                f"readers couldn't unsubscribe: in '{key}' under [unsubscribe], {reason}",
            )


def _at_sendgrid(settings: Settings, via: str) -> Iterator[MissingSetting]:
    """Yield what prevents readers from unsubscribing at SendGrid, if that is how they are to do it."""
    if not settings.unsubscribe.is_at_sendgrid:
        return
    if via != settings.unsubscribe.via:
        yield MissingSetting(
            "unsubscribe-elsewhere",
            "readers couldn't unsubscribe: the link that 'via' under [unsubscribe] makes works only in emails that "
            "SendGrid sends; set 'url' under [unsubscribe] in briefing.toml, or send with --via sendgrid",
        )
    if not settings.sendgrid.unsubscribe_group:
        yield MissingSetting(
            "no-setting",
            "'unsubscribe_group' under [sendgrid] in briefing.toml is empty; make a group at SendGrid (Suppressions, "
            "Unsubscribe Groups), and set it to the group's number",
        )


def provider_in_use(newsletter: Newsletter) -> str:
    """Return the provider in [send] via, else the one that has settings or a secret; empty: none.

    The outbox can stay the default of `send` while real emails go out with `--via`.
    """
    settings = newsletter.settings
    if settings.send.via != OUTBOX:
        return settings.send.via
    for name, provider in registry.PROVIDERS.items():
        table = getattr(settings, name)
        if table != type(table)() or any(
            _problem(newsletter, secret) is None for secret in provider.secrets
        ):
            return name
    return ""


def ready_provider(newsletter: Newsletter) -> str:
    """Return the provider that tests and real emails can go through now; empty: 'briefing setup'
    comes first.
    """
    settings = newsletter.settings
    # Secrets are looked for last: a keyring is slow to answer, and may ask for its password.
    if not (settings.unsubscribe.has_way_to_leave and settings.send.test):
        return ""
    via = provider_in_use(newsletter)
    return "" if find(newsletter, via) else via


def missing_secrets(
    newsletter: Newsletter, provider: Provider
) -> dict[credentials.Secret, str]:
    """Return the secrets that the provider needs and can't get, each with the reason."""
    missing: dict[credentials.Secret, str] = {}
    for secret in provider.secrets_for(newsletter.settings):
        problem = _problem(newsletter, secret)
        if problem is not None:
            missing[secret] = problem
    return missing


def of_provider(
    newsletter: Newsletter, provider: Provider
) -> list[MissingSetting]:
    """Return what its transport can't be made without."""
    settings = provider.missing_settings(newsletter.settings)
    secrets = missing_secrets(newsletter, provider).values()
    return [
        *(MissingSetting("no-setting", message) for message in settings),
        *(MissingSetting("no-secret", message) for message in secrets),
    ]


def _problem(newsletter: Newsletter, secret: credentials.Secret) -> str | None:
    """Return why the secret can't be used; None if it can."""
    try:
        credentials.require(newsletter, secret)
    except RefusedError as error:
        return str(error)
    return None
