"""Changing language, name or address from the link in each email."""

from dataclasses import dataclass

from flask import Flask, Response

from briefing.subscribers.subscriber import parse_address

from . import confirmation_links
from .confirmation_links import ChangeLink
from .counters import Counter
from .limits import MailDecision
from .pages import choose_language, posted, posted_name, show, whole_token
from .protocol import Change, RequestKind, token_digest
from .service import LINKS_VALID, Service, today
from .store import Store

MOST_A_DAY = 10
"""Changes with one token."""


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """What a reader wants to change; empty: as before."""

    lang: str = ""
    name: str = ""
    address: str = ""


def add_changing(app: Flask, service: Service) -> None:
    """Add /change/TOKEN."""

    @app.get("/change/<token>")
    def change_page(token: str) -> Response:
        whole_token(service, token)
        return show(service, "change")

    @app.post("/change/<token>")
    def change(token: str) -> Response:
        token = whole_token(service, token)
        try:
            wanted = _read(service)
        except ValueError:
            return show(service, "change", mistake="address", status=400)
        if wanted == Wanted():
            return show(service, "change")
        if service.seen.count(f"change {token}") > MOST_A_DAY:
            service.count(Counter.FULL)
            return show(service, "busy")
        if wanted.address:
            _mail_link(service, token, wanted)
        else:
            _keep(service, token, wanted)
        return show(service, "changed", is_mailed=bool(wanted.address))


def _read(service: Service) -> Wanted:
    """Return what was posted. Raises ValueError if the address isn't one."""
    language = service.languages.find(posted("lang"))
    address = posted("address")
    return Wanted(
        lang=language.code if language else "",
        name=posted_name(),
        address=parse_address(address) if address else "",
    )


def _mail_link(service: Service, token: str, wanted: Wanted) -> None:
    """Mail the link that confirms the new address, if the token is known; prepare it for any token."""
    language = service.languages.find(wanted.lang) or choose_language(service)
    link = ChangeLink(
        address=wanted.address,
        lang=language.code,
        token=token,
        new_lang=wanted.lang,
        name=wanted.name,
    )
    until = today() + LINKS_VALID
    sealed = confirmation_links.seal(service.seals, link, until)
    mail = service.confirmation_mail(
        language, wanted.address, sealed, is_change=True
    )
    digest = token_digest(token)
    is_known = service.writer.run(lambda store: _count(store, digest))
    if not is_known:
        return
    if service.change_limits.decide(wanted.address) is MailDecision.MAIL:
        service.mailer.put(mail)


def _keep(service: Service, token: str, wanted: Wanted) -> None:
    """Keep a change of language or name, if the token is known."""
    day = today()
    digest = token_digest(token)
    body = service.encrypt(
        Change(
            token=token,
            lang=wanted.lang or None,
            name=wanted.name or None,
            confirmed=day.isoformat(),
        )
    )

    service.writer.run(
        lambda store: store.add_for_token(digest, RequestKind.CHANGE, body, day)
    )


def _count(store: Store, digest: bytes) -> bool:
    """Count a request for a new address, and return whether its token is known."""
    is_known = store.knows(digest)
    store.count(Counter.ASKED if is_known else Counter.CHANGED_UNKNOWN)
    return is_known
