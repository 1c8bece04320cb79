"""The web app of the preview: its routes together with their guard, and what is shown if there is a
bug.
"""

from collections.abc import Callable

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from briefing.errors import BriefingError
from briefing.preview.access import Access
from briefing.preview.actions import add_actions
from briefing.preview.adding_actions import add_adding_actions
from briefing.preview.changes import Changes
from briefing.preview.desk import Desk
from briefing.preview.doubts import Doubts
from briefing.preview.guard import guard, reason
from briefing.preview.inbox_actions import add_inbox_actions
from briefing.preview.mail_views import add_mail_views
from briefing.preview.page_files import FOLDER, add_page_files
from briefing.preview.pages import add_pages, bug_page
from briefing.preview.sharing import add_sharing
from briefing.preview.snapshots import RenderProblem, Snapshots
from briefing.preview.stream import add_stream
from briefing.preview.thumbnails import add_thumbnails
from briefing.preview.translating_actions import add_translating_actions


def create(
    desk: Desk,
    snapshots: Snapshots,
    changes: Changes,
    access: Access,
    *,
    port: int,
    report: Callable[[str], None],
) -> Flask:
    """Create the app for one issue, to be served on a port of 127.0.0.1.

    `report` is called with a line for the terminal if there is a bug in briefing.
    """
    app = bare_app(access, port=port, report=report)
    doubts = Doubts()
    add_pages(app, desk, snapshots, changes, access=access, doubts=doubts)
    add_actions(app, desk, changes)
    add_adding_actions(app, desk, doubts, changes)
    add_inbox_actions(app, desk, changes)
    add_translating_actions(app, desk, changes)
    add_sharing(app, desk)
    add_mail_views(app, snapshots)
    add_thumbnails(app, snapshots)
    add_stream(app, changes)
    return app


def bare_app(
    access: Access, *, port: int, report: Callable[[str], None]
) -> Flask:
    """Create an app with the guard, the page's files and the pages of errors, but no page yet."""
    app = Flask(__name__, static_folder=None, template_folder=str(FOLDER))
    # FLASK_DEBUG would make it true.
    app.debug = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    guard(app, access, port)
    add_page_files(app)
    _add_error_pages(app, report)
    return app


def _add_error_pages(app: Flask, report: Callable[[str], None]) -> None:
    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[Response, int]:
        problem = RenderProblem.of_bug(error)
        report(problem.message)
        return bug_page(problem), 500

    @app.errorhandler(BriefingError)
    @app.errorhandler(OSError)
    def not_now(error: BriefingError | OSError) -> tuple[str, int]:
        return f"{reason(error)}\n", 409

    @app.errorhandler(HTTPException)
    def refusal(error: HTTPException) -> Response:
        return Response(
            f"{error.description}\n",
            status=error.code,
            mimetype="text/plain",
        )
