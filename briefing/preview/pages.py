"""The page of the desk, as it is when it is asked for: list, editor and mail."""

from flask import Flask, Response, render_template, request

from briefing.errors import BriefingError
from briefing.issue.parts import ISSUE
from briefing.preview.access import Access
from briefing.preview.cards import outline
from briefing.preview.changes import Changes
from briefing.preview.editor import opened
from briefing.preview.guard import PAGE_POLICY, origin
from briefing.preview.mail_pane import MailPane
from briefing.preview.snapshots import (
    RenderProblem,
    Snapshot,
    Snapshots,
    View,
)


def add_pages(
    app: Flask, snapshots: Snapshots, changes: Changes, access: Access
) -> None:
    """Serve the page at /; `lang` chooses the edition, `item` the part that is open."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.get("/")
    def page() -> Response:
        lang = request.args.get("lang", "")
        # Before the files are read, so that a save meanwhile causes one more update.
        seen = changes.count
        try:
            view = snapshots.take(lang)
        except (BriefingError, OSError) as error:
            view = View(None, (RenderProblem.of(error),))
        return _page(
            seen=seen,
            is_old=view.snapshot is None,
            problems=view.problems,
            page_token=access.page_token,
            newsletter=view.newsletter,
            **_mail_values(view, view.snapshot or snapshots.fallback(lang)),
            **_issue_values(view),
        )


def bug_page(problem: RenderProblem) -> Response:
    """Return a page that shows only a bug in briefing."""
    return _page(problems=[problem], is_old=True)


def _mail_values(view: View, snapshot: Snapshot | None) -> dict[str, object]:
    values: dict[str, object] = {
        "languages": view.languages,
        "findings": view.findings,
        "is_checking": view.is_checking,
    }
    if snapshot is None:
        return values
    return {
        **values,
        "snapshot": snapshot,
        "title": snapshot.subject,
        "pane": MailPane(snapshot, request.args),
    }


def _issue_values(view: View) -> dict[str, object]:
    edition = view.edition
    if edition is None or view.parts is None:
        return {}
    values: dict[str, object] = {
        "lang": edition.lang,
        "version": edition.digest,
    }
    if edition.mistakes:
        return values
    parts = view.parts
    part = opened(parts, request.args.get("item", ISSUE))
    return {
        **values,
        "outline": outline(parts),
        "editor": part,
        "opened": part.part,
    }


def _page(**values: object) -> Response:
    defaults = {
        "title": "Nothing to show yet",
        "newsletter": "Preview",
        "languages": {},
        "lang": "",
        "seen": 0,
    }
    page = render_template("page.html", **{**defaults, **values})
    policy = PAGE_POLICY.format(origin=origin())
    return Response(page, headers={"Content-Security-Policy": policy})
