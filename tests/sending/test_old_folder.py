"""Folders that the version of 1 December 2026 left in the middle of a send: this one finishes it.

data/december/README.md says how they were made.
"""

import lzma
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import wire
from tests.cli.conftest import Run, run
from tests.joining.conftest import Server, start
from tests.sending.servers.smtp import SmtpServer

__all__ = ["run"]

DATA = Path(__file__).parent / "data" / "december"
PASSPHRASE = "four quiet walnut lanterns"  # noqa: S105  # of an invented newsletter

SUBJECTS = {"en": "Where are the teachers?", "de": "Wo sind die Lehrer?"}
READERS = {
    "anahit@example.org": "en",
    "bruno@example.net": "de",
    "chiara@example.com": "en",
    "ferhat@example.net": "de",
    "greta@example.org": "de",
    "hana@example.com": "en",
    "joren@example.com": "en",
    "kadir@example.org": "de",
    "lena@example.net": "de",
    "mira@example.net": "en",
}
"""Readers of `weekly` who get the issue, and their languages: neither Ilyas, who was unsubscribed before, nor
Devran, who left after the kill.
"""
ACCEPTED = ["bruno@example.net", "greta@example.org"]
UNCERTAIN = ["ferhat@example.net", "mira@example.net"]
BRUNOS_TOKEN = "a31b94bfaad26491e55788bbb94493"  # noqa: S105  # in the email that he got
CONFIRM = (
    "/confirm/ioYvWWUXyDsf-12kSmfCcnZkdi_bNRDRg9qcd5lf16xpnojgHN9y9xbOwlTYVKaj0yRWP3Pwq-2GZBRTHjHua0fW2"
    "25QVKsrsPA96oyJVWrG5uNkwa7kQlhZNmb39oJvhmOxlRqamM8MRwlI"
)
"""The link in an email to nadia@example.org, who wants to join; it was sealed without an end."""


def unpack(name: str, folder: Path) -> Path:
    """Write one of the folders as it was, readable by its owner only."""
    for source in sorted((DATA / name).rglob("*")):
        path = folder / re.sub(
            r"^private\b", ".briefing", str(source.relative_to(DATA / name))
        )
        if source.is_dir():
            path.mkdir(0o700, parents=True)
            continue
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        data = source.read_bytes()
        if path.suffix == ".xz":
            path = path.with_suffix("")
            data = lzma.decompress(data)
        path.touch(0o600)
        path.write_bytes(data)
    return folder


def connect(folder: Path, smtp: SmtpServer, other: str) -> None:
    """Write the addresses of the servers into the settings; `other` is that of the provider or the readers' server."""
    settings = folder / "briefing.toml"
    text = settings.read_text("utf-8")
    for old, new in {
        "port = 2525": f"port = {smtp.port}",
        "http://127.0.0.1:8080": other,
    }.items():
        text = text.replace(old, new)
    settings.write_text(text, "utf-8")


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server
        assert server.violations == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The readers' server, which has their requests since December."""
    # Its folder has the digest of the editors' key.
    server = start(
        unpack("server", tmp_path / "server"), BRIEFING_SYNC_KEY_DIGEST=""
    )
    yield server
    server.kill()


@pytest.fixture
def weekly(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    smtp: SmtpServer,
    server: Server,
) -> Path:
    """The newsletter whose send was killed; commands run in its folder."""
    folder = unpack("weekly", tmp_path / "weekly")
    connect(folder, smtp, f"http://127.0.0.1:{server.port}")
    monkeypatch.setenv("BRIEFING_KEY_PASSPHRASE", PASSPHRASE)
    monkeypatch.chdir(folder)
    return folder


def send(issue: str, via: str, mails: int) -> tuple[str, ...]:
    return "send", issue, "--via", via, "--yes", "--expect", str(mails)


def received(server: SmtpServer) -> Counter[str]:
    return Counter(mail.recipient for mail in server.mails)


class TestAKilledSend:
    ISSUE = "2026-11-27"

    @pytest.mark.usefixtures("weekly")
    def test_status_says_who_has_the_issue_and_who_may_have_it(
        self, run: Run
    ) -> None:
        status = run("status", "--names").stdout
        assert status.startswith(
            "Issue 2026-11-27\n"
            "        5  not sent yet\n"
            "        2  accepted by the server\n"
            "        1  deferred by the server\n"
            "             1 × 450 4.2.1 … is busy\n"
            "           kadir@example.org\n"
            "        1  rejected by the server\n"
            "             1 × 550 5.1.1 … unknown user\n"
            "           chiara@example.com\n"
            "        2  uncertain: handed over, but no answer came\n"
            "             2 × interrupted while it was being sent\n"
            "           ferhat@example.net\n"
            "           mira@example.net\n"
        )
        assert (
            "'briefing send 2026-11-27 --via smtp' sends 6 more emails.\n"
            in status
        )

    @pytest.mark.parametrize(
        ("decision", "had_it"),
        [
            (("send", "--mark-delivered"), True),
            ((*send(ISSUE, "smtp", 2), "--resend-uncertain"), False),
        ],
    )
    @pytest.mark.usefixtures("weekly")
    def test_everyone_has_the_issue_once_in_the_end(
        self,
        run: Run,
        smtp: SmtpServer,
        decision: tuple[str, ...],
        had_it: bool,
    ) -> None:
        before = Counter(ACCEPTED + UNCERTAIN * had_it)
        sent = run(*send(self.ISSUE, "smtp", 5))
        assert "1  unsubscribed (line 5)" in sent.stdout
        assert "the reader in line 2 asked for another name" in sent.stdout
        assert "2 readers may or may not have the issue" in sent.stderr
        assert received(smtp).keys().isdisjoint(ACCEPTED + UNCERTAIN)

        assert run(*decision).exit_code == 0
        again = run(*send(self.ISSUE, "smtp", 1), "--retry-rejected")
        assert again.exit_code == 0, again.stderr
        assert before + received(smtp) == Counter(READERS.keys())
        assert run("status").stdout.endswith(
            "Every reader has been sent this issue.\n"
        )
        for mail in smtp.mails:
            language = READERS[mail.recipient]
            assert wire.parsed(mail.data)["Subject"] == SUBJECTS[language]


def test_links_in_mails_of_that_version_still_work(
    run: Run, weekly: Path, server: Server
) -> None:
    page = server.get(f"/change/{BRUNOS_TOKEN}")
    assert f"/leave/{BRUNOS_TOKEN}" in page.text
    left = server.post(f"/leave/{BRUNOS_TOKEN}")
    assert left.heading == "You are unsubscribed"
    assert server.get(CONFIRM).status == 200
    assert server.post(CONFIRM).status == 200

    synced = run("subscribers", "sync", "--yes")
    assert synced.exit_code == 0, synced.stderr
    assert "2  unsubscribed (lines 3, 5)" in synced.stdout
    record = (weekly / ".briefing" / "suppressions.csv").read_text("utf-8")
    assert f"\n{BRUNOS_TOKEN}," in record
    joined = (weekly / "subscribers.csv").read_text("utf-8")
    assert "\nnadia@example.org,Nadia,de,," in joined
