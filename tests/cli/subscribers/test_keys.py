"""briefing subscribers keys: what an editor copies to the server, and what never shows."""

import re
from pathlib import Path

import pytest

from briefing.joining.protocol import key_digest
from briefing.joining.wishes import parse_public_keys
from tests.cli.conftest import Run
from tests.cli.terminal import converse

PASSPHRASE = "correct horse battery staple"  # noqa: S105  # a made-up one
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@pytest.fixture
def with_passphrase(weekly: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newsletter on a computer without a keyring, where a key is made at the first attempt."""
    monkeypatch.setattr("briefing.sending.secrets.editor_keys.MEASUREMENTS", 1)
    monkeypatch.setattr(
        "briefing.sending.secrets.credentials.has_keyring", lambda: False
    )
    monkeypatch.setenv("BRIEFING_KEY_PASSPHRASE", PASSPHRASE)
    return weekly


def test_keys_are_replaced_only_on_request(
    with_passphrase: Path, run: Run
) -> None:
    first = run("subscribers", "keys").stdout
    (public,) = re.findall(r"age1\w+", first)
    assert parse_public_keys([public])
    state = with_passphrase / ".briefing"
    files = [state / "private-key.age", state / "sync-key"]
    made = [file.read_bytes() for file in files]
    again = run("subscribers", "keys").stdout
    assert "age1" not in again
    assert [file.read_bytes() for file in files] == made
    assert run("subscribers", "keys", "--renew").exit_code == 0
    assert not {file.read_bytes() for file in files} & {*made}


def test_without_a_terminal_the_passphrase_must_be_given(
    with_passphrase: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIEFING_KEY_PASSPHRASE")
    refused = run("subscribers", "keys")
    assert refused.exit_code == 1
    assert "BRIEFING_KEY_PASSPHRASE" in refused.stderr


def test_a_terminal_asks_twice_and_shows_only_the_public_key(
    weekly: Path,
) -> None:
    said, exit_code = converse(
        weekly, ["subscribers", "keys"], [PASSPHRASE, PASSPHRASE], **NO_KEYRING
    )
    assert exit_code == 0
    assert "Again: " in said
    assert "protected by the passphrase" in said
    assert "SECRET" not in said
    assert PASSPHRASE not in said
    assert (weekly / ".briefing" / "private-key.age").exists()
    assert all(len(line) <= 80 for line in said.split("\n"))


def test_the_server_gets_the_digest_of_the_other_key(
    with_passphrase: Path, run: Run
) -> None:
    said = run("subscribers", "keys").stdout
    key = (with_passphrase / ".briefing" / "sync-key").read_text().strip()
    assert f"  {key_digest(key)}\n" in said
    assert key not in said
