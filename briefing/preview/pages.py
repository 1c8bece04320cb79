"""The page of the desk, as it is when it is asked for: list, editor and email."""

from contextlib import suppress

from flask import Flask, Response, render_template, request

from briefing.collecting.documents import size
from briefing.errors import BriefingError, NotFoundError
from briefing.issue.parts import ISSUE
from briefing.languages import own_name
from briefing.photos import pictures
from briefing.storage import files

from .desk.desk import Desk, DeskView
from .doubts import Doubts, still_doubtful
from .mail.pane import MailPane
from .mail.snapshots import RenderProblem, Snapshot, Snapshots, SnapshotView
from .parts.cards import outline
from .parts.editor import open_part, with_conflicts
from .parts.kept_words import cards_of, conflicts_in
from .thumbnails import addresses
from .translating_actions import compare_with_first, languages_to_begin
from .web.access import Access
from .web.changes import Changes
from .web.guard import page_response

_Values = dict[str, object]
"""What a template is given, by name."""

NO_TITLE = "Nothing to show yet"


def add_pages(
    app: Flask,
    desk: Desk,
    snapshots: Snapshots,
    changes: Changes,
    *,
    access: Access,
    doubts: Doubts,
) -> None:
    """Serve the page at /; `lang` chooses the edition, `item` the part that is open, and `source`
    shows the file as text.
    """

    @app.get("/")
    def page() -> Response:
        lang = request.args.get("lang", "")
        # Before the files are read, so that a save in the meantime causes one more update.
        seen = changes.count
        issue = _view(desk, lang)
        try:
            view = snapshots.take(lang, issue.parts if issue else None)
        except (BriefingError, OSError) as error:
            view = SnapshotView(None, (RenderProblem.of(error),))
        return _page(
            access,
            seen=seen,
            is_old=view.snapshot is None,
            problems=view.problems,
            page_token=access.page_token,
            newsletter=view.newsletter,
            **{
                **(_issue_values(issue, doubts) if issue else {}),
                **_mail_values(view, view.snapshot or snapshots.fallback(lang)),
                **(_translation_values(desk, issue) if issue else {}),
            },
        )


def _view(desk: Desk, lang: str) -> DeskView | None:
    """Return an edition, or the first one if there is none in `lang`; None if no file of the issue
    can be found.
    """
    try:
        with suppress(NotFoundError):
            return desk.view(lang)
        return desk.view()
    except (BriefingError, OSError):
        # The email's view says why.
        return None


def bug_page(problem: RenderProblem, access: Access) -> Response:
    """Return a page that shows only a bug in briefing."""
    return _page(access, problems=[problem], is_old=True)


def _mail_values(view: SnapshotView, snapshot: Snapshot | None) -> _Values:
    values: _Values = {
        "languages": view.languages,
        "findings": view.findings,
    }
    if snapshot is None:
        return values
    return {
        **values,
        "snapshot": snapshot,
        "title": snapshot.subject,
        "pane": MailPane(snapshot, request.args),
        "thumbnails": addresses(snapshot),
    }


def _issue_values(view: DeskView, doubts: Doubts) -> _Values:
    values: _Values = {
        "title": view.parts.head.title or NO_TITLE,
        "lang": view.edition.lang,
        "version": view.edition.digest,
        "read_only": view.read_only,
        "can_edit": view.read_only is None,
        "undo": view.undo,
        "redo": view.redo,
        "issue_id": view.edition.id,
        "file_name": view.edition.path.name,
        "mistakes": view.edition.mistakes,
        "kept": cards_of(view.kept, view.parts, view.removed),
        "why": view.why,
        "waiting": len(view.unsaved),
    }
    if view.edition.mistakes or "source" in request.args:
        return {**values, "source": view.source, "is_text": _is_decodable(view)}
    part = open_part(view.parts, request.args.get("item", ISSUE))
    part = with_conflicts(part, conflicts_in(view.kept, part.part))
    return {
        **values,
        "doubts": still_doubtful(doubts.of(view.edition.lang), view.parts),
        "outline": outline(view.parts),
        "editor": part,
        "opened": part.part,
    }


def _translation_values(desk: Desk, view: DeskView) -> _Values:
    """Return what the page says about other editions, and about this one beside the first."""
    values: _Values = {
        "to_begin": {lang: own_name(lang) for lang in languages_to_begin(desk)},
        "progress": {},
        "missing": (),
        "originals": {},
        # The inbox's items go into the first edition.
        "has_inbox": True,
    }
    comparison = compare_with_first(desk, view.edition.lang, view.parts)
    if comparison is None:
        return values
    part = request.args.get("item", ISSUE)
    return {
        **values,
        "progress": comparison.progress,
        "missing": comparison.missing,
        "has_inbox": False,
        "first_lang": desk.newsletter().first_language,
        "originals": comparison.original_values(part),
    }


def _is_decodable(view: DeskView) -> bool:
    """Whether the file can be shown as text, and so be edited as text."""
    return bool(view.source) or view.edition.digest == files.digest(b"")


def _page(access: Access, **values: object) -> Response:
    defaults = {
        "title": NO_TITLE,
        "newsletter": "Preview",
        "languages": {},
        "thumbnails": {},
        "lang": "",
        "seen": 0,
        "largest_file": size.MOST_BYTES,
        "largest_photo": pictures.MOST_BYTES,
    }
    page = render_template("page.html", **{**defaults, **values})
    return page_response(page, access)
