"""Changing language, name or address from the link in each email."""

from flask import Flask, Response

from .confirmation_links import ChangeLink
from .counters import Counter
from .limits import MailDecision
from .pages import choose_language, posted, show, whole_token
from .protocol import token_digest
from .service import Service, today
from .store import Store
from .wishes import Change, parse_name

MOST_A_DAY = 10
"""Changes with one token."""


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
            wanted = _read(service, token)
        except ValueError:
            return show(service, "change", mistake="address", status=400)
        if not (wanted.lang or wanted.name or wanted.address):
            return show(service, "change")
        if service.seen.count(f"change {token}") > MOST_A_DAY:
            service.count(Counter.FULL)
            return show(service, "busy")
        if wanted.address:
            _mail_link(service, wanted, wanted.address)
        else:
            _keep(service, wanted)
        return show(service, "changed", is_mailed=bool(wanted.address))


def _read(service: Service, token: str) -> Change:
    """Return what was posted. Raises ValueError if the address isn't one."""
    language = service.languages.find(posted("lang"))
    return Change(
        token=token,
        lang=language.code if language else None,
        name=parse_name(posted("name")) or None,
        address=posted("address") or None,
        confirmed=today().isoformat(),
    )


def _mail_link(service: Service, wanted: Change, address: str) -> None:
    """Mail the link that confirms the new address, if the token is known; prepare it for any token."""
    link = ChangeLink(
        address=address,
        lang=wanted.lang or choose_language(service).code,
        token=wanted.token,
        new_lang=wanted.lang or "",
        name=wanted.name or "",
    )
    mail = service.confirmation_mail(link)
    digest = token_digest(wanted.token)
    is_known = service.writer.run(lambda store: _count(store, digest))
    if is_known and service.change_limits.decide(address) is MailDecision.MAIL:
        service.mailer.put(mail)


def _keep(service: Service, wanted: Change) -> None:
    """Keep a change of language or name, if the token is known."""
    digest = token_digest(wanted.token)
    body = service.encrypt(wanted)
    day = today()
    service.writer.run(
        lambda store: store.add_for_token(digest, wanted.kind, body, day)
    )


def _count(store: Store, digest: bytes) -> bool:
    """Count a request for a new address, and return whether its token is known."""
    is_known = store.knows(digest)
    store.count(Counter.ASKED if is_known else Counter.CHANGED_UNKNOWN)
    return is_known
