"""A web app with the guard, the page's files and the pages of errors: what the first page and each
issue begin with. It is imported quickly, so that the server listens before the rest is there.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, NotFound

from briefing.errors import BriefingError
from briefing.rendering.compiled_templates import CompiledTemplates

from .page_files import FOLDER, add_page_files
from .web.access import Access
from .web.guard import guard, origin, reason

ReportLine = Callable[[str], None]
"""Called with a line for the terminal."""

_RECIPE = sha256(Path(__file__).read_bytes()).hexdigest()
"""Changes with this file, which decides how templates are compiled."""


def bare_app(access: Access, report: ReportLine) -> Flask:
    """Create an app with the guard, the page's files and the pages of errors, but no page yet."""
    app = Flask(__name__, static_folder=None, template_folder=str(FOLDER))
    # FLASK_DEBUG would make it true.
    app.debug = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = CompiledTemplates("", FOLDER, _RECIPE)
    guard(app, access)
    app.jinja_env.globals["home"] = access.home
    add_page_files(app, access.home)
    _add_error_pages(app, access, report)
    return app


def _add_error_pages(app: Flask, access: Access, report: ReportLine) -> None:
    @app.errorhandler(Exception)
    def bug(error: Exception) -> tuple[Response, int]:
        # All that the page of an issue needs, which the first page does without.
        from .mail.snapshots import RenderProblem  # noqa: PLC0415
        from .pages import bug_page  # noqa: PLC0415

        problem = RenderProblem.of_bug(error)
        report(problem.message)
        return bug_page(problem, access), 500

    @app.errorhandler(BriefingError)
    @app.errorhandler(OSError)
    def not_now(error: BriefingError | OSError) -> tuple[str, int]:
        return f"{reason(error)}\n", 409

    @app.errorhandler(NotFound)
    def missing(_error: NotFound) -> Response:
        words = f"There is no such page. The list of all issues is at {origin()}{access.home}issues\n"
        return Response(words, status=404, mimetype="text/plain")

    @app.errorhandler(HTTPException)
    def refusal(error: HTTPException) -> Response:
        return Response(
            f"{error.description}\n",
            status=error.code,
            mimetype="text/plain",
        )
