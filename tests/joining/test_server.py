"""The server starts only where it can do no harm, says all that is missing, and ends cleanly."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.checks.online.answers import NetworkAnswers, SenderRecords
from briefing.checks.online.rules import unsubscribe_page
from briefing.checks.online.unsubscribe_page import ask_at
from briefing.joining.protocol import key_digest
from briefing.network.fetch_guard import Guard
from tests.joining.conftest import (
    HOST,
    KEY,
    SAFETY_NET,
    TOKEN,
    MailServer,
    running,
    start,
)

RECORDS = SenderRecords(
    "example.org", "example.org", None, None, None, None, False
)


def serve(
    folder: Path, *options: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command where it ends by itself."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("BRIEFING_")
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "briefing",
            "-C",
            folder,
            "subscribers",
            "serve",
            *options,
        ],
        capture_output=True,
        text=True,
        env=clean | environment,
        timeout=SAFETY_NET,
        check=False,
    )


DIGEST = {"BRIEFING_SYNC_KEY_DIGEST": key_digest(KEY)}


class TestStarting:
    @pytest.mark.parametrize("name", ["subscribers.csv", ".briefing/key"])
    def test_never_beside_the_list_or_the_newsletters_key(
        self, folder: Path, name: str
    ) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("email\n", "utf-8")
        result = serve(folder, **DIGEST)
        assert result.returncode == 1
        assert f"{name} must not be on the server" in result.stderr
        assert "copy of briefing.toml and nothing else" in result.stderr

    def test_everything_that_is_missing_is_one_list(
        self, tmp_path: Path
    ) -> None:
        (tmp_path / "briefing.toml").write_text(
            '[newsletter]\nname = "B"\nfrom = "b@example.org"\n', "utf-8"
        )
        result = serve(tmp_path, "--check")
        assert result.returncode == 1
        for words in (
            "'url' under [joining] in briefing.toml is empty",
            "'from' under [joining] in briefing.toml is empty",
            "'keys' under [joining] in briefing.toml is empty",
            "'host' under [smtp] in briefing.toml is empty",
            "BRIEFING_SYNC_KEY_DIGEST",
        ):
            assert words in result.stderr
        assert not (tmp_path / ".briefing").exists()

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            (
                "confirm@example.org",
                "brief@example.org",
                "'from' under [joining] in briefing.toml is the newsletter's own sender",
            ),
            (
                f"https://{HOST}/leave/{{token}}",
                "https://example.org/u/{token}",
                "'url' under [unsubscribe] in briefing.toml doesn't lead to this server",
            ),
            (
                'host = "127.0.0.1"',
                'host = "smtp.example.org"',
                "'security' under [smtp] in briefing.toml can be \"none\" only for a server on",
            ),
            (
                'keys = ["age1',
                'keys = ["age1' + "q" * 58 + '", "age1',
                "isn't a public age key",
            ),
        ],
    )
    def test_settings_that_would_do_harm_are_named(
        self, folder: Path, old: str, new: str, words: str
    ) -> None:
        path = folder / "briefing.toml"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        result = serve(folder, "--check", **DIGEST)
        assert result.returncode == 1
        assert words in result.stderr

    def test_a_digest_that_was_cut_is_named(self, folder: Path) -> None:
        cut = key_digest(KEY)[:-1]
        result = serve(folder, "--check", BRIEFING_SYNC_KEY_DIGEST=cut)
        assert "must have 64 letters and digits" in result.stderr
        assert cut not in result.stderr

    def test_if_nothing_is_missing_that_is_said(self, folder: Path) -> None:
        result = serve(folder, "--check", **DIGEST)
        assert (result.returncode, result.stderr) == (0, "")
        assert "the server can start" in result.stdout

    def test_one_process_serves_a_folder(self, folder: Path) -> None:
        with running(folder):
            result = serve(folder, "--port", "0", **DIGEST)
        assert result.returncode == 75
        assert (
            "another 'briefing subscribers serve' is already running"
            in result.stderr
        )

    def test_a_port_in_use_is_named(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            result = serve(folder, "--port", port, **DIGEST)
        assert result.returncode == 1
        assert f"port {port} of 127.0.0.1 isn't available" in result.stderr

    def test_a_damaged_key_is_named_with_what_that_costs(
        self, folder: Path
    ) -> None:
        (folder / ".briefing").mkdir()
        (folder / ".briefing" / "joining.key").write_bytes(b"short")
        result = serve(folder, "--port", "0", **DIGEST)
        assert "is damaged; delete it" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly(folder: Path, number: signal.Signals) -> None:
    server = start(folder)
    server.post(f"/leave/{TOKEN}")
    server.process.send_signal(number)
    _, errors = server.process.communicate(timeout=SAFETY_NET)
    assert (server.process.returncode, errors) == (0, "")


def test_settings_of_an_earlier_version_never_stop_it(folder: Path) -> None:
    path = folder / "briefing.toml"
    text = path.read_text("utf-8")
    path.write_text(f'{text}mode = "invited"\n', "utf-8")
    result = serve(folder, "--check", **DIGEST)
    assert result.returncode == 0
    assert "'mode' isn't used any more" in result.stderr
    with running(folder) as server:
        assert server.post(f"/leave/{TOKEN}").status == 200
        # It was never meant for everyone.
        page = server.join("amina@example.org").text
        assert "Nobody can subscribe here at the moment." in page


def test_check_online_finds_nothing_wrong_with_it(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = folder / "briefing.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(f"//{HOST}", f"//{HOST}:{port}"), "utf-8")
    with running(folder, "--port", str(port)):
        guard = Guard(lambda *_: ["127.0.0.1"], port)
        asked = ask_at(f"http://{HOST}:{port}/leave/{{token}}", guard)
    answers = NetworkAnswers({}, {}, RECORDS, Path("briefing.toml"), asked)
    assert asked.button.status == 200
    assert list(unsubscribe_page.judge(answers)) == []


def test_while_the_mail_server_is_away_that_is_said_without_names(
    folder: Path, mail_server: MailServer
) -> None:
    mail_server.refuse = lambda _address: "421 4.3.2 going down"
    server = start(folder)
    server.join("canary@example.org")
    line = server.process.stderr.readline()
    server.kill()
    assert "127.0.0.1: isn't accepting email at the moment (421)" in line
    assert "canary" not in line
