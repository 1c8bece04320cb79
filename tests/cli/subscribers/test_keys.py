"""briefing subscribers keys: what an editor copies to the server, and what never shows."""

import json
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


def test_a_key_is_replaced_only_on_request_also_by_scripts(
    with_passphrase: Path, run: Run
) -> None:
    earlier = with_passphrase / ".briefing" / "private-key.age"
    earlier.parent.mkdir(mode=0o700, exist_ok=True)
    earlier.write_bytes(b"an earlier key")
    refused = run("subscribers", "keys", "new")
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert earlier.read_bytes() == b"an earlier key"
    made = run("subscribers", "keys", "new", "--replace", "--json")
    assert parse_public_keys([json.loads(made.stdout)["public_key"]])
    assert earlier.read_bytes() != b"an earlier key"


def test_without_a_terminal_the_passphrase_must_be_given(
    with_passphrase: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIEFING_KEY_PASSPHRASE")
    refused = run("subscribers", "keys", "new")
    assert refused.exit_code == 1
    assert "BRIEFING_KEY_PASSPHRASE" in refused.stderr


def test_a_terminal_asks_twice_and_shows_only_the_public_key(
    weekly: Path,
) -> None:
    said, exit_code = converse(
        weekly,
        ["subscribers", "keys", "new"],
        [PASSPHRASE, PASSPHRASE],
        **NO_KEYRING,
    )
    assert exit_code == 0
    assert "Again: " in said
    assert "protected by the passphrase" in said
    (public,) = re.findall(r"age1\w+", said)
    assert parse_public_keys([public])
    assert "SECRET" not in said
    assert PASSPHRASE not in said
    assert (weekly / ".briefing" / "private-key.age").exists()
    assert all(len(line) <= 80 for line in said.split("\n"))


def test_the_server_gets_the_digest_of_the_other_key(
    with_passphrase: Path, run: Run
) -> None:
    said = run("subscribers", "keys", "sync").stdout
    key = (with_passphrase / ".briefing" / "sync-key").read_text().strip()
    assert f"  {key_digest(key)}\n" in said
    assert key not in said


def test_the_digest_as_json_for_scripts(
    with_passphrase: Path, run: Run
) -> None:
    made = json.loads(run("subscribers", "keys", "sync", "--json").stdout)
    assert len(made["digest"]) == 64
