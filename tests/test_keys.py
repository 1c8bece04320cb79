"""The key is created once and stays; digests made with it reveal no one."""

import hmac
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing import keys
from briefing.errors import BriefingError, RefusedError
from briefing.keys import LENGTH, Key
from briefing.newsletter import Newsletter

texts = st.text(st.characters(codec="utf-8"), max_size=12)
KEY = Key(bytes(range(LENGTH)))


class TestFile:
    @pytest.mark.parametrize("umask", [0o000, 0o022])
    def test_it_is_created_on_first_use_for_its_owner_only(
        self, newsletter: Newsletter, umask: int
    ) -> None:
        before = os.umask(umask)
        try:
            key = Key.of(newsletter)
        finally:
            os.umask(before)
        path = newsletter.state / "key"
        assert path.read_bytes() == key.secret
        assert len(key.secret) == LENGTH
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(newsletter.state.stat().st_mode) == 0o700
        assert [path.name for path in newsletter.state.iterdir()] == ["key"]

    def test_it_stays_the_same(self, newsletter: Newsletter) -> None:
        assert Key.of(newsletter) == Key.of(newsletter)

    def test_two_newsletters_have_different_keys(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        assert Key.of(newsletter) != Key.of(Newsletter(tmp_path))

    def test_commands_that_start_at_the_same_time_agree(
        self, newsletter: Newsletter
    ) -> None:
        program = (
            "import sys; from pathlib import Path; from briefing.keys import Key; from briefing.newsletter import "
            "Newsletter; sys.stdin.read(); print(Key.of(Newsletter(Path(sys.argv[1]))).fingerprint)"
        )
        started = [
            subprocess.Popen(
                [sys.executable, "-c", program, str(newsletter.root)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(6)
        ]
        for process in started:
            assert process.stdin
            process.stdin.close()
        fingerprints = set()
        for process in started:
            assert process.stdout
            fingerprints.add(process.stdout.read().strip())
            process.stdout.close()
            assert process.wait() == 0
        assert fingerprints == {Key.of(newsletter).fingerprint}
        assert [path.name for path in newsletter.state.iterdir()] == ["key"]

    @pytest.mark.parametrize("damaged", [b"", b"short", b"x" * 33, b"\n" * 31])
    def test_a_damaged_key_is_refused_and_never_replaced(
        self, newsletter: Newsletter, damaged: bytes
    ) -> None:
        newsletter.state.mkdir()
        (newsletter.state / "key").write_bytes(damaged)
        with pytest.raises(
            BriefingError,
            match=r"key: is damaged; restore the newsletter's own key from a backup$",
        ):
            Key.of(newsletter)
        assert (newsletter.state / "key").read_bytes() == damaged

    def test_a_lost_key_is_not_replaced_while_there_is_a_ledger(
        self, newsletter: Newsletter
    ) -> None:
        Key.of(newsletter)
        (newsletter.state / "rehearsal.sqlite").touch()
        (newsletter.state / "key").unlink()
        with pytest.raises(
            BriefingError, match="is missing; restore it from a backup"
        ):
            Key.of(newsletter)
        assert not (newsletter.state / "key").exists()

    def test_an_unreadable_key_is_named(self, newsletter: Newsletter) -> None:
        (newsletter.state / "key").mkdir(parents=True)
        with pytest.raises(
            BriefingError, match=r"\.briefing/key: can't be read"
        ):
            Key.of(newsletter)

    def test_it_is_not_written_through_a_link(
        self, newsletter: Newsletter, tmp_path: Path
    ) -> None:
        (tmp_path / "shared").mkdir()
        newsletter.state.symlink_to(tmp_path / "shared")
        with pytest.raises(RefusedError, match="is a link to another place"):
            Key.of(newsletter)
        assert not list((tmp_path / "shared").iterdir())


class TestDigests:
    @given(
        st.lists(texts, min_size=1, max_size=4),
        st.lists(texts, min_size=1, max_size=4),
    )
    def test_different_parts_have_different_digests(
        self, left: list[str], right: list[str]
    ) -> None:
        assert (KEY.digest(*left) == KEY.digest(*right)) == (left == right)

    def test_parts_cannot_run_together(self) -> None:
        ways = [
            ("a", "b", "c"),
            ("ab", "c"),
            ("a", "bc"),
            ("abc",),
            ("a", "b", "c", ""),
            ("a", "", "b", "c"),
        ]
        assert len({KEY.digest(*way) for way in ways}) == len(ways)

    def test_the_digest_depends_on_the_purpose_and_the_key(self) -> None:
        another = Key(bytes(LENGTH))
        digests = {
            KEY.digest("token", "x"),
            KEY.digest("message", "x"),
            another.digest("token", "x"),
        }
        assert len(digests) == 3

    def test_a_digest_is_hmac_sha_256_of_the_parts_with_their_lengths(
        self,
    ) -> None:
        """Computed with OpenSSL. Digests must never change, or every reader would get another email."""
        assert (
            KEY.digest("p", "é").hex()
            == "b58d720f40976f824837a2e3204f768275aeddb3dc521ecfdcf805c62cbe2725"
        )

    @given(st.binary(min_size=LENGTH, max_size=LENGTH), texts)
    def test_it_is_that_of_the_standard_library(
        self, secret: bytes, part: str
    ) -> None:
        encoded = part.encode()
        message = b"\0\0\0\5token" + len(encoded).to_bytes(4, "big") + encoded
        expected = hmac.digest(secret, message, "sha256")
        assert Key(secret).digest("token", part) == expected
        assert Key(secret).digest("token", part) == expected

    @given(st.lists(texts, min_size=1, max_size=3), texts)
    def test_those_of_many_readers_are_the_same(
        self, parts: list[str], last: str
    ) -> None:
        assert KEY.digester(*parts)(last) == KEY.digest(*parts, last)
        assert KEY.namer(*parts)(last) == KEY.name(*parts, last)

    @given(texts, texts)
    def test_a_name_is_short_and_safe_even_if_case_does_not_count(
        self, purpose: str, part: str
    ) -> None:
        name = KEY.name(purpose, part)
        assert len(name) <= 30
        assert name.isascii()
        assert name.isalnum()
        assert name == name.lower()
        assert name == KEY.name(purpose, part)


class TestSecrecy:
    def test_printing_it_never_shows_the_secret(self) -> None:
        key = Key(b"canary-7f3a-canary-7f3a-canary-7")
        for shown in (
            repr(key),
            str(key),
            f"{key}",
            f"{[key]}",
            key.fingerprint,
        ):
            assert "canary" not in shown
            assert key.secret.hex() not in shown

    def test_the_fingerprint_identifies_a_key(self) -> None:
        assert KEY.fingerprint == Key(KEY.secret).fingerprint
        assert KEY.fingerprint != Key(bytes(LENGTH)).fingerprint
        assert KEY.fingerprint not in KEY.secret.hex()


def test_one_that_another_process_is_just_creating_isnt_called_missing(
    tmp_path: Path,
) -> None:
    """Its ledger is there as well by the time we look for files of a lost key."""
    state = tmp_path / ".briefing"
    key = Key.of(Newsletter(tmp_path))
    (state / "ledger.sqlite").touch()
    assert keys._create(state / "key") == key.secret
