"""What the page posts to translate: editions that are begun, items that are added to them, and
translations that are up to date.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask

from briefing.errors import BriefingError, RefusedError
from briefing.issue import store, translation
from briefing.issue.edits import Edit
from briefing.issue.parts import Parts
from briefing.preview import translating
from briefing.preview.changes import Changes
from briefing.preview.desk import Desk
from briefing.preview.guard import posted, refuse, text_in
from briefing.preview.translating import Comparison


def add_translating_actions(app: Flask, desk: Desk, changes: Changes) -> None:
    """Serve what is done to an edition in another language than the first."""

    def edit(
        lang: str, find: Callable[[Comparison, Parts], list[Edit]]
    ) -> dict[str, Any]:
        try:
            view = desk.view(lang)
            comparison = compare_with_first(desk, lang, view.parts)
            edits = find(comparison, view.parts) if comparison else []
            if not edits:
                raise RefusedError("this was changed meanwhile")
            result = desk.edit(lang, edits, waits=False)
            if not result.saved:
                raise RefusedError(result.why)
        except (BriefingError, OSError) as error:
            refuse(error)
        changes.announce()
        return {}

    @app.post("/editions")
    def begin() -> dict[str, Any]:
        lang = text_in(posted(), "lang")
        try:
            if desk.view().read_only:
                raise RefusedError("this issue can't be changed any more")
            translation.prepare(desk.newsletter(), desk.folder.name, lang)
        except (BriefingError, OSError) as error:
            refuse(error)
        changes.announce()
        return {}

    @app.post("/translations/add")
    def add() -> dict[str, Any]:
        body = posted()
        lang, wanted = text_in(body, "lang"), text_in(body, "item")
        return edit(
            lang,
            lambda comparison, _parts: translating.add_missing(
                comparison, wanted, lang
            ),
        )

    @app.post("/translations/current")
    def mark_current() -> dict[str, Any]:
        body = posted()
        lang, part = text_in(body, "lang"), text_in(body, "item")
        return edit(
            lang,
            lambda comparison, parts: translating.mark_current(
                comparison, parts, part
            ),
        )


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
    return translating.compare(first.issue, parts)


def languages_to_begin(desk: Desk) -> list[str]:
    """Return the newsletter's languages in which the issue has no edition yet."""
    newsletter = desk.newsletter()
    return [
        lang
        for lang in newsletter.settings.newsletter.languages[1:]
        if not store.edition_path(newsletter, desk.folder.name, lang).exists()
    ]
