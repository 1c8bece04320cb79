"""The registry of providers: each has its settings, its secrets and its limits in one place."""

import subprocess
import sys

import pytest

from briefing.configuration import settings
from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter, package_templates
from briefing.sending.transports import registry
from briefing.sending.transports.registry import Provider
from tests.configuration.test_settings import WHOLE

ALL = pytest.mark.parametrize(
    "provider", registry.PROVIDERS.values(), ids=registry.PROVIDERS
)


def test_every_provider_has_its_table_in_the_settings() -> None:
    assert list(registry.PROVIDERS) == settings.PROVIDERS
    assert list(registry.NAMES) == ["outbox", *settings.PROVIDERS]


@ALL
def test_it_says_from_whom_emails_go_out(
    provider: Provider, sendable: Newsletter
) -> None:
    assert provider.describe(sendable.settings).endswith(
        ", from brief@example.org"
    )


@pytest.fixture
def with_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in registry.SECRETS:
        monkeypatch.setenv(secret.variable, "secret")


@pytest.fixture
def without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in registry.SECRETS:
        monkeypatch.delenv(secret.variable, raising=False)
    monkeypatch.setattr("keyring.get_password", lambda _service, _user: None)


@pytest.fixture
def configured(sendable: Newsletter) -> Newsletter:
    """A newsletter with all settings of all providers."""
    (sendable.root / "briefing.toml").write_text(WHOLE, "utf-8")
    return Newsletter(sendable.root)


@ALL
@pytest.mark.usefixtures("with_secrets")
def test_with_its_settings_and_secrets_it_connects(
    provider: Provider, configured: Newsletter, key: Key
) -> None:
    transport = provider.connect(configured, key)
    assert transport.name == provider.name


@pytest.mark.parametrize(
    "provider",
    [entry for entry in registry.PROVIDERS.values() if entry.required],
)
@pytest.mark.usefixtures("with_secrets")
def test_without_its_settings_it_says_which_are_missing(
    provider: Provider, sendable: Newsletter, key: Key
) -> None:
    with pytest.raises(RefusedError) as caught:
        provider.connect(sendable, key)
    for setting in provider.required:
        assert (
            f"'{setting}' under [{provider.name}] in briefing.toml is empty"
            in str(caught.value)
        )


@ALL
@pytest.mark.usefixtures("without_secrets")
def test_without_its_secrets_it_says_where_to_put_them(
    provider: Provider, configured: Newsletter, key: Key
) -> None:
    first = provider.secrets[0]
    with pytest.raises(RefusedError, match=first.variable):
        provider.connect(configured, key)


def test_a_provider_that_needs_no_secrets_with_some_settings_connects_without(
    configured: Newsletter, key: Key
) -> None:
    path = configured.root / "briefing.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('username = "brief"\n', ""), "utf-8")
    transport = registry.provider("smtp").connect(
        Newsletter(configured.root), key
    )
    assert transport.name == "smtp"


@ALL
def test_the_settings_of_a_new_newsletter_say_where_its_secrets_are_kept(
    provider: Provider,
) -> None:
    path = package_templates() / "newsletter" / "briefing.toml"
    table = path.read_text("utf-8").partition(f"\n[{provider.name}]\n")[2]
    comment = table.partition(" = ")[0]
    for secret in provider.secrets:
        assert f" {secret.variable}" in comment
        assert f" .briefing/{secret.file}" in comment


def test_no_two_secrets_share_a_place() -> None:
    secrets = [
        secret
        for provider in registry.PROVIDERS.values()
        for secret in provider.secrets
    ]
    for places in (
        {secret.variable for secret in secrets},
        {secret.file for secret in secrets},
    ):
        assert len(places) == len(secrets)
    assert len({secret.service for secret in secrets}) == len(secrets)


def test_a_command_that_sends_nothing_imports_no_transport() -> None:
    code = "import sys; from briefing.sending.transports import registry; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    prefix = "briefing.sending.transports."
    assert [name for name in loaded if name.startswith(prefix)] == [
        f"{prefix}registry"
    ]
    assert not {"sendgrid", "smtplib", "http.client"} & set(loaded)
