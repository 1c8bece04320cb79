"""briefing preview: it starts, prints its address, and stops on Ctrl-C."""

import http.client
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.processes import begin, finish
from tests.forked import Forked
from tests.preview.conftest import SAFETY_NET


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A newsletter with one issue, and its parent for a working folder."""
    issue = tmp_path / "weekly" / "issues" / "2020-10-09" / "issue.md"
    issue.parent.mkdir(parents=True)
    issue.write_text(
        "# Weekly Brief, 9 October 2020\n\n### A ruling\n\nThe court has ruled.\n",
        "utf-8",
    )
    settings = '[newsletter]\nname = "Weekly Brief"\nfrom = "Brief <brief@example.org>"\n'
    (tmp_path / "weekly" / "briefing.toml").write_text(settings, "utf-8")
    return tmp_path / "weekly"


@contextmanager
def previewing(
    folder: Path, *arguments: str, **environment: str
) -> Iterator[tuple[Forked, str, int]]:
    """Run the program; yield it, and the token and port that it printed."""
    process = begin(folder, "preview", *arguments, **environment)
    try:
        lines = process.stdout.readline() + process.stdout.readline()
        assert "Press Ctrl-C to stop" in lines
        assert ("saved within two seconds" in lines) != (
            "--read-only" in arguments
        )
        found = re.search(
            r"Preview of 2020-10-09: http://127\.0\.0\.1:(\d+)/\?token=(\S+)\n",
            lines,
        )
        assert found
        yield process, found[2], int(found[1])
    finally:
        process.kill()
        process.communicate(SAFETY_NET)


def get(port: int, path: str, cookie: str = "") -> tuple[int, Message, str]:
    """Return the status, headers and text of a page."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=SAFETY_NET
    )
    try:
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        return response.status, response.headers, response.read().decode()
    finally:
        connection.close()


class Admitted:
    """A browser that has used the token."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        status, headers, _ = get(port, f"/?token={token}")
        assert status == 303
        self.home = headers["Location"]
        self.page = f"{self.home}2020-10-09/"
        self.cookie = headers["Set-Cookie"].partition(";")[0]

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and text of a page."""
        status, _, text = get(self._port, path, self.cookie)
        return status, text


def interrupted(process: Forked) -> tuple[int | None, str, str]:
    """Press Ctrl-C; return the exit code and the rest of the output."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SAFETY_NET)
    return process.returncode, out, err


def test_the_printed_address_opens_the_page_and_ctrl_c_stops_it_quietly(
    folder: Path,
) -> None:
    with previewing(folder) as (process, token, port):
        assert get(port, "/")[0] == 403
        editor = Admitted(port, token)
        assert "The court has ruled." in editor.get(editor.page)[1]
        assert interrupted(process) == (0, "", "")


def test_a_page_that_is_read_only_isnt_said_to_save_anything(
    folder: Path,
) -> None:
    with previewing(folder, "--read-only") as (_, token, port):
        editor = Admitted(port, token)
        assert "--read-only" in editor.get(editor.page)[1]


def test_ctrl_c_stops_it_while_a_page_waits_for_changes(folder: Path) -> None:
    with previewing(folder, "--no-open") as (process, token, port):
        editor = Admitted(port, token)
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=SAFETY_NET)
        changes = f"{editor.page}changes?seen=0"
        page.request("GET", changes, headers={"Cookie": editor.cookie})
        stream = page.getresponse()
        assert stream.status == 200
        assert interrupted(process) == (0, "", "")
        page.close()
        stream.close()


def test_there_is_no_debugger_whatever_the_environment_says(
    folder: Path,
) -> None:
    with previewing(folder, FLASK_DEBUG="1", FLASK_ENV="development") as (
        process,
        token,
        port,
    ):
        editor = Admitted(port, token)
        assert editor.get(f"{editor.home}console/")[0] == 404
        (folder / "issues" / "2020-10-09" / "issue.md").write_bytes(b"\xff")
        _, page = editor.get(
            f"{editor.page}?__debugger__=yes&cmd=resource&f=debugger.js"
        )
        assert "is not UTF-8" in page
        assert "Traceback" not in page
        assert "werkzeug" not in page.lower()
        assert interrupted(process) == (0, "", "")


def test_an_issue_with_an_error_can_be_previewed(folder: Path) -> None:
    (folder / "issues" / "2020-10-09" / "issue.md").write_text(
        "no title\n", "utf-8"
    )
    with previewing(folder) as (process, token, port):
        editor = Admitted(port, token)
        assert "an issue begins with its title" in editor.get(editor.page)[1]
        assert interrupted(process)[0] == 0


def test_a_port_in_use_is_one_line(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupied:
        port = occupied.getsockname()[1]
        result = finish(folder, "preview", "--port", str(port))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"briefing: port {port} isn't available (")
    assert result.stderr.count("\n") == 1


def test_a_missing_issue_is_one_line(folder: Path, run: Run) -> None:
    result = run("-C", str(folder), "preview", "2021-01-01")
    assert result.exit_code == 1
    assert (
        "there is no issue '2021-01-01'; the newest: 2020-10-09"
        in result.output
    )
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_an_impossible_port_is_a_usage_error(
    folder: Path, run: Run, port: str
) -> None:
    assert run("-C", str(folder), "preview", "--port", port).exit_code == 2
