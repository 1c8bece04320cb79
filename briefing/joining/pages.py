"""The pages: small, without script or picture, in the reader's language. What their buttons do is kept
before the page says so.
"""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from briefing.configuration.settings import LookSettings
from briefing.languages import Language, own_name
from briefing.subscribers.subscriber import parse_address
from briefing.subscribers.suppression import TOKEN

from . import seals
from .limits import MailDecision
from .protocol import SEALED, token_digest
from .service import JOIN, Service, today
from .wishes import FORM, Change, Join

FOLDER = Path(__file__).parent / "pages"
MOST_POSTED = 300
"""Characters of a field."""
MOST_CHANGES = 10
"""Changes of language with one token in a day."""
USED_LINKS_KEPT = dt.timedelta(days=60)
"""As long as the links were valid with which earlier versions let people in from a queue."""
_FIELDS = ("address", "name", "lang", "consent", "token", "form", "website")
"""Of the form to join. People don't see `website`; `form` names the form on another site."""
_STATUSES = {"busy": 503, "ended": 410, "expired": 404, "incomplete": 404}
"""Of pages that always say that nothing was done."""
_COLOURS = ("accent", "text", "quiet", "line", "paper", "page")


def add_pages(app: Flask, service: Service, style: str) -> None:
    """Add the pages; `style` is the style sheet that each contains."""
    app.jinja_env.globals.update(
        style=style, languages=service.languages, own_name=own_name
    )
    _add_leaving(app, service)
    _add_joining(app, service)
    _add_confirming(app, service)
    _add_gone(app, service)


def _add_leaving(app: Flask, service: Service) -> None:
    # Spam filters follow each link, so looking at the page changes nothing.
    @app.get("/leave/<token>")
    @app.get("/change/<token>")
    def reader_page(token: str) -> Response:
        return show(service, "reader", token=_whole(service, token))

    # Whatever the body says, someone pressed a button, of ours or of a mail app (RFC 8058). There is no
    # limit: the one-click requests of large providers come from a few addresses.
    @app.post("/leave/<token>")
    def leave(token: str) -> Response:
        digest = token_digest(_whole(service, token))
        day = today()
        service.writer.run(lambda store: store.leave(digest, day))
        return show(service, "left")

    @app.post("/change/<token>")
    def change(token: str) -> Response:
        token = _whole(service, token)
        language = service.language(_posted("lang"))
        if language is None:
            return show(service, "reader", token=token)
        if service.changes.count(token) > MOST_CHANGES:
            abort(429)
        day = today()
        wish = Change(token, language.code, confirmed=day.isoformat())
        digest = token_digest(token)
        body = service.encrypt(wish)
        service.writer.run(
            lambda store: store.add_for_token(digest, wish.kind, body, day)
        )
        return show(service, "changed")


def _add_joining(app: Flask, service: Service) -> None:
    @app.get("/join")
    def join_page() -> Response:
        if not service.has_form:
            return show(service, "no-form")
        return _form(service, {"lang": choose_language(service).code})

    @app.post("/join")
    def join() -> Response:
        if not service.has_form:
            return show(service, "no-form")
        form = {name: _posted(name) for name in _FIELDS}
        if form["website"]:
            return show(service, "asked")
        language = service.language(form["lang"]) or choose_language(service)
        form["lang"] = language.code
        mistake = _mistake(service, form)
        if mistake:
            return _form(service, form, mistake)
        return _mail_link(service, form, language)


def _mistake(service: Service, form: Mapping[str, str]) -> str:
    """Return what must be corrected, as the page names it; empty: nothing."""
    if not service.seals.was_filled_in(form["token"], service.now()):
        return "again"
    try:
        parse_address(form["address"])
    except ValueError:
        return "address"
    return "" if form["consent"] else "consent"


def _form(
    service: Service, form: Mapping[str, str], mistake: str = ""
) -> Response:
    """Show the form, filled in as it was. A token that was only early stays: it will do in a moment."""
    now = service.now()
    token = form.get("token", "")
    if not service.seals.was_filled_in(token, now + seals.LEAST_AGE):
        token = service.seals.form_token(now)
    return show(
        service,
        "join",
        form=form,
        token=token,
        mistake=mistake,
        wording=service.wording(choose_language(service)),
        status=400 if mistake in {"address", "consent"} else 200,
    )


