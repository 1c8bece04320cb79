"""A bug is shown without its details, and never in a debugger (E6)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from briefing.errors import RefusedError
from briefing.issue.parts import Parts
from briefing.newsletter import Newsletter
from briefing.preview.app import create
from briefing.preview.desk.desk import Desk
from briefing.preview.mail.snapshots import Snapshots, SnapshotView
from briefing.preview.web.access import Access
from briefing.preview.web.changes import Changes
from tests.preview.conftest import HOME, KEY, PORT


def broken_app(
    newsletter: Newsletter,
    folder: Path,
    desk: Desk,
    report: Callable[[str], None],
) -> tuple[Flask, Access]:
    """Return an app with a bug, and who may look at it."""
    access = Access(PORT, KEY)
    broken = _Broken(newsletter, folder)
    app = create(desk, broken, Changes(), access, report)
    return app, access


def answer(app: Flask, access: Access, path: str = "/") -> TestResponse:
    """Return what the editor's browser is answered."""
    client = app.test_client()
    client.get(f"/?token={access.token}", base_url=HOME)
    return client.get(path, base_url=HOME)


def test_flask_debug_in_the_environment_changes_nothing(
    newsletter: Newsletter,
    folder: Path,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app, access = broken_app(newsletter, folder, desk, print)
    assert not app.debug
    response = answer(app, access)
    assert response.status_code == 500
    assert "Traceback" not in response.text


def test_a_bug_is_a_panel_and_one_line_in_the_terminal(
    newsletter: Newsletter, folder: Path, desk: Desk
) -> None:
    reports: list[str] = []
    response = answer(*broken_app(newsletter, folder, desk, reports.append))
    assert "a bug in briefing (KeyError, test_app.py line" in response.text
    assert "reader@" not in response.text
    assert len(reports) == 1
    assert "\n" not in reports[0]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RefusedError("not now; try later"), "not now; try later\n"),
        (
            OSError(28, "No space left on device", "/secret/issue.md"),
            "the disk is full\n",
        ),
    ],
)
def test_what_cannot_be_done_now_is_one_line_and_no_bug(
    app: Flask,
    access: Access,
    reports: list[str],
    error: Exception,
    line: str,
) -> None:
    @app.get("/test")
    def fail() -> str:
        raise error

    response = answer(app, access, "/test")
    assert (response.status_code, response.text) == (409, line)
    assert reports == []


class _Broken(Snapshots):
    def take(self, lang: str, known: Parts | None = None) -> SnapshotView:
        raise KeyError("reader@example.org", lang)
