"""`briefing send --via smtp` against Postfix's smtp-sink: a server written by others, with faults
on demand.
"""

import json
import re
from functools import partial
from pathlib import Path
from typing import ClassVar

import pytest
from click.testing import CliRunner, Result

from benchmarks.postfix import program, smtp_sink
from briefing.cli import cli
from briefing.configuration.settings import Settings
from briefing.sending import delivery
from briefing.sending.ledger.schema import State
from briefing.sending.transports import smtp
from briefing.sending.transports.pace import Pace
from tests import wire
from tests.sending import conftest

pytestmark = pytest.mark.skipif(
    not program("smtp-sink"),
    reason="smtp-sink isn't here: 'make postfix' unpacks it where there is apt",
)

SETTINGS = """
[newsletter]
name = "Weekly Brief"
from = "Weekly Brief <weekly@example.org>"
bounces = "bounces@example.org"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
[unsubscribe]
url = "https://example.org/u/{{token}}"
mailto = "leave@example.org"
"""
ISSUE = conftest.ISSUE.replace(
    "Its text.", ".A line that begins with a dot — and one that ends in one.\n."
)


NOBODY: dict[str, int] = {state.value: 0 for state in State}


class Clock:
    """Seconds that pass only while a send keeps its pace, so that a busy machine changes nothing."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class ClockedPace(Pace):
    """Lets its clock go on, and nobody wait."""

    def __init__(self) -> None:
        self._time = Clock()
        super().__init__(self._time)

    def reserve(self) -> float:
        self._time.seconds += super().reserve()
        return 0.0


class Unhurried(smtp.Smtp):
    """A send that doesn't wait for real, except for servers that don't answer."""

    timeout: ClassVar[int] = 60
    """Seconds; no test with an answering server waits for them."""

    def __init__(self, settings: Settings, password: str) -> None:
        super().__init__(settings, password, timeout=self.timeout, pause=0.0005)
        self.pace = ClockedPace()


class Sender:
    """A newsletter and its command, in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        issue = folder / "issues" / "2020-10-09"
        issue.mkdir(parents=True)
        (issue / "issue.md").write_text(ISSUE, "utf-8")
        monkeypatch.chdir(folder)
        # A mistake of ours fails the test with its own traceback.
        monkeypatch.setenv("BRIEFING_DEBUG", "1")
        # How long it waits is tested elsewhere.
        monkeypatch.setattr(
            delivery, "Timing", partial(delivery.Timing, back_off=(0.0,))
        )
        monkeypatch.setattr(smtp, "Smtp", Unhurried)

    def send(self, port: int, readers: int, connections: int = 4) -> Result:
        (self.folder / "briefing.toml").write_text(
            SETTINGS.format(port=port, connections=connections), "utf-8"
        )
        rows = "".join(
            f"{address},Reader {number}\n"
            for number, address in enumerate(addresses(readers))
        )
        (self.folder / "subscribers.csv").write_text(
            f"email,name\n{rows}", "utf-8"
        )
        (self.folder / "subscribers.csv").chmod(0o600)
        return self._run(
            "send",
            "--via",
            "smtp",
            "--untested",
            "--yes",
            "--expect",
            str(readers),
        )

    def counts(self) -> dict[str, int]:
        """How many readers are in each state; empty if nothing was frozen."""
        said = self._run("status", "--json").stdout
        counts: dict[str, int] = json.loads(said)["counts"] if said else {}
        return counts

    def _run(self, *arguments: str) -> Result:
        result = CliRunner().invoke(cli, arguments, prog_name="briefing")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


def addresses(readers: int) -> list[str]:
    return [
        f"reader{number}@example{number % 7}.org" for number in range(readers)
    ]


@pytest.fixture
def sender(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sender:
    (tmp_path / "weekly").mkdir()
    return Sender(tmp_path / "weekly", monkeypatch)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """A folder for `-d`, which keeps each email as a file of its own."""
    folder = tmp_path / "dump"
    folder.mkdir()
    return folder


def dumped(folder: Path) -> list[tuple[str, bytes]]:
    """The emails that were kept, as (reader, mail): without the head that the sink writes, and with
    CRLF again.

    It ends lines with LF, adds an empty one, and drops a CR without LF: our own servers look
    for those.
    """
    found = []
    for path in folder.iterdir():
        head, received, rest = path.read_bytes().partition(b"\nReceived: from ")
        assert received
        mail = rest.split(b"\n", 3)[3]  # behind "from", "by" and the date
        (reader,) = re.findall(rb"^X-Rcpt-Args: <(.*)>$", head, re.MULTILINE)
        assert re.findall(rb"^X-Mail-Args: <(.*?)>", head, re.MULTILINE) == [
            b"bounces@example.org"
        ]
        found.append(
            (reader.decode(), mail.removesuffix(b"\n").replace(b"\n", b"\r\n"))
        )
    return found


# What arrives


@pytest.mark.parametrize(
    "connections",
    [16, *(pytest.param(few, marks=pytest.mark.long) for few in (1, 4))],
)
def test_every_reader_gets_one_whole_email(
    sender: Sender, dump: Path, connections: int
) -> None:
    with smtp_sink("-d", f"{dump}/mail.") as port:
        result = sender.send(port, 200, connections)
    assert result.exit_code == 0, result.output
    assert sender.counts() == {**NOBODY, "accepted": 200}
    mails = dumped(dump)
    assert sorted(reader for reader, _ in mails) == sorted(addresses(200))
    for reader, mail in mails:
        wire.check(mail, to=reader, headers=wire.HEADERS - {"Reply-To"})
        assert "\n.A line that begins with a dot" in wire.part(mail, "plain")
    leaves = {
        re.findall(rb"^List-Unsubscribe: <(.*?)>", mail, re.MULTILINE)[0]
        for _, mail in mails
    }
    assert len(leaves) == 200


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("-p",), id="no pipelining"),
        pytest.param(("-E",), id="no enhanced codes"),
        pytest.param(("-T", "2000"), id="a small window"),
        pytest.param(("-f", "quit"), id="QUIT refused"),
        pytest.param(("-q", "quit"), id="QUIT not answered"),
    ],
)
def test_simpler_servers_get_every_email_too(
    sender: Sender, dump: Path, options: tuple[str, ...]
) -> None:
    with smtp_sink("-d", f"{dump}/mail.", *options) as port:
        result = sender.send(port, 20)
    assert result.exit_code == 0, result.output
    assert sorted(reader for reader, _ in dumped(dump)) == sorted(addresses(20))


