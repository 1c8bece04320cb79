"""The key is made once and stays; what is made with it tells nobody whose it is."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.errors import BriefingError, RefusedError
from briefing.keys import LENGTH, Key
from briefing.newsletter import Newsletter

texts = st.text(st.characters(codec="utf-8"), max_size=12)
KEY = Key(bytes(range(LENGTH)))


class TestFile:
    @pytest.mark.parametrize("umask", [0o000, 0o022])
    def test_it_is_made_at_first_for_its_owner_alone(self, newsletter: Newsletter, umask: int) -> None:
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

    def test_it_is_the_same_ever_after(self, newsletter: Newsletter) -> None:
        assert Key.of(newsletter) == Key.of(newsletter)

    def test_two_newsletters_have_two(self, newsletter: Newsletter, tmp_path: Path) -> None:
        assert Key.of(newsletter) != Key.of(Newsletter(tmp_path))

    def test_commands_that_start_together_agree(self, newsletter: Newsletter) -> None:
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
    def test_a_damaged_one_is_refused_and_never_made_anew(self, newsletter: Newsletter, damaged: bytes) -> None:
        newsletter.state.mkdir()
        (newsletter.state / "key").write_bytes(damaged)
        with pytest.raises(BriefingError, match=r"key: is damaged; restore the newsletter's own key from a backup$"):
            Key.of(newsletter)
        assert (newsletter.state / "key").read_bytes() == damaged

    def test_a_lost_one_is_not_replaced_while_a_ledger_is_of_it(self, newsletter: Newsletter) -> None:
        Key.of(newsletter)
        (newsletter.state / "rehearsal.sqlite").touch()
        (newsletter.state / "key").unlink()
        with pytest.raises(BriefingError, match="is missing; restore it from a backup"):
            Key.of(newsletter)
        assert not (newsletter.state / "key").exists()

    def test_one_that_cannot_be_read_is_named(self, newsletter: Newsletter) -> None:
        (newsletter.state / "key").mkdir(parents=True)
        with pytest.raises(BriefingError, match=r"\.briefing/key: can't be read"):
            Key.of(newsletter)

    def test_it_is_not_put_behind_a_link_to_somewhere_else(self, newsletter: Newsletter, tmp_path: Path) -> None:
        (tmp_path / "shared").mkdir()
        newsletter.state.symlink_to(tmp_path / "shared")
        with pytest.raises(RefusedError, match="is a link to somewhere else"):
            Key.of(newsletter)
        assert not list((tmp_path / "shared").iterdir())


class TestDigests:
    @given(st.lists(texts, min_size=1, max_size=4), st.lists(texts, min_size=1, max_size=4))
    def test_no_two_lists_of_parts_have_the_same(self, one: list[str], other: list[str]) -> None:
        assert (KEY.digest(*one) == KEY.digest(*other)) == (one == other)

    def test_parts_cannot_run_into_each_other(self) -> None:
        ways = [("a", "b", "c"), ("ab", "c"), ("a", "bc"), ("abc",), ("a", "b", "c", ""), ("a", "", "b", "c")]
        assert len({KEY.digest(*way) for way in ways}) == len(ways)

    def test_the_purpose_and_the_key_make_others(self) -> None:
        other = Key(bytes(LENGTH))
        digests = {KEY.digest("token", "x"), KEY.digest("message", "x"), other.digest("token", "x")}
        assert len(digests) == 3

    def test_a_digest_is_hmac_sha_256_of_the_parts_with_their_lengths(self) -> None:
        """Computed with OpenSSL: digests must stay what they are, or everybody would be mailed again."""
        assert KEY.digest("p", "é").hex() == "b58d720f40976f824837a2e3204f768275aeddb3dc521ecfdcf805c62cbe2725"

    @given(texts, texts)
    def test_a_name_is_short_and_safe_where_capitals_do_not_count(self, purpose: str, part: str) -> None:
        name = KEY.name(purpose, part)
        assert len(name) <= 30
        assert name.isascii()
        assert name.isalnum()
        assert name == name.lower()
        assert name == KEY.name(purpose, part)


class TestSecrecy:
    def test_nothing_that_is_printed_of_it_holds_the_secret(self) -> None:
        key = Key(b"canary-7f3a-canary-7f3a-canary-7")
        for shown in (repr(key), str(key), f"{key}", f"{[key]}", key.fingerprint):
            assert "canary" not in shown
            assert key.secret.hex() not in shown

    def test_the_fingerprint_tells_keys_apart(self) -> None:
        assert KEY.fingerprint == Key(KEY.secret).fingerprint
        assert KEY.fingerprint != Key(bytes(LENGTH)).fingerprint
        assert KEY.fingerprint not in KEY.secret.hex()
