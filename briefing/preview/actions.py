"""What the page posts: edits, undo and redo, decisions about kept words, and the text of a file that
can't be read.

The page names parts by their ids, never by paths, and answers are JSON.
"""

from collections.abc import Callable
from dataclasses import asdict

from flask import Flask, abort

from briefing.errors import BriefingError
from briefing.issue.edit_json import from_json
from briefing.issue.edits import Edit, Refusal

from .desk.desk import Desk, EditResult
from .web.changes import Changes
from .web.guard import (
    Body,
    JsonAnswer,
    number_in,
    posted,
    reason,
    text_in,
    texts_in,
)

MOST_EDITS = 100
"""Edits in one request."""


def add_actions(app: Flask, desk: Desk, changes: Changes) -> None:
    """Serve what changes the issue; every request is answered with what is in the file then."""

    def answer(act: Callable[[], EditResult]) -> JsonAnswer:
        try:
            result = act()
        except (BriefingError, OSError) as error:
            return {"saved": False, "why": reason(error)}
        # Other pages of the same issue don't have to wait for the watcher.
        changes.announce()
        return asdict(result)

    @app.post("/edits")
    def edit() -> JsonAnswer:
        body = posted()
        lang = text_in(body, "lang")
        edits = _edits_in(body)
        continues = body.get("continues") is True
        key = text_in(body, "key") if "key" in body else ""
        return answer(
            lambda: desk.edit(lang, edits, continues=continues, key=key)
        )

    @app.post("/undo")
    def undo() -> JsonAnswer:
        lang = text_in(posted(), "lang")
        return answer(lambda: desk.undo(lang))

    @app.post("/redo")
    def redo() -> JsonAnswer:
        lang = text_in(posted(), "lang")
        return answer(lambda: desk.redo(lang))

    @app.post("/resolve")
    def resolve() -> JsonAnswer:
        body = posted()
        lang, part, field = texts_in(body, "lang", "part", "field")
        take = body.get("take")
        kept = number_in(body, "kept")
        if take not in {"mine", "theirs"}:
            abort(400, "'take' must be mine or theirs.")
        return answer(lambda: desk.resolve(lang, part, field, take, kept))

    @app.post("/source")
    def source() -> JsonAnswer:
        body = posted()
        lang, before, text = texts_in(body, "lang", "before", "text")
        kept = number_in(body, "kept")
        return answer(lambda: desk.write_source(lang, before, text, kept))


def _edits_in(body: Body) -> list[Edit]:
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
