"""An editor's private key is never stored without protection, and never shown."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator

import keyring
import keyring.backends.fail
import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from briefing.errors import RefusedError
from briefing.newsletter import Newsletter
from briefing.sending.secrets import credentials, editor_keys, editor_secrets
from tests.sending.secrets.test_credentials import Drawer

PASSPHRASE = "correct horse battery staple"  # noqa: S105  # a made-up one
QUICK = 8
"""A work factor that takes no time; age's own takes a second."""


def sealed(text: bytes, work_factor: int = QUICK) -> bytes:
    """Return a text protected by the passphrase, as https://age-encryption.org/v1 describes it."""
    file_key, salt, nonce = b"k" * 16, b"s" * 16, b"n" * 16
    wrap_key = hashlib.scrypt(
        PASSPHRASE.encode(),
        salt=b"age-encryption.org/v1/scrypt" + salt,
        n=2**QUICK,
        r=8,
        p=1,
        dklen=32,
    )
    wrapped = ChaCha20Poly1305(wrap_key).encrypt(bytes(12), file_key, None)
    header = b"\n".join(
        [
            b"age-encryption.org/v1",
            b"-> scrypt %b %d" % (unpadded(salt), work_factor),
            unpadded(wrapped),
            b"---",
        ]
    )
    mac = hmac.digest(derived(file_key, b"", b"header"), header, "sha256")
    last_chunk = bytes(11) + b"\1"
    payload = ChaCha20Poly1305(derived(file_key, nonce, b"payload")).encrypt(
        last_chunk, text, None
    )
    return b"%b %b\n%b%b" % (header, unpadded(mac), nonce, payload)


def unpadded(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(key)


def typed() -> str:
    return PASSPHRASE


def unasked() -> str:
    raise AssertionError("nobody should be asked")


@pytest.fixture(autouse=True)
def _without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in editor_secrets.SECRETS:
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


@pytest.fixture
def public(newsletter: Newsletter) -> str:
    """The public half of a key that is in the newsletter's folder, protected by the passphrase."""
    identity = pyrage.x25519.Identity.generate()
    path = newsletter.state / "private-key.age"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(sealed(str(identity).encode()))
    return str(identity.to_public())


def opens(keys: list[pyrage.x25519.Identity], public: str) -> bool:
    recipient = pyrage.x25519.Recipient.from_str(public)
    plain: bytes = pyrage.decrypt(pyrage.encrypt(b"wish", [recipient]), keys)
    return plain == b"wish"


@pytest.mark.usefixtures("without_keyring")
class TestInAFile:
    def test_it_opens_with_its_passphrase(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(editor_keys, "MEASUREMENTS", 1)
        public, place = editor_keys.new_key(newsletter, typed)
        assert "private-key.age, protected" in place
        path = newsletter.state / "private-key.age"
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"AGE-SECRET-KEY" not in path.read_bytes()
        assert editor_keys.has_key(newsletter)
        assert opens(editor_keys.open_keys(newsletter, typed), public)

    def test_the_passphrase_can_be_in_the_environment(
        self,
        newsletter: Newsletter,
        public: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv(editor_secrets.PASSPHRASE.variable, PASSPHRASE)
        assert opens(editor_keys.open_keys(newsletter, unasked), public)

    def test_a_mistyped_passphrase_is_asked_for_again(
        self, newsletter: Newsletter, public: str
    ) -> None:
        answers = iter(["something else", typed()])
        keys = editor_keys.open_keys(newsletter, lambda: next(answers))
        assert opens(keys, public)

    def test_another_passphrase_opens_nothing(
        self, newsletter: Newsletter, public: str
    ) -> None:
        with pytest.raises(RefusedError, match="with this passphrase"):
            editor_keys.open_keys(newsletter, lambda: "something else")

    def test_a_file_that_takes_years_to_open_is_refused(
        self, newsletter: Newsletter, public: str
    ) -> None:
        path = newsletter.state / "private-key.age"
        path.write_bytes(sealed(b"", work_factor=60))
        with pytest.raises(RefusedError, match="with this passphrase"):
            editor_keys.open_keys(newsletter, typed)

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
        assert credentials.require(newsletter, editor_secrets.SYNC_KEY) == key
        assert len(key) > 40


class TestOnABusyComputer:
    """age measures for milliseconds how much work a passphrase may take: too short where other
    programs run.
    """

    def test_a_weak_protection_is_made_again(self) -> None:
        made = iter([sealed(b"", 14), sealed(b"", 18), sealed(b"", 20)])
        assert editor_keys.seal_strongly(made.__next__) == sealed(b"", 18)

    def test_a_slow_computer_gives_the_best_it_can(self) -> None:
        factors = [14, 16, *[15] * 8]
        made = iter([sealed(b"", factor) for factor in factors])
        assert editor_keys.seal_strongly(made.__next__) == sealed(b"", 16)

    def test_what_seemed_too_much_work_is_tried_again(
        self,
        newsletter: Newsletter,
        public: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        real = pyrage.passphrase.decrypt
        refused = [sealed(b"", 60)] * 3

        def decrypt(data: bytes, passphrase: str) -> bytes:
            opened: bytes = real(refused.pop() if refused else data, passphrase)
            return opened

        monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
        assert opens(editor_keys.open_keys(newsletter, typed), public)
        assert not refused


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
        with pytest.raises(RefusedError, match="subscribers keys"):
            editor_keys.open_keys(newsletter, unasked)

    def test_a_damaged_key_is_not_repeated(
        self, newsletter: Newsletter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(editor_secrets.PRIVATE_KEY.variable, "AGE-SECRET-1")
        with pytest.raises(RefusedError, match="is damaged") as caught:
            editor_keys.open_keys(newsletter, unasked)
        assert "AGE-SECRET" not in str(caught.value)
