"""`briefing check --online` finds nothing wrong with our own server."""

import socket
from pathlib import Path

from briefing.checks.online.answers import NetworkAnswers, SenderRecords
from briefing.checks.online.rules import unsubscribe_page
from briefing.checks.online.unsubscribe_page import ask_at
from briefing.network.fetch_guard import Guard
from tests.joining.conftest import HOST, running

RECORDS = SenderRecords(
    "example.org", "example.org", None, None, None, None, False
)


def test_it_answers_as_it_must(folder: Path) -> None:
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
