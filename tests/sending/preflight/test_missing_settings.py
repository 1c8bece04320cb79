"""What a real send still needs, as one list."""

import pytest

from briefing.newsletter import Newsletter
from briefing.sending.preflight import missing_settings
from briefing.sending.preflight.missing_settings import (
    find,
    find_for_send,
    provider_in_use,
    ready_provider,
)
from briefing.sending.transports import registry


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret is in the environment or in a keyring."""
    for provider in registry.PROVIDERS.values():
        for secret in provider.secrets:
            monkeypatch.delenv(secret.variable, raising=False)
    monkeypatch.setattr("keyring.get_password", lambda _service, _user: None)


@pytest.fixture
def new(tmp_path_factory: pytest.TempPathFactory) -> Newsletter:
    root = tmp_path_factory.mktemp("newsletter") / "weekly"
    return Newsletter.create(
        root, name="A", organisation="", sender="a@example.org"
    )


def write(newsletter: Newsletter, more: str) -> Newsletter:
    path = newsletter.root / "briefing.toml"
    path.write_text(
        f'[newsletter]\nname = "A"\nfrom = "a@example.org"\n{more}', "utf-8"
    )
    return Newsletter(newsletter.root)


def codes(newsletter: Newsletter, via: str) -> list[str]:
    return [missing.code for missing in find(newsletter, via)]


def test_a_rehearsal_needs_nothing(new: Newsletter) -> None:
    assert find(new, "outbox") == []


@pytest.mark.parametrize(
    ("via", "of_provider"),
    [
        ("", ["no-provider"]),
        ("smtp", ["no-setting"]),
        ("sendgrid", ["no-secret"]),
    ],
)
def test_everything_is_listed_at_once(
    new: Newsletter, via: str, of_provider: list[str]
) -> None:
    assert codes(new, via) == [
        *of_provider,
        "no-unsubscribe",
        "no-test-address",
    ]


def test_unsubscribing_at_sendgrid_needs_a_group_and_emails_from_there(
    new: Newsletter,
) -> None:
    via = '[unsubscribe]\nvia = "sendgrid"\n'
    assert codes(write(new, via), "sendgrid") == [
        "no-secret",
        "no-setting",
        "no-test-address",
    ]
    group = "[sendgrid]\nunsubscribe_group = 7\n"
    assert codes(write(new, via + group), "smtp") == [
        "no-setting",
        "unsubscribe-elsewhere",
        "no-test-address",
    ]
    page = 'url = "https://example.org/{token}"\n'
    assert "unsubscribe-elsewhere" not in codes(write(new, via + page), "smtp")


def test_a_server_needs_a_password_only_for_a_user_name(
    new: Newsletter,
) -> None:
    host = '[smtp]\nhost = "mail.example.org"\n'
    assert "no-secret" not in codes(write(new, host), "smtp")
    assert "no-secret" in codes(write(new, f'{host}username = "me"\n'), "smtp")


def test_a_server_on_another_computer_needs_encryption(
    new: Newsletter,
) -> None:
    smtp = '[smtp]\nhost = "mail.example.org"\nsecurity = "none"\n'
    missing, *_ = find(write(new, smtp), "smtp")
    assert missing.code == "no-setting"
    assert "only for a server on this computer" in missing.message


def test_a_password_that_others_can_read_is_listed_with_the_rest(
    new: Newsletter,
) -> None:
    newsletter = write(new, '[smtp]\nusername = "me"\n')
    newsletter.state.mkdir()
    path = newsletter.state / "smtp-password"
    path.write_text("hidden")
    path.chmod(0o644)
    host, password, *_ = find(newsletter, "smtp")
    assert host.message.startswith(
        "'host' under [smtp] in briefing.toml is empty"
    )
    assert "chmod 600" in password.message


COMPLETE = """
[smtp]
host = "mail.example.org"
[unsubscribe]
mailto = "leave@example.org"
"""


def test_a_missing_test_address_alone_stops_only_a_test(
    new: Newsletter,
) -> None:
    newsletter = write(new, COMPLETE)
    alone = [missing_settings.NO_TEST_ADDRESS]
    assert find_for_send(newsletter, "smtp", needs_test_address=True) == alone
    assert find_for_send(newsletter, "smtp", needs_test_address=False) == []


def test_a_missing_test_address_is_listed_with_the_rest(
    new: Newsletter,
) -> None:
    newsletter = write(new, '[smtp]\nhost = "mail.example.org"\n')
    missing = find_for_send(newsletter, "smtp", needs_test_address=False)
    assert [setting.code for setting in missing] == [
        "no-unsubscribe",
        "no-test-address",
    ]


def test_the_provider_in_use_is_the_one_in_the_settings_else_the_one_set_up(
    new: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert provider_in_use(new) == ""
    assert provider_in_use(write(new, COMPLETE)) == "smtp"
    chosen = write(new, f'[send]\nvia = "sendgrid"\n{COMPLETE}')
    assert provider_in_use(chosen) == "sendgrid"
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.secret")
    assert provider_in_use(write(new, "")) == "sendgrid"


def test_the_keyring_is_asked_nothing_while_settings_are_missing(
    new: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(service: str, _user: str) -> None:
        asked.append(service)

    monkeypatch.setattr("keyring.get_password", ask)
    assert ready_provider(new) == ""
    assert asked == []
    ready = write(
        new,
        '[unsubscribe]\nmailto = "leave@example.org"\n[send]\ntest = ["a@example.org"]\n',
    )
    assert ready_provider(ready) == ""
    assert asked
