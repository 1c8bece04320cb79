"""An editor's private key is never stored without protection, and never shown."""

from collections.abc import Iterator

import keyring
import keyring.backends.fail
import pyrage
import pytest

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending import credentials, editor_keys
from tests.sending.test_credentials import Drawer

PASSPHRASE = "correct horse battery staple"  # noqa: S105  # a made-up one


def typed() -> str:
    return PASSPHRASE


def unasked() -> str:
    raise AssertionError("nobody should be asked")


@pytest.fixture(autouse=True)
def _without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in editor_keys.SECRETS:
        monkeypatch.delenv(secret.variable, raising=False)


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    before, drawer = keyring.get_keyring(), Drawer()
    keyring.set_keyring(drawer)
    yield drawer
    keyring.set_keyring(before)


@pytest.fixture
def without_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


def opens(keys: list[pyrage.x25519.Identity], public: str) -> bool:
    recipient = pyrage.x25519.Recipient.from_str(public)
    plain: bytes = pyrage.decrypt(pyrage.encrypt(b"wish", [recipient]), keys)
    return plain == b"wish"


@pytest.mark.usefixtures("without_keyring")
class TestInAFile:
    def test_it_opens_with_its_passphrase(self, newsletter: Newsletter) -> None:
        public, place = editor_keys.new_key(newsletter, typed)
        assert "private-key.age, protected" in place
        path = newsletter.state / "private-key.age"
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"AGE-SECRET-KEY" not in path.read_bytes()
        assert editor_keys.has_key(newsletter)
        assert opens(editor_keys.open_keys(newsletter, typed), public)

    def test_the_passphrase_can_be_in_the_environment(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        public, _ = editor_keys.new_key(newsletter, typed)
        monkeypatch.setenv(editor_keys.PASSPHRASE.variable, PASSPHRASE)
        assert opens(editor_keys.open_keys(newsletter, unasked), public)

    def test_a_mistyped_passphrase_is_asked_for_again(
        self, newsletter: Newsletter
    ) -> None:
        public, _ = editor_keys.new_key(newsletter, typed)
        answers = iter(["something else", typed()])
        keys = editor_keys.open_keys(newsletter, lambda: next(answers))
        assert opens(keys, public)

    def test_another_passphrase_opens_nothing(
        self, newsletter: Newsletter
    ) -> None:
        editor_keys.new_key(newsletter, typed)
        with pytest.raises(RefusedError, match="with this passphrase"):
            editor_keys.open_keys(newsletter, lambda: "something else")

    def test_a_short_passphrase_makes_no_key(
        self, newsletter: Newsletter
    ) -> None:
        with pytest.raises(RefusedError, match="12 characters"):
            editor_keys.new_key(newsletter, lambda: "short")
        assert not editor_keys.has_key(newsletter)

    def test_the_sync_key_is_a_private_file(
        self, newsletter: Newsletter
    ) -> None:
        key, _ = editor_keys.new_sync_key(newsletter)
        assert credentials.find(newsletter, editor_keys.SYNC_KEY) == key
        assert len(key) > 40


class TestInTheKeyring:
    def test_no_passphrase_is_needed(
        self, newsletter: Newsletter, drawer: Drawer
    ) -> None:
        public, place = editor_keys.new_key(newsletter, unasked)
        assert place == "the keyring of this computer"
        assert not (newsletter.state / "private-key.age").exists()
        assert opens(editor_keys.open_keys(newsletter, unasked), public)

    def test_the_sync_key_is_there_too(
        self, newsletter: Newsletter, drawer: Drawer
    ) -> None:
        key, _ = editor_keys.new_sync_key(newsletter)
        assert key in drawer.secrets.values()


@pytest.mark.usefixtures("without_keyring")
class TestMissing:
    def test_it_says_how_to_make_one(self, newsletter: Newsletter) -> None:
        with pytest.raises(RefusedError, match="keys new"):
            editor_keys.open_keys(newsletter, unasked)

    def test_a_damaged_key_is_not_repeated(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(editor_keys.PRIVATE_KEY.variable, "AGE-SECRET-1")
        with pytest.raises(RefusedError, match="is damaged") as caught:
            editor_keys.open_keys(newsletter, unasked)
        assert "AGE-SECRET" not in str(caught.value)
