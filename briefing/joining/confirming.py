"""Confirming: the link in an email shows a page with a button, and only the button does something."""

import datetime as dt
from dataclasses import dataclass

from flask import Flask, Response, g, request

from . import seals
from .changing import CHANGE
from .pages import show
from .protocol import SEALED, Change, Join, token_digest
from .service import QUEUED_VALID, Service, today
from .store import Store


@dataclass(frozen=True, slots=True, repr=False)
class OpenedLink:
    """A link that can be confirmed."""

    kind: str
    """JOIN or CHANGE."""
    values: list[str]
    address: str
    lang: str
    digest: bytes


def add_confirming(app: Flask, service: Service) -> None:
    """Add /confirm/SEALED."""

    @app.get("/confirm/<sealed>")
    def confirm_page(sealed: str) -> Response:
        opened = _open(service, sealed)
        if opened is None:
            return show(service, "expired", status=404)
        return _page(service, opened, f"confirm-{opened.kind}")

    @app.post("/confirm/<sealed>")
    def confirm(sealed: str) -> Response:
        opened = _open(service, sealed)
        if opened is None:
            return show(service, "expired", status=404)
        if not _keep(service, opened):
            return show(service, "busy", status=503)
        return _page(service, opened, f"confirmed-{opened.kind}")


def _page(service: Service, opened: OpenedLink, name: str) -> Response:
    return show(
        service,
        name,
        address=opened.address,
        wording=_wording(service, opened),
    )


def _wording(service: Service, opened: OpenedLink) -> str:
    language = service.languages.find(opened.lang) or service.languages.first
    return service.wording(language)


def _open(service: Service, sealed: str) -> OpenedLink | None:
    """Return what a link carries; None if it isn't ours, was changed or is too old. The page will be
    in its language, unless another was chosen on it.
    """
    if not SEALED.fullmatch(sealed):
        return None
    values = service.seals.unseal(sealed, today())
    if values is None:
        return None
    kind, address, lang, *rest = values
    chosen = request.args.get("lang", "")
    language = service.languages.find(chosen) or service.languages.find(lang)
    if language is not None:
        g.language = language
    return OpenedLink(kind, rest, address, lang, seals.digest(sealed))


def _keep(service: Service, opened: OpenedLink) -> bool:
    """Keep what is confirmed, once; return whether there was room for it."""
    day = today()
    wish = (
        _change(opened, day)
        if opened.kind == CHANGE
        else _join(service, opened, day)
    )
    body = service.encrypt(wish)

    def keep(store: Store) -> bool:
        if not store.confirm(opened.digest, day + QUEUED_VALID):
            return True
        if isinstance(wish, Change):
            digest = token_digest(wish.token)
            store.add_for_token(digest, wish.kind, body, day)
            return True
        return store.add(wish.kind, body, day)

    return service.writer.run(keep)


def _join(service: Service, opened: OpenedLink, day: dt.date) -> Join:
    """Return that somebody joins."""
    name, form, asked = opened.values
    return Join(
        address=opened.address,
        lang=opened.lang,
        name=name,
        form=form,
        wording=_wording(service, opened),
        asked=asked,
        confirmed=day.isoformat(),
    )


def _change(opened: OpenedLink, day: dt.date) -> Change:
    """Return a reader's new address."""
    token, new_lang, name = opened.values
    return Change(
        token=token,
        lang=new_lang or None,
        name=name or None,
        address=opened.address,
        confirmed=day.isoformat(),
    )
