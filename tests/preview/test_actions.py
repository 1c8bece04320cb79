"""What the page may post, and what it is answered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from briefing.newsletter import Newsletter
from briefing.preview.app import create
from briefing.preview.desk.desk import Desk
from briefing.preview.mail.snapshots import Snapshots
from briefing.preview.web.access import Access
from briefing.preview.web.changes import Changes
from tests.preview.conftest import HOME, ISSUE, ORIGIN

Post = Callable[[str, Any], tuple[int, Any]]


def poster_of(app: Flask, access: Access) -> Post:
    client = app.test_client()
    client.get(f"/?token={access.token}", base_url=HOME)

    def post(path: str, body: object) -> tuple[int, Any]:
        response = client.post(
            path,
            data=json.dumps(body),
            base_url=HOME,
            headers={
                "Content-Type": "application/json",
                "Origin": ORIGIN,
                "Sec-Fetch-Site": "same-origin",
                "X-Briefing-Token": access.page_token,
            },
        )
        return response.status_code, response.json or response.text

    return post


@pytest.fixture
def post(app: Flask, access: Access) -> Post:
    """Post as the page does; return the status and the answer."""
    return poster_of(app, access)


def setting(part: str, field: str, before: str, after: str) -> dict[str, Any]:
    edit = {
        "do": "set-field",
        "part": part,
        "field": field,
        "before": before,
        "after": after,
    }
    return {"lang": "en", "edits": [edit]}


def test_an_edit_is_answered_with_what_is_stored(
    post: Post, issue: Path, changes: Changes
) -> None:
    body = setting("i1", "source", "BBC", " Harbour Post ")
    status, answer = post("/edits", body)
    assert status == 200
    assert answer["saved"]
    assert answer["stored"] == {"i1": {"source": "Harbour Post"}}
    assert "source: Harbour Post\n" in issue.read_text("utf-8")
    # Other pages hear of it.
    assert changes.count == 1


def test_undo_and_redo_take_back_and_do_again(post: Post, issue: Path) -> None:
    post("/edits", setting("i1", "source", "BBC", "CNN"))
    assert post("/undo", {"lang": "en"})[1]["saved"]
    assert issue.read_text("utf-8") == ISSUE
    post("/redo", {"lang": "en"})
    assert "source: CNN" in issue.read_text("utf-8")


def test_another_edition_is_edited_by_its_language(
    post: Post, folder: Path
) -> None:
    body = setting("i1", "source", "", "BBC") | {"lang": "ug"}
    assert post("/edits", body)[1]["saved"]
    assert "source: BBC" in (folder / "issue.ug.md").read_text("utf-8")


def test_a_refused_value_says_why(post: Post, issue: Path) -> None:
    _, answer = post("/edits", setting("i1", "date", "2020-10-08", "Friday"))
    (refusal,) = answer["refused"]
    assert (refusal["part"], refusal["field"]) == ("i1", "date")
    assert "Friday" in refusal["why"]
    assert issue.read_text("utf-8") == ISSUE


def test_a_conflict_has_both_texts_and_either_can_be_taken(
    post: Post, issue: Path
) -> None:
    _, answer = post("/edits", setting("i1", "source", "Reuters", "CNN"))
    (conflict,) = answer["conflicts"]
    assert (conflict["theirs"], conflict["mine"]) == ("BBC", "CNN")
    assert issue.read_text("utf-8") == ISSUE
    decision = {"lang": "en", "part": "i1", "field": "source", "take": "mine"}
    assert post("/resolve", decision)[1]["saved"]
    assert "source: CNN" in issue.read_text("utf-8")


@pytest.mark.parametrize("part", ["i99", "s99", "", "../../x", "\0", "i1 "])
def test_an_unknown_part_changes_nothing(
    post: Post, issue: Path, part: str
) -> None:
    status, answer = post("/edits", setting(part, "source", "", "CNN"))
    assert status == 200
    assert answer["conflicts"] or answer["refused"]
    assert issue.read_text("utf-8") == ISSUE


@pytest.mark.parametrize("lang", ["de", "", "../en", "../../x", "\0", "en/.."])
@pytest.mark.parametrize("path", ["/edits", "/undo", "/redo", "/source"])
def test_an_unknown_edition_changes_no_file(
    post: Post, newsletter: Newsletter, lang: str, path: str
) -> None:
    def files() -> dict[Path, bytes]:
        found = newsletter.issues.rglob("*")
        return {file: file.read_bytes() for file in found if file.is_file()}

    before = files()
    body = setting("i1", "source", "no", "CNN") | {
        "lang": lang,
        "before": "",
        "text": "",
    }
    status, answer = post(path, body)
    assert status == 200
    assert answer["saved"] is (lang == "" and path != "/source")
    assert files() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *(("/edits", {}), ("/edits", {"lang": "en"})),
        ("/edits", {"lang": 1, "edits": []}),
        ("/edits", {"lang": "en", "edits": []}),
        ("/edits", {"lang": "en", "edits": {}}),
        ("/edits", {"lang": "en", "edits": ["x"]}),
        ("/edits", {"lang": "en", "edits": [{"do": "format-disk"}]}),
        ("/edits", {"lang": "en", "edits": [{"do": "set-field"}]}),
        ("/edits", setting("i1", "source", "", "") | {"key": 1}),
        ("/edits", setting("i1", "source", "", "") | {"edits": [{}] * 101}),
        *(("/undo", {}), ("/undo", {"lang": None}), ("/redo", {})),
        *(("/source", {}), ("/source", {"lang": "en", "text": "x"})),
        ("/source", {"lang": "en", "before": "x", "text": 1}),
        ("/resolve", {"lang": "en", "part": "i1", "field": "source"}),
        (
            "/resolve",
            {"lang": "en", "part": "i1", "field": "source", "take": "both"},
        ),
        (
            "/resolve",
            {
                "lang": "en",
                "part": "i1",
                "field": "source",
                "take": "mine",
                "kept": True,
            },
        ),
    ],
)
def test_a_request_of_another_form_is_refused(
    post: Post, issue: Path, path: str, body: object
) -> None:
    status, answer = post(path, body)
    assert status == 400
    assert isinstance(answer, str)
    assert issue.read_text("utf-8") == ISSUE


def test_a_file_with_mistakes_is_replaced_only_as_it_was_shown(
    post: Post, issue: Path
) -> None:
    broken = ISSUE.replace("source: BBC", "sourc: BBC")
    issue.write_text(broken, "utf-8")
    stale = {"lang": "en", "before": "0" * 64, "text": "# Mine\n"}
    status, answer = post("/source", stale)
    assert (status, answer["saved"]) == (200, False)
    assert issue.read_text("utf-8") == broken
    now = {"lang": "en", "before": answer["version"], "text": ISSUE}
    assert post("/source", now)[1]["saved"]
    assert issue.read_text("utf-8") == ISSUE


def test_a_preview_that_is_read_only_writes_nothing(
    newsletter: Newsletter, folder: Path, access: Access, issue: Path
) -> None:
    desk = Desk(newsletter, folder, is_read_only=True)
    app = create(
        desk,
        Snapshots(newsletter, folder),
        Changes(),
        access,
        print,
    )
    post = poster_of(app, access)
    _, answer = post("/edits", setting("i1", "source", "BBC", "CNN"))
    assert not answer["saved"]
    assert "--read-only" in answer["why"]
    assert not post("/undo", {"lang": "en"})[1]["saved"]
    assert issue.read_text("utf-8") == ISSUE
    assert not newsletter.state.exists()
    desk.close()
