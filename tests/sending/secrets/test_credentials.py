"""Where passwords and keys are looked up, and the message if they aren't found."""

import os
import shlex
import stat
import subprocess
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials
from briefing.sending.transports.registry import SENDGRID_KEY, SMTP_PASSWORD

SECRET = "canary-secret"  # noqa: S105  # a made-up one


class Drawer(KeyringBackend):
    """A keyring of this test alone."""

    priority = 1

    def __init__(self, **secrets: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own
        self.secrets = secrets

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[f"{service} {username}"] = password

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SMTP_PASSWORD.variable, raising=False)
    monkeypatch.delenv(SENDGRID_KEY.variable, raising=False)
    monkeypatch.setattr(keyring, "get_password", Drawer().get_password)


def test_it_can_be_in_the_environment(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SMTP_PASSWORD.variable, SECRET)
    assert credentials.require(newsletter, SMTP_PASSWORD) == SECRET


def test_it_can_be_in_a_file_that_only_its_owner_can_read(
    newsletter: Newsletter,
) -> None:
    newsletter.state.mkdir(mode=0o700)
    path = newsletter.state / SENDGRID_KEY.file
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    assert credentials.require(newsletter, SENDGRID_KEY) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(
    newsletter: Newsletter, mode: int
) -> None:
    newsletter.state.mkdir(mode=0o700)
    path = newsletter.state / SENDGRID_KEY.file
    path.write_text(SECRET)
    path.chmod(mode)
    with pytest.raises(
        RefusedError, match=r"chmod 600 .*sendgrid-key.*get a new API key"
    ) as error:
        credentials.require(newsletter, SENDGRID_KEY)
    assert SECRET not in str(error.value)


def test_a_link_to_a_file_is_refused(newsletter: Newsletter) -> None:
    newsletter.state.mkdir(mode=0o700)
    elsewhere = newsletter.root / "elsewhere"
    elsewhere.write_text(SECRET)
    elsewhere.chmod(0o600)
    (newsletter.state / SMTP_PASSWORD.file).symlink_to(elsewhere)
    with pytest.raises(RefusedError, match="must be a plain file"):
        credentials.require(newsletter, SMTP_PASSWORD)


def test_it_can_be_in_the_keyring_of_the_system(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = Drawer(**{f"{SMTP_PASSWORD.service} brief@example.org": SECRET})
    monkeypatch.setattr(keyring, "get_password", drawer.get_password)
    assert credentials.require(newsletter, SMTP_PASSWORD) == SECRET


def test_a_locked_keyring_counts_as_none(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_service: str, _username: str) -> str:
        raise keyring.errors.KeyringLocked(SECRET)

    monkeypatch.setattr(keyring, "get_password", locked)
    with pytest.raises(RefusedError) as error:
        credentials.require(newsletter, SMTP_PASSWORD)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    ("secret", "variable"),
    [
        (SMTP_PASSWORD, "BRIEFING_SMTP_PASSWORD"),
        (SENDGRID_KEY, "SENDGRID_API_KEY"),
    ],
)
def test_without_it_all_places_are_named(
    newsletter: Newsletter, secret: credentials.Secret, variable: str
) -> None:
    with pytest.raises(
        RefusedError,
        match=rf"{variable}, into .*{secret.file}, or .*keyring set {secret.service} ",
    ):
        credentials.require(newsletter, secret)


def test_a_program_that_is_started_meanwhile_does_not_inherit_it(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SMTP_PASSWORD.variable, SECRET)
    with credentials.hidden_from_programs([SMTP_PASSWORD]):
        seen = subprocess.run(
            ["env"], capture_output=True, text=True, check=True
        )
        found = credentials.require(newsletter, SMTP_PASSWORD)
    assert SMTP_PASSWORD.variable not in seen.stdout
    assert found == SECRET
    assert os.environ[SMTP_PASSWORD.variable] == SECRET


def test_what_is_stored_is_found_and_only_the_owner_can_read_it(
    newsletter: Newsletter,
) -> None:
    place = credentials.store(newsletter, SMTP_PASSWORD, SECRET)
    path = newsletter.state / SMTP_PASSWORD.file
    assert place == str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(newsletter.state.stat().st_mode) == 0o700
    assert credentials.require(newsletter, SMTP_PASSWORD) == SECRET


def test_a_folder_in_the_place_of_its_file_is_named(
    newsletter: Newsletter,
) -> None:
    (newsletter.state / SMTP_PASSWORD.file).mkdir(parents=True)
    with pytest.raises(
        RefusedError, match="smtp-password is a folder; remove it"
    ):
        credentials.store(newsletter, SMTP_PASSWORD, SECRET)


def test_storing_replaces_a_link_and_a_file_that_others_can_read(
    newsletter: Newsletter,
) -> None:
    newsletter.state.mkdir(mode=0o700)
    elsewhere = newsletter.root / "elsewhere"
    elsewhere.write_text("mine")
    (newsletter.state / SMTP_PASSWORD.file).symlink_to(elsewhere)
    readable = newsletter.state / SENDGRID_KEY.file
    readable.write_text("old")
    readable.chmod(0o644)
    for secret in (SMTP_PASSWORD, SENDGRID_KEY):
        credentials.store(newsletter, secret, SECRET)
        assert credentials.require(newsletter, secret) == SECRET
    assert elsewhere.read_text() == "mine"
    assert stat.S_IMODE(readable.stat().st_mode) == 0o600


def test_in_the_keyring_it_replaces_the_file(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer = Drawer()
    monkeypatch.setattr(keyring, "get_password", drawer.get_password)
    monkeypatch.setattr(keyring, "set_password", drawer.set_password)
    credentials.store(newsletter, SMTP_PASSWORD, "old")
    credentials.store_in_keyring(newsletter, SMTP_PASSWORD, SECRET)
    assert credentials.require(newsletter, SMTP_PASSWORD) == SECRET
    assert not (newsletter.state / SMTP_PASSWORD.file).exists()


def test_a_keyring_that_refuses_keeps_nothing(
    newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(_service: str, _username: str, _secret: str) -> None:
        raise keyring.errors.KeyringLocked(SECRET)

    monkeypatch.setattr(keyring, "set_password", locked)
    with pytest.raises(RefusedError, match="saved in a file") as error:
        credentials.store_in_keyring(newsletter, SMTP_PASSWORD, SECRET)
    assert SECRET not in str(error.value)


def test_the_command_that_closes_a_file_can_be_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsletter = Newsletter.create(
        tmp_path / "my weekly",
        name="A",
        organisation="",
        sender="a@example.org",
    )
    path = newsletter.state / SMTP_PASSWORD.file
    path.parent.mkdir(mode=0o700)
    path.write_text(SECRET)
    path.chmod(0o644)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedError) as error:
        credentials.require(newsletter, SMTP_PASSWORD)
    command = str(error.value).partition("run: ")[2].partition(";")[0]
    subprocess.run(shlex.split(command), check=True)
    assert credentials.require(newsletter, SMTP_PASSWORD) == SECRET
