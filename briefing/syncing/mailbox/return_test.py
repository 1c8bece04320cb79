"""Prove that email which comes back reaches the address with the reader's token: by an email to that
address, from that address.

If it arrives with the same sender in its envelope (Return-Path, RFC 5321 4.4), the mailbox takes
addresses with a token, and no server on the way has replaced the sender.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import closing

from briefing import clock
from briefing.checks.online.answers import ReturnOutcome, ReturnTest
from briefing.errors import BriefingError, MailboxError, RefusedError
from briefing.joining import plain_mail
from briefing.joining.mailer import HandOver
from briefing.joining.smtp_connection import SmtpConnection
from briefing.languages import load_language
from briefing.mailbox.headers import Header
from briefing.mailbox.opening import open_mailbox
from briefing.mailbox.position import Purpose
from briefing.mailbox.positions import Positions
from briefing.newsletter import Newsletter
from briefing.sending.secrets.mailbox_password import password_for
from briefing.sending.transports import registry
from briefing.storage import files

FILE = "returned-mail-proved"
"""In `.briefing`: the digest of the settings that were proved."""
PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between looks in the mailbox."""
_TOKEN_BYTES = 15
"""Those of a reader's token; see keys.Key.name."""
_LARGEST = 64 * 1024
"""Bytes of an email: its header is enough."""
_LONGEST_DIGEST = 100
"""Bytes; more than any digest has."""
_TEXT = """\
This is a test by 'briefing check --online'. It went to the address for
returned mail. You can delete it.
"""

_Wait = Callable[[float], object]


def known(newsletter: Newsletter) -> ReturnTest:
    """Return what is known without an email, for a newsletter with {token} in its [newsletter] bounces."""
    settings = newsletter.settings
    bounces = settings.newsletter.bounces
    via = settings.send.via
    if via != registry.OUTBOX and not registry.provider(via).keeps_sender:
        return ReturnTest(bounces, ReturnOutcome.BY_PROVIDER, via)
    if settings.mailbox.leaving is None:
        return ReturnTest(bounces, ReturnOutcome.NO_MAILBOX)
    proved = files.read_own(newsletter.state / FILE, _LONGEST_DIGEST)
    is_proved = proved == _digest(newsletter)
    return ReturnTest(
        bounces, ReturnOutcome.PROVED if is_proved else ReturnOutcome.UNTESTED
    )


def carry_out(newsletter: Newsletter, wait: _Wait = time.sleep) -> ReturnTest:
    """Send the email, look for it for a minute, and remember what was proved. For what `known` calls
    UNTESTED or PROVED.
    """
    bounces = newsletter.settings.newsletter.bounces
    address = bounces.replace("{token}", secrets.token_hex(_TOKEN_BYTES))
    try:
        outcome, detail = _test(newsletter, address, wait)
        if outcome is ReturnOutcome.PROVED:
            files.write_private(newsletter.state / FILE, _digest(newsletter))
    except BriefingError as error:
        outcome = ReturnOutcome.FAILED
        detail = str(error)
    return ReturnTest(bounces, outcome, detail)


def _test(
    newsletter: Newsletter, address: str, wait: _Wait
) -> tuple[ReturnOutcome, str]:
    # If the mailbox can't be read, that should come out before an email waits in it.
    next(_new_headers(newsletter), None)
    sent = _send(newsletter, address)
    if sent is HandOver.REFUSED:
        return ReturnOutcome.REFUSED, ""
    if sent is HandOver.LATER:
        host = newsletter.settings.smtp.host
        return (
            ReturnOutcome.FAILED,
            f"{host} isn't accepting the test email at the moment; try again later",
        )
    for pause in (0.0, *PAUSES):
        wait(pause)
        for header in _new_headers(newsletter):
            if address in header.first("To").lower():
                return _judge(header, address)
    return ReturnOutcome.LATE, ""


def _judge(header: Header, address: str) -> tuple[ReturnOutcome, str]:
    """Return what an email that arrived shows."""
    path = header.first("Return-Path").strip("<> ").lower()
    if path == address.lower():
        return ReturnOutcome.PROVED, ""
    if "@" in path:
        return ReturnOutcome.REPLACED, path.rpartition("@")[2]
    return ReturnOutcome.UNMARKED, ""


def _send(newsletter: Newsletter, address: str) -> HandOver:
    settings = newsletter.settings
    if not settings.smtp.host:
        raise RefusedError("'host' under [smtp] in briefing.toml is empty")
    mail = plain_mail.build(
        settings.newsletter.sender,
        load_language("en", newsletter.template_folders),
        address=address,
        subject="Test of the address for returned mail",
        body=_TEXT,
        now=clock.local_now(),
    )
    connection = SmtpConnection(
        settings, registry.smtp_password(newsletter), sender=address
    )
    with closing(connection):
        return connection.deliver(address, mail)


def _new_headers(newsletter: Newsletter) -> Iterator[Header]:
    """Yield the headers of emails that no sync has read yet. Raises MailboxError, RefusedError."""
    settings = newsletter.settings
    address = settings.mailbox.leaving
    if address is None:
        raise MailboxError(
            "'leaving' under [mailbox] in briefing.toml is empty"
        )
    position = Positions(newsletter).of(Purpose.LEAVING, address)
    with open_mailbox(
        address,
        password_for(newsletter, Purpose.LEAVING),
        newsletter.root,
        proxy=settings.collect.proxy,
    ) as mailbox:
        for mail in mailbox.after(position, _LARGEST):
            yield Header.of(mail.data)


def _digest(newsletter: Newsletter) -> bytes:
    """Return what changes when another address, server or mailbox must be proved."""
    settings = newsletter.settings
    relevant = (
        settings.newsletter.bounces,
        settings.smtp.host,
        settings.smtp.username,
        settings.mailbox.leaving,
    )
    return files.digest(repr(relevant).encode()).encode()