def _mail_link(
    service: Service, form: Mapping[str, str], language: Language
) -> Response:
    """Mail the link to confirm. The email is written in any case: how long the answer takes says nothing
    about an address.
    """
    day = today().isoformat()
    join = Join(
        form["address"],
        lang=language.code,
        name=form["name"],
        form=form["form"] if FORM.fullmatch(form["form"]) else "page",
        wording="",
        asked=day,
        confirmed=day,
    )
    mail = service.confirmation_mail(join, language)
    decision = service.limits.decide(join.address)
    if decision is MailDecision.MAIL:
        service.mailer.put(join.address, mail)
    is_full = decision is MailDecision.FULL
    return show(service, "busy" if is_full else "asked")


def _add_confirming(app: Flask, service: Service) -> None:
    @app.get("/confirm/<sealed>")
    def confirm_page(sealed: str) -> Response:
        join = _open(service, sealed)
        return show(service, "confirm", join=join)

    @app.post("/confirm/<sealed>")
    def confirm(sealed: str) -> Response:
        join = _open(service, sealed)
        day = today()
        body = service.encrypt(join)
        link = seals.digest(sealed)
        until = day + USED_LINKS_KEPT
        has_room = service.writer.run(
            lambda store: store.join(link, until, body, day)
        )
        return show(service, "confirmed" if has_room else "busy", join=join)


def _open(service: Service, sealed: str) -> Join:
    """Return what a link confirms; if it isn't valid, end the request with a page that says so. The page
    will be in the link's language, unless another was chosen on it.
    """
    is_whole = SEALED.fullmatch(sealed)
    typed = service.seals.unseal(sealed, today()) if is_whole else None
    if not typed:
        abort(show(service, "expired"))
    if typed[0] != JOIN:
        abort(show(service, "ended"))
    address, lang, name, form, asked = typed[1:]
    language = service.language(lang) or service.languages[0]
    g.language = service.language(request.args.get("lang", "")) or language
    return Join(
        address,
        lang=lang,
        name=name,
        form=form,
        wording=service.wording(language),
        asked=asked,
        confirmed=today().isoformat(),
    )


def _add_gone(app: Flask, service: Service) -> None:
    """Add the addresses of pages that earlier versions had."""

    @app.route("/", methods=["GET", "POST"])
    @app.route("/find", methods=["GET", "POST"])
    @app.route("/join/<invitation>", methods=["GET", "POST"])
    def start(invitation: str = "") -> AnyResponse:
        del invitation
        return redirect("/join", 302)

    @app.route("/undo/<token>/<sealed>", methods=["GET", "POST"])
    def undo(token: str, sealed: str) -> Response:
        del token, sealed
        return show(service, "ended")


def choose_language(service: Service) -> Language:
    """Return the language of the answer to this request: the one chosen on the page, or the best for the
    browser, or the newsletter's first.
    """
    if "language" not in g:
        codes = [each.code for each in service.languages]
        best = request.accept_languages.best_match(codes, default=codes[0])
        chosen = service.language(request.args.get("lang", ""))
        g.language = chosen or service.language(best)
    language: Language = g.language
    return language


def show(
    service: Service, name: str, *, status: int = 200, **values: Any
) -> Response:
    """Return a page by its template's name; `status` counts unless the page always has the same one.

    All templates know `lang`, the newsletter as it is called there, `contact`, to whom readers
    write, and `here`, the path of this page.
    """
    language = choose_language(service)
    newsletter = service.settings.newsletter
    page = render_template(
        f"{name}.html.j2",
        lang=language,
        _=language.phrase,
        whole=language.whole,
        newsletter=newsletter.in_language(language.code),
        contact=(newsletter.reply_to or newsletter.sender).address,
        here=request.path,
        is_error=name == "problem",
        **values,
    )
    return Response(page, _STATUSES.get(name, status), mimetype="text/html")


def _whole(service: Service, token: str) -> str:
    """Return the token of a link in small letters; if it isn't complete, end the request with a page
    that says so.
    """
    token = token.lower()
    if not TOKEN.fullmatch(token):
        abort(show(service, "incomplete"))
    return token


def _posted(name: str) -> str:
    """Return a field of the form, cut to MOST_POSTED characters; empty if it isn't there."""
    text: str = request.form.get(name, "")
    return text[:MOST_POSTED].strip()


def style_sheet(look: LookSettings) -> str:
    """Return the pages' style sheet, with the newsletter's colours as its variables."""
    light, dark = (
        "".join(f"--{name}:{getattr(look, mode + name)};" for name in _COLOURS)
        for mode in ("", "dark_")
    )
    return (
        f":root{{{light}}}\n@media (prefers-color-scheme: dark) {{:root{{{dark}}}}}\n"
        + (FOLDER / "page.css").read_text("utf-8")
    )
