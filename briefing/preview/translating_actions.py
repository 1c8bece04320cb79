"""What the page posts to translate: editions that are begun, items that are added to them, and
translations that are up to date.
"""

from collections.abc import Callable

from flask import Flask

from briefing.errors import BriefingError, RefusedError
from briefing.issue import store, translation
from briefing.issue.edits import Edit
from briefing.issue.parts import Parts

from . import translating
from .desk.desk import Desk
from .translating import Comparison
from .web.changes import Changes
from .web.guard import JsonAnswer, posted, text_in, texts_in

FindEdits = Callable[[Comparison, Parts, str], list[Edit]]
"""Called with an edition and the id of an item of it, or of a missing one; returns what to do."""


def add_translating_actions(app: Flask, desk: Desk, changes: Changes) -> None:
    """Serve what is done to an edition in another language than the first."""

    def edit(find: FindEdits) -> JsonAnswer:
        lang, item = texts_in(posted(), "lang", "item")
        parts = desk.view(lang).parts
        comparison = compare_with_first(desk, lang, parts)
        edits = find(comparison, parts, item) if comparison else []
        if not edits:
            raise RefusedError(
                "this was changed in the meantime; look at it and try again"
            )
        desk.edit_now(lang, edits)
        changes.announce()
        return {}

    @app.post("/editions")
    def begin() -> JsonAnswer:
        lang = text_in(posted(), "lang")
        read_only = desk.view().read_only
        if read_only:
            raise RefusedError(read_only.message)
        translation.prepare(desk.newsletter(), desk.folder.name, lang)
        changes.announce()
        return {}

    @app.post("/translations/add")
    def add() -> JsonAnswer:
        return edit(translating.add_missing)

    @app.post("/translations/current")
    def mark_current() -> JsonAnswer:
        return edit(translating.mark_current)


def compare_with_first(
    desk: Desk, lang: str, parts: Parts
) -> Comparison | None:
    """Compare an edition with the first one; None for the first one itself, or if that can't be read
    now.
    """
    newsletter = desk.newsletter()
    if lang == newsletter.first_language:
        return None
    try:
        first = store.first_edition(newsletter, desk.folder.name)
    except BriefingError:
        return None
    return translating.compare(first.issue, parts, lang)


def languages_to_begin(desk: Desk) -> list[str]:
    """Return the newsletter's languages in which the issue has no edition yet; none for the inbox."""
    if store.date_of(desk.folder.name) is None:
        return []
    newsletter = desk.newsletter()
    return [
        lang
        for lang in newsletter.further_languages
        if not store.edition_path(newsletter, desk.folder.name, lang).exists()
    ]
