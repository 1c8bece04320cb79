"""The registry of providers: each has its settings, its secrets and its limits in one place."""

import datetime as dt
import subprocess
import sys

import pytest

from briefing import settings
from briefing.cli import recall, words
from briefing.errors import RefusedError
from briefing.keys import Key
from briefing.newsletter import Newsletter
from briefing.sending.transports import registry
from briefing.sending.transports.http_delivery import HttpTransport
from briefing.sending.transports.registry import Provider

ALL = pytest.mark.parametrize(
    "provider", registry.PROVIDERS.values(), ids=registry.PROVIDERS
)


def test_every_provider_has_its_table_in_the_settings() -> None:
    assert list(registry.PROVIDERS) == settings.PROVIDERS
    assert list(registry.NAMES) == ["outbox", *settings.PROVIDERS]


@ALL
def test_it_says_from_whom_mails_go_out(
    provider: Provider, sendable: Newsletter
) -> None:
    assert provider.describe(sendable.settings).endswith(
        ", from brief@example.org"
    )


@ALL
def test_without_settings_and_secrets_it_says_what_is_missing(
    provider: Provider,
    sendable: Newsletter,
    key: Key,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for secret in provider.secrets:
        monkeypatch.delenv(secret.variable, raising=False)
    with pytest.raises(RefusedError):
        provider.connect(sendable, key)


@ALL
def test_with_its_secrets_it_connects(
    provider: Provider,
    sendable: Newsletter,
    key: Key,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = sendable.root / "briefing.toml"
    path.write_text(
        f'{path.read_text("utf-8")}\n[smtp]\nhost = "localhost"\nusername = "me"\n[ses]\nregion = "eu-west-1"\n',
        "utf-8",
    )
    for secret in provider.secrets:
        monkeypatch.setenv(secret.variable, "secret")
    transport = provider.connect(Newsletter(sendable.root), key)
    assert transport.name == provider.name
    if isinstance(transport, HttpTransport):
        assert transport.title == provider.title


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


def test_sendgrid_alone_can_send_later(
    sendable: Newsletter, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    (provider,) = registry.schedulers()
    assert provider.name == "sendgrid"
    assert provider.scheduling
    assert provider.scheduling.furthest == dt.timedelta(hours=72)
    assert provider.scheduling.cancel_margin == dt.timedelta(minutes=10)
    monkeypatch.setenv(registry.SENDGRID_KEY.variable, "secret")
    assert provider.scheduling.connect(sendable, key).name == "sendgrid"


def test_the_help_of_recall_says_how_long_before_its_time_a_send_can_be_cancelled() -> (
    None
):
    (provider,) = registry.schedulers()
    assert provider.scheduling
    margin = words.minutes(provider.scheduling.cancel_margin)
    assert f"Until {margin} before the scheduled time" in str(
        recall.command.help
    )


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
