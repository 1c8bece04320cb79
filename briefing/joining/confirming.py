"""Confirming: the link in an email shows a page with a button, and only the button does something."""

import datetime as dt

from flask import Flask, Response, abort, g, request

from . import confirmation_links, seals
from .confirmation_links import ChangeLink, ConfirmationLink, JoinLink
from .pages import show
from .protocol import SEALED, token_digest
from .service import QUEUED_VALID, Service, today
from .store import Store
from .wishes import Change, Join


def add_confirming(app: Flask, service: Service) -> None:
    """Add /confirm/SEALED."""

    @app.get("/confirm/<sealed>")
    def confirm_page(sealed: str) -> Response:
        link = _open(service, sealed)
        return _page(service, link, f"confirm-{link.kind}")

    @app.post("/confirm/<sealed>")
    def confirm(sealed: str) -> Response:
        link = _open(service, sealed)
        if not _keep(service, sealed, link):
            return show(service, "busy")
        return _page(service, link, f"confirmed-{link.kind}")


def _page(service: Service, link: ConfirmationLink, name: str) -> Response:
    wording = _wording(service, link)
    return show(service, name, address=link.address, wording=wording)


def _wording(service: Service, link: ConfirmationLink) -> str:
    return service.wording(service.languages.of(link))


def _open(service: Service, sealed: str) -> ConfirmationLink:
    """Return what a link carries; if it isn't valid, end the request with a page that says so. The
    page will be in the link's language, unless another was chosen on it.
    """
    link = None
    if SEALED.fullmatch(sealed):
        link = confirmation_links.unseal(service.seals, sealed, today())
    if link is None:
        abort(show(service, "expired"))
    chosen = request.args.get("lang", "")
    find = service.languages.find
    language = find(chosen) or find(link.lang)
    if language is not None:
        g.language = language
    return link


def _keep(service: Service, sealed: str, link: ConfirmationLink) -> bool:
    """Keep what is confirmed, once; return whether there was room for it."""
    day = today()
    wish = (
        _join(service, link, day)
        if isinstance(link, JoinLink)
        else _change(link, day)
    )
    body = service.encrypt(wish)
    link_digest = seals.digest(sealed)

    def keep(store: Store) -> bool:
        if not store.confirm(link_digest, day + QUEUED_VALID):
            return True
        if isinstance(wish, Change):
            digest = token_digest(wish.token)
            store.add_for_token(digest, wish.kind, body, day)
            return True
        return store.add(wish.kind, body, day)

    return service.writer.run(keep)


def _join(service: Service, link: JoinLink, day: dt.date) -> Join:
    return Join(
        address=link.address,
        lang=link.lang,
        name=link.name,
        form=link.form,
        wording=_wording(service, link),
        asked=link.asked,
        confirmed=day.isoformat(),
    )


def _change(link: ChangeLink, day: dt.date) -> Change:
    return Change(
        token=link.token,
        lang=link.new_lang or None,
        name=link.name or None,
        address=link.address,
        confirmed=day.isoformat(),
    )
