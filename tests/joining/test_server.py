"""The server starts only where it can do no harm, says all that is missing, and ends cleanly."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from briefing.joining.protocol import key_digest
from tests.joining.conftest import (
    HOST,
    KEY,
    SAFETY_NET,
    TOKEN,
    MailServer,
    running,
    start,
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


def test_it_listens_at_a_socket_in_the_file_system(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "join.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "briefing",
            "-C",
            folder,
            "subscribers",
            "serve",
            "--unix-socket",
            path,
        ],
        stdout=subprocess.PIPE,
        env=os.environ | DIGEST | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    assert b"join.sock" in process.stdout.readline()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(
            f"GET /join HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode()
        )
        assert connection.recv(100).startswith(b"HTTP/1.0 200 OK")
    process.terminate()
    process.communicate(timeout=SAFETY_NET)


def test_a_file_at_the_sockets_place_stays(
    folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine", "utf-8")
    result = serve(folder, "--unix-socket", str(path), **DIGEST)
    assert result.returncode == 1
    assert path.read_text("utf-8") == "mine"


ASK = """
import sys
from wsgiref.util import setup_testing_defaults
from briefing.joining import app
environ = {"PATH_INFO": sys.argv[1], "HTTP_HOST": "join.example.org"}
setup_testing_defaults(environ)
print("".join(part.decode() for part in app(environ, lambda *answer: print(answer[0]))))
"""


def test_any_wsgi_server_can_run_it(folder: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", ASK, "/join"],
        capture_output=True,
        text=True,
        env=os.environ | DIGEST | {"BRIEFING_FOLDER": str(folder)},
        timeout=SAFETY_NET,
        check=False,
    )
    assert result.stdout.startswith("200 OK")
    assert "Subscribe to Weekly Brief" in result.stdout
    assert result.stderr == ""


def test_without_its_settings_any_wsgi_server_says_what_is_missing(
    folder: Path,
) -> None:
    (folder / "subscribers.csv").write_text("email\n", "utf-8")
    result = subprocess.run(
        [sys.executable, "-c", ASK, f"/leave/{TOKEN}"],
        capture_output=True,
        text=True,
        env=os.environ | DIGEST | {"BRIEFING_FOLDER": str(folder)},
        timeout=SAFETY_NET,
        check=False,
    )
    assert result.stdout.startswith("503 Service Unavailable")
    assert "subscribers.csv must not be on the server" in result.stderr
    assert TOKEN not in result.stderr


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
