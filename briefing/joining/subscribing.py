"""The form to join. An email with a link follows, and nothing is kept before that is confirmed."""

from dataclasses import dataclass

from flask import Flask, Response, request

from briefing.languages import Language
from briefing.subscribers.subscriber import parse_address

from .counters import Counter
from .limits import MailDecision
from .mailer import OutgoingMail
from .pages import choose_language, posted, posted_name, show
from .protocol import FORM, INVITATION, Mode, Queued, RequestKind, token_digest
from .seals import Age
from .service import LINKS_VALID, QUEUED_VALID, Service, today
from .store import Store

JOIN = "join"
"""The first value in a sealed link to join."""
MOST_WITH_A_FORM = 3
"""Times that a page can be sent off: people go back to it when they see a slip in the address."""
TRAP = "website"
"""The field that people don't see."""


@dataclass(frozen=True, slots=True, repr=False)
class FilledForm:
    """The form as it was filled in."""

    language: Language
    address: str = ""
    name: str = ""
    agrees: bool = False
    is_robot: bool = False
    token: str = ""
    form: str = ""


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
    form = posted("form")
    if not FORM.fullmatch(form):
        form = "invitation" if is_invited else "page"
    return FilledForm(
        language=language or choose_language(service),
        address=posted("address"),
        name=posted_name(),
        agrees=bool(posted("consent")),
        is_robot=bool(posted(TRAP)),
        token=posted("token"),
        form=form,
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
        site_form=posted("form") if request.method == "POST" else "",
        status=400 if mistake in {"address", "consent"} else 200,
    )


def _take(service: Service, form: FilledForm) -> Response:
    """Mail the link to confirm, or let the request wait for an editor.

    Both are prepared in any case: how long the answer takes says nothing about an address.
    """
    address = parse_address(form.address)
    day = today()
    values = [
        JOIN,
        address,
        form.language.code,
        form.name,
        form.form,
        day.isoformat(),
    ]
    mail = service.confirmation_mail(
        form.language, address, service.seals.seal(values, day + LINKS_VALID)
    )
    queued = service.encrypt(
        Queued(
            address=address,
            lang=form.language.code,
            sealed=service.seals.seal(values, day + QUEUED_VALID),
            asked=day.isoformat(),
        )
    )
    decision = _decide(service, address, mail)

    def keep(store: Store) -> bool:
        store.count(Counter.ASKED)
        if decision is MailDecision.REPEATED:
            store.count(Counter.REPEATED)
        if decision in {MailDecision.MAIL, MailDecision.REPEATED}:
            return True
        # Where joining takes an invitation already, that stays so.
        if decision is MailDecision.CLOSE and service.mode is Mode.OPEN:
            service.set_mode(store, Mode.CLOSED, by_itself=True)
        return store.add(RequestKind.QUEUED, queued, day)

    has_room = False
    try:
        has_room = service.writer.run(keep)
    finally:
        # Whoever has had their email gets no other, even while the disk is full.
        if not has_room and decision in {
            MailDecision.QUEUE,
            MailDecision.CLOSE,
        }:
            service.join_limits.forget(address)
    if not has_room:
        return show(service, "busy", status=503)
    return show(service, "asked")


def _decide(service: Service, address: str, mail: OutgoingMail) -> MailDecision:
    """Decide what happens with the request, and hand the email over if it is to be sent."""
    decision = service.join_limits.decide(address)
    if decision is not MailDecision.MAIL:
        return decision
    if service.mode is Mode.CLOSED or not service.mailer.put(mail):
        return MailDecision.QUEUE
    return MailDecision.MAIL
