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
from tests.sending.servers.sendgrid import SendGridServer
from tests.sending.servers.smtp import SmtpServer

__all__ = ["run"]

DATA = Path(__file__).parent / "data" / "december"
PASSPHRASE = "four quiet walnut lanterns"  # noqa: S105  # of an invented newsletter
SENDGRID_KEY = "SG.december"

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


@pytest.fixture
def sendgrid(monkeypatch: pytest.MonkeyPatch) -> Iterator[SendGridServer]:
    monkeypatch.setenv("SENDGRID_API_KEY", SENDGRID_KEY)
    with SendGridServer(key=SENDGRID_KEY) as server:
        yield server
        assert server.violations == []


PROVIDER_READERS = Counter(
    [
        "anahit@example.org",
        "chiara@example.com",
        "devran@example.org",
        "ferhat@example.net",
        "greta@example.org",
    ]
)


class TestScheduledAtSendGrid:
    @pytest.fixture(autouse=True)
    def _provider(
        self,
        run: Run,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        smtp: SmtpServer,
        sendgrid: SendGridServer,
    ) -> None:
        folder = unpack("provider", tmp_path / "provider")
        connect(folder, smtp, sendgrid.url)
        monkeypatch.chdir(folder)

    def accepted(self, sendgrid: SendGridServer) -> Counter[str]:
        return Counter(mail.address for mail in sendgrid.accepted)

    def test_it_has_been_sent(self, run: Run, sendgrid: SendGridServer) -> None:
        assert run("status", "2026-11-06").stdout == (
            "Issue 2026-11-06\n"
            "        5  accepted by the server\n"
            "Every reader has been sent this issue.\n"
        )
        again = run(*send("2026-11-06", "sendgrid", 5))
        assert "was already sent to every reader" in again.stderr
        assert not sendgrid.accepted

    def test_what_was_recalled_is_sent(
        self, run: Run, sendgrid: SendGridServer
    ) -> None:
        before = Counter(["devran@example.org", "ferhat@example.net"])
        sent = run(*send("2026-11-13", "sendgrid", 3))
        assert sent.exit_code == 0, sent.stderr
        assert before + self.accepted(sendgrid) == PROVIDER_READERS

    def test_without_an_answer_to_the_recall_the_editor_decides(
        self, run: Run, sendgrid: SendGridServer
    ) -> None:
        before = Counter(["ferhat@example.net"])
        status = run("status", "2026-11-20", "--names").stdout
        assert "        4  uncertain: handed over, but no answer" in status
        for reader in PROVIDER_READERS - before:
            assert f"           {reader}\n" in status
        again = send("2026-11-20", "sendgrid", 4)
        assert run(*again).exit_code == 1
        assert not sendgrid.accepted
        assert run(*again, "--resend-uncertain").exit_code == 0
        assert before + self.accepted(sendgrid) == PROVIDER_READERS

    def test_each_gets_the_version_that_was_frozen_for_them(
        self, run: Run, smtp: SmtpServer
    ) -> None:
        """Devran was deferred in the first, so it may be on its way to them."""
        before = Counter(["anahit@example.org", "chiara@example.com"])
        sent = run(*send("2026-11-27", "smtp", 3))
        assert sent.exit_code == 0, sent.stderr
        assert before + received(smtp) == PROVIDER_READERS
        first = "The court has ruled."
        corrected = "The court has not ruled yet."
        for mail in smtp.mails:
            text = wire.part(mail.data, "plain")
            is_first = mail.recipient == "devran@example.org"
            assert (first in text, corrected in text) == (
                is_first,
                not is_first,
            )