def test_a_server_that_takes_one_connection_at_a_time_gets_every_email_too(
    sender: Sender, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The others are connected by the kernel, and never answered.
    monkeypatch.setattr(Unhurried, "timeout", 5)
    with smtp_sink("-d", f"{dump}/mail.", "-m", "1") as port:
        result = sender.send(port, 20)
    assert result.exit_code == 0, result.output
    assert sorted(reader for reader, _ in dumped(dump)) == sorted(addresses(20))


# What fails


@pytest.mark.parametrize(
    "options",
    [("-q", "connect"), ("-Q", "connect"), ("-f", "connect"), ("-f", "ehlo")],
)
def test_a_server_that_rejects_every_reader(
    sender: Sender, options: tuple[str, ...]
) -> None:
    with smtp_sink(*options) as port:
        result = sender.send(port, 20)
    assert result.exit_code == 1
    assert re.fullmatch(
        r"briefing: 127\.0\.0\.1, port \d+: .*; nothing was sent\n",
        result.stderr,
    )
    assert sender.counts() == {}


@pytest.mark.parametrize("command", ["mail", "data", "."])
def test_a_refusal_of_the_sender_stops_at_once_and_rejects_no_reader(
    sender: Sender, dump: Path, command: str
) -> None:
    with smtp_sink("-f", command, "-d", f"{dump}/mail.") as port:
        result = sender.send(port, 20)
    assert result.exit_code == 1
    assert "500 5.3.0 Error: command failed" in result.stderr
    assert sender.counts() == {**NOBODY, "queued": 20}


@pytest.mark.parametrize(
    "words",
    [
        "500 5.3.0 Error: command failed",
        "550 5.1.1 No such user",
        "554 5.7.1 Denied",
    ],
)
def test_the_same_refusal_of_every_reader_rejects_none(
    sender: Sender, words: str
) -> None:
    with smtp_sink("-f", "rcpt", "-B", words) as port:
        result = sender.send(port, 20)
    assert result.exit_code == 1
    assert words in result.stderr
    assert sender.counts() == {**NOBODY, "queued": 20}


@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "."])
def test_deferred_emails_wait_for_the_next_send(
    sender: Sender, command: str
) -> None:
    with smtp_sink("-r", command) as port:
        result = sender.send(port, 20)
    assert result.exit_code == 1
    counts = sender.counts()
    assert counts["queued"] + counts["deferred"] == 20
    assert counts["deferred"]
    with smtp_sink() as port:
        assert sender.send(port, 20).exit_code == 0
    assert sender.counts() == {**NOBODY, "accepted": 20}


def test_a_server_that_defers_every_reader_defers_them_all(
    sender: Sender,
) -> None:
    with smtp_sink("-r", "rcpt") as port:
        result = sender.send(port, 200)
    assert result.exit_code == 1
    assert sender.counts() == {**NOBODY, "deferred": 200}


@pytest.mark.parametrize("how", ["-q", "-Q"])
@pytest.mark.parametrize("command", ["mail", "rcpt", "data"])
def test_a_break_before_the_email_leaves_all_queued(
    sender: Sender, how: str, command: str
) -> None:
    with smtp_sink(how, command) as port:
        result = sender.send(port, 20)
    assert result.exit_code == 1
    assert sender.counts() == {**NOBODY, "queued": 20}


@pytest.mark.parametrize("connections", [1, 4])
def test_a_break_instead_of_the_last_answer_is_uncertain(
    sender: Sender, connections: int
) -> None:
    with smtp_sink("-q", ".") as port:
        result = sender.send(port, 60, connections)
    assert result.exit_code == 1
    counts = sender.counts()
    assert counts["queued"] + counts["uncertain"] == 60
    assert 1 <= counts["uncertain"] <= 2 * connections


def test_a_server_that_disconnects_after_each_email_defers(
    sender: Sender,
) -> None:
    with smtp_sink("-Q", ".") as port:
        result = sender.send(port, 20)
    assert result.exit_code == 1
    assert sender.counts() == {**NOBODY, "deferred": 20}


def test_a_refusal_in_the_middle_of_the_body(sender: Sender) -> None:
    with smtp_sink("-A", "0") as port:
        result = sender.send(port, 60)
    assert result.exit_code == 1
    counts = sender.counts()
    assert counts["accepted"] == counts["rejected"] == counts["sending"] == 0
    assert counts["queued"] + counts["uncertain"] == 60
