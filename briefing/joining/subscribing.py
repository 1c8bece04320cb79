"""The form to join. An email with a link follows, and nothing is kept before that is confirmed."""

from dataclasses import dataclass

from flask import Flask, Response

from briefing.languages import Language
from briefing.subscribers.subscriber import parse_address

from .confirmation_links import JoinLink
from .counters import Counter
from .limits import MailDecision
from .mailer import OutgoingMail
from .pages import (
    choose_language,
    is_from_robot,
    posted,
    show,
)
from .protocol import INVITATION, Mode, RequestKind, token_digest
from .seals import Age
from .service import QUEUED_VALID, Service, today
from .store import Store
from .wishes import FORM, Queued, parse_name

MOST_WITH_A_FORM = 3
"""Times that a page can be sent off: people go back to it when they see a slip in the address."""


@dataclass(frozen=True, slots=True, repr=False)
class FilledForm:
    """The form as it was filled in."""

    language: Language
    address: str = ""
    name: str = ""
    agrees: bool = False
    is_robot: bool = False
    token: str = ""
    name_of_form: str = ""
    """As in `wishes.Join.form`."""


def add_subscribing(app: Flask, service: Service) -> None:
    """Add /join and /join/INVITATION."""

    @app.get("/join")
    @app.get("/join/<invitation>")
    def join_page(invitation: str = "") -> Response:
        if not invitation and service.mode is Mode.INVITED:
            return show(service, "invited")
        return _form(service, FilledForm(choose_language(service)))

    @app.post("/join")
    @app.post("/join/<invitation>")
    def join(invitation: str = "") -> Response:
        form = _read(service, bool(invitation))
        if form.is_robot:
            service.count(Counter.ROBOT)
            return show(service, "asked")
        if not _is_invited(service, invitation):
            service.count(Counter.NOT_INVITED)
            return show(service, "invited")
        mistake = _mistake(service, form)
        if mistake:
            service.count(Counter.AGAIN)
            return _form(service, form, mistake)
        return _take(service, form)


def _read(service: Service, is_invited: bool) -> FilledForm:
    """Return what was posted."""
    language = service.languages.find(posted("lang"))
    name_of_form = posted("form")
    if not FORM.fullmatch(name_of_form):
        name_of_form = "invitation" if is_invited else "page"
    return FilledForm(
        language=language or choose_language(service),
        address=posted("address"),
        name=parse_name(posted("name")),
        agrees=bool(posted("consent")),
        is_robot=is_from_robot(),
        token=posted("token"),
        name_of_form=name_of_form,
    )


def _is_invited(service: Service, invitation: str) -> bool:
    if service.mode is not Mode.INVITED:
        return True
    if not INVITATION.fullmatch(invitation):
        return False
    digest = token_digest(invitation)
    return service.writer.run(lambda store: store.knows_invitation(digest))


def _mistake(service: Service, form: FilledForm) -> str:
    """Return what must be corrected, as the page names it; empty: nothing."""
    age = service.seals.age(form.token, service.now())
    if age is not Age.RIGHT:
        return "again"
    try:
        parse_address(form.address)
    except ValueError:
        return "address"
    if not form.agrees:
        return "consent"
    is_used_up = service.seen.count(f"form {form.token}") > MOST_WITH_A_FORM
    return "again" if is_used_up else ""


def _form(service: Service, form: FilledForm, mistake: str = "") -> Response:
    """Show the form, filled in as it was. A token that was only early stays: it will do in a moment."""
    now = service.now()
    token = form.token
    age = service.seals.age(token, now)
    if age is Age.WRONG or (mistake == "again" and age is Age.RIGHT):
        token = service.seals.form_token(now)
    return show(
        service,
        "join",
        form=form,
        token=token,
        mistake=mistake,
        wording=service.wording(choose_language(service)),
        site_form=posted("form"),
        status=400 if mistake in {"address", "consent"} else 200,
    )


def _take(service: Service, form: FilledForm) -> Response:
    """Mail the link to confirm, or let the request wait for an editor.

    Both are prepared in any case: how long the answer takes says nothing about an address.
    """
    address = parse_address(form.address)
    day = today()
    link = JoinLink(
        address=address,
        lang=form.language.code,
        name=form.name,
        form=form.name_of_form,
        asked=day.isoformat(),
    )
    mail = service.confirmation_mail(link)
    queued = Queued(
        address=address,
        lang=link.lang,
        sealed=service.seal(link, QUEUED_VALID),
        asked=link.asked,
    )
    body = service.encrypt(queued)
    decision = _decide(service, address, mail)

    def keep(store: Store) -> bool:
        store.count(Counter.ASKED)
        if decision is MailDecision.REPEATED:
            store.count(Counter.REPEATED)
        if not decision.is_up_to_editors:
            return True
        # Where joining takes an invitation already, that stays so.
        if decision is MailDecision.CLOSE and service.mode is Mode.OPEN:
            service.set_mode(store, Mode.CLOSED, by_itself=True)
        return store.add(RequestKind.QUEUED, body, day)

    is_kept = False
    try:
        is_kept = service.writer.run(keep)
    finally:
        # Someone who was sent an email gets no other, even while the disk is full.
        if decision.is_up_to_editors and not is_kept:
            service.join_limits.forget(address)
    return show(service, "asked" if is_kept else "busy")


def _decide(service: Service, address: str, mail: OutgoingMail) -> MailDecision:
    """Decide what happens with the request, and hand the email over if it is to be sent."""
    decision = service.join_limits.decide(address)
    if decision is not MailDecision.MAIL:
        return decision
    if service.mode is Mode.CLOSED or not service.mailer.put(mail):
        return MailDecision.QUEUE
    return MailDecision.MAIL
