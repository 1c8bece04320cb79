"""The first page: the newsletter's issues, and a form that begins one. It also serves the page's
files, for all issues.
"""

import datetime as dt
from pathlib import Path

from flask import Flask, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from briefing import clock
from briefing.errors import RefusedError
from briefing.newsletter import Newsletter

from . import issue_list
from .bare_app import ReportLine, bare_app
from .web.access import Access
from .web.guard import JsonAnswer, page_response, posted, texts_in


def create_front(
    root: Path,
    access: Access,
    report: ReportLine,
    *,
    first: str,
    is_read_only: bool,
) -> Flask:
    """Create the app of the first page. `first` is the issue that / leads to; "": the newest one.

    `report` is called with a line for the terminal if there is a bug in briefing.
    """
    app = bare_app(access, report)

    @app.get("/")
    def start() -> AnyResponse:
        issue = first or issue_list.newest(Newsletter(root))
        page = f"{issue}/" if issue else "issues"
        return redirect(f"{access.home}{page}", 303)

    @app.get("/issues")
    def issues() -> Response:
        here = Newsletter(root)
        page = render_template(
            "front.html",
            page_token=access.page_token,
            newsletter=here.settings.newsletter.name,
            issues=issue_list.list_issues(here),
            today=clock.today().isoformat(),
            can_edit=not is_read_only,
            corrects=request.args.get("corrects", ""),
        )
        return page_response(page, access)

    @app.post("/issues")
    def begin() -> JsonAnswer:
        """Begin an issue; without a date, it is today's."""
        date, slug, corrects = texts_in(posted(), "date", "slug", "corrects")
        if is_read_only:
            raise RefusedError(
                "this preview was started with --read-only, so nothing can be changed here"
            )
        try:
            day = dt.date.fromisoformat(date) if date else clock.today()
        except ValueError:
            raise RefusedError("choose a date") from None
        name = issue_list.begin(Newsletter(root), day, slug, corrects)
        return {"issue": name}

    return app
