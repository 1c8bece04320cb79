"""The pages: small, without script or picture, in the reader's language."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, g, render_template, request
from werkzeug.datastructures import MultiDict

from briefing.configuration.settings import LookSettings
from briefing.languages import Language, own_name
from briefing.subscribers.suppression import TOKEN

from .service import Service

FOLDER = Path(__file__).parent / "pages"
MOST_POSTED = 300
_TRAP = "website"
_STATUSES = {"busy": 503, "expired": 404, "incomplete": 404}
"""Of pages that always say that nothing was done."""
_COLOURS = ("accent", "text", "quiet", "line", "paper", "page")


def add_pages(app: Flask, service: Service, style: str) -> None:
    """Prepare the pages' templates, which contain their style sheet."""
    app.jinja_env.globals.update(
        style=style,
        languages=service.languages.all,
        own_name=own_name,
    )


def choose_language(service: Service) -> Language:
    """Return the language of the answer to this request."""
    if "language" not in g:
        g.language = service.languages.choose(
            request.args.get("lang", ""), request.accept_languages
        )
    language: Language = g.language
    return language


def show(
    service: Service, name: str, *, status: int = 200, **values: Any
) -> Response:
    """Return a page by its template's name; `status` counts unless the page always has the same one.

    All templates know `lang`, the newsletter as it is called there, and `here`, the path of this
    page.
    """
    language = choose_language(service)
    page = render_template(
        f"{name}.html.j2",
        lang=language,
        _=language.phrase,
        whole=language.whole,
        newsletter=service.settings.newsletter.in_language(language.code),
        here=request.path,
        is_error=name == "problem",
        **values,
    )
    return Response(page, _STATUSES.get(name, status), mimetype="text/html")


def whole_token(service: Service, token: str) -> str:
    """Return the token of a link in small letters; if it isn't complete, end the request with a page
    that says so.
    """
    token = token.lower()
    if not TOKEN.fullmatch(token):
        abort(show(service, "incomplete"))
    return token


def posted(name: str) -> str:
    """Return a field of the form, cut to MOST_POSTED characters; empty if it isn't there."""
    form: MultiDict[str, str] = request.form
    return form.get(name, "")[:MOST_POSTED].strip()


def is_from_robot() -> bool:
    """Whether the field of the form that people don't see was filled in."""
    return bool(posted(_TRAP))


def style_sheet(look: LookSettings) -> str:
    """Return the pages' style sheet, with the newsletter's colours as its variables."""
    light = _variables(look, "")
    dark = _variables(look, "dark_")
    colours = (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme: dark) {{:root{{{dark}}}}}\n"
    )
    return colours + (FOLDER / "page.css").read_text("utf-8")


def _variables(look: LookSettings, mode: str) -> str:
    return "".join(
        f"--{name}:{getattr(look, mode + name)};" for name in _COLOURS
    )
