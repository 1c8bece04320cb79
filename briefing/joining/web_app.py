"""The web app: its pages and its API together with their guard."""

from flask import Flask, redirect
from werkzeug.wrappers import Response as AnyResponse

from .changing import add_changing
from .confirming import add_confirming
from .finding import add_finding
from .guard import guard
from .leaving import add_leaving
from .pages import FOLDER, add_pages, style_sheet
from .service import Service
from .subscribing import add_subscribing
from .sync_api import add_sync_api
from .undoing import add_undoing


def create(service: Service) -> Flask:
    """Create the app for a service."""
    app = Flask(__name__, static_folder=None, template_folder=str(FOLDER))
    # Flask would escape only in templates whose names end in .html.
    app.jinja_options = {
        "autoescape": True,
        "extensions": [],
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    # FLASK_DEBUG would make it true.
    app.debug = False
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.merge_slashes = False
    style = style_sheet(service.settings.look)
    add_pages(app, service, style)
    guard(app, service, style)

    @app.get("/")
    def start() -> AnyResponse:
        return redirect("/join", 302)

    add_leaving(app, service)
    add_changing(app, service)
    add_undoing(app, service)
    add_finding(app, service)
    add_subscribing(app, service)
    add_confirming(app, service)
    add_sync_api(app, service)
    return app
