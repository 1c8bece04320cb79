"""What the page posts: edits, undo and redo, decisions about kept words, and the text of a file that
can't be read.

The page names parts by their ids, never by paths, and answers are JSON.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import Flask, abort

from briefing.errors import BriefingError
from briefing.issue.edit_json import from_json
from briefing.issue.edits import Edit, Refusal
from briefing.preview.changes import Changes
from briefing.preview.desk import Desk, EditResult
from briefing.preview.guard import posted

MOST_EDITS = 100
"""Edits in one request."""

Answer = dict[str, Any]


def add_actions(app: Flask, desk: Desk, changes: Changes) -> None:
    """Serve what changes the issue; every request is answered with what is in the file then."""

    def done(act: Callable[[], EditResult]) -> Answer:
        try:
            result = act()
        except (BriefingError, OSError) as error:
            return {"saved": False, "why": str(error)}
        # Other pages of the same issue needn't wait for the watcher.
        changes.announce()
        return _answer(result)

    @app.post("/edits")
    def edit() -> Answer:
        body = posted()
        lang, edits = _text(body, "lang"), _edits(body)
        continues = body.get("continues") is True
        key = _text(body, "key") if "key" in body else ""
        return done(
            lambda: desk.edit(lang, edits, continues=continues, key=key)
        )

    @app.post("/undo")
    def undo() -> Answer:
        lang = _text(posted(), "lang")
        return done(lambda: desk.undo(lang))

    @app.post("/redo")
    def redo() -> Answer:
        lang = _text(posted(), "lang")
        return done(lambda: desk.redo(lang))

    @app.post("/resolve")
    def resolve() -> Answer:
        body = posted()
        lang, part, field = (
            _text(body, name) for name in ("lang", "part", "field")
        )
        take, kept = body.get("take"), body.get("kept", 0)
        if take not in {"mine", "theirs"}:
            abort(400, "'take' must be mine or theirs.")
        if type(kept) is not int:
            abort(400, "'kept' must be a number.")
        return done(lambda: desk.resolve(lang, part, field, take, kept))

    @app.post("/source")
    def source() -> Answer:
        body = posted()
        lang, before, text = (
            _text(body, name) for name in ("lang", "before", "text")
        )
        return done(lambda: desk.write_source(lang, before, text))


def _answer(result: EditResult) -> Answer:
    return asdict(result)


def _text(body: Answer, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        abort(400, f"'{name}' must be a text.")
    return value


def _edits(body: Answer) -> list[Edit]:
    values = body.get("edits")
    if not isinstance(values, list) or not 0 < len(values) <= MOST_EDITS:
        abort(400, f"'edits' must be a list of 1 to {MOST_EDITS} edits.")
    edits: list[Edit] = []
    for value in values:
        edit = from_json(value)
        if isinstance(edit, Refusal):
            abort(400, f"{edit.why}.")
        edits.append(edit)
    return edits
