"""The named points at which a child is interrupted: no hooks in the program, its functions are
wrapped here.

A point is a place (`briefing.sending.ledger.ledger:Ledger.freeze`, before or after it), a statement of
SQL, or a part of what goes over the wire. `nth` says at which time it is reached.
"""

import functools
import importlib
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Function = Callable[..., Any]
Only = Callable[[tuple[Any, ...]], bool]
"""Whether a call with these arguments counts."""

END = b"\r\n.\r\n"
SENDING = "briefing.sending"
TRANSPORTS = f"{SENDING}.transports"


class Turn:
    """Does something the nth time that a point is reached, by whichever thread."""

    def __init__(self, nth: int, act: Callable[[], object]) -> None:
        self._left = nth
        self._act = act
        self._lock = threading.Lock()

    def __call__(self, first: Callable[[], object] | None = None) -> None:
        """Note that the point is reached; at the right time, do what comes first, then act."""
        with self._lock:
            # Held while it acts, so that no other thread passes this point.
            self._left -= 1
            if self._left == 0:
                if first:
                    first()
                self._act()


def module(name: str) -> Any:
    """Import a module; a function of its name in its package (`transports.smtp`) stays what it is."""
    parent, _, child = name.rpartition(".")
    package = importlib.import_module(parent) if parent else None
    known = getattr(package, child, None)
    found = importlib.import_module(name)
    if known is not None:
        setattr(package, child, known)
    return found


Install = Callable[[Turn], None]
"""Has a turn taken each time that a point is reached."""


def _wrapping(
    place: str, wrap: Callable[[Turn, Function], Function]
) -> Install:
    """Replace a function of the program by another one that `wrap` makes of it."""
    where, _, path = place.partition(":")
    *parents, name = path.split(".")

    def install(turn: Turn) -> None:
        owner = functools.reduce(getattr, parents, module(where))
        original = getattr(owner, name)
        wrapped = wrap(turn, original)
        setattr(owner, name, functools.wraps(original)(wrapped))

    return install


def _any(_arguments: tuple[Any, ...]) -> bool:
    return True


def before(place: str, only: Only = _any) -> Install:
    """Before a function does anything."""

    def wrap(turn: Turn, original: Function) -> Function:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if only(args):
                turn()
            return original(*args, **kwargs)

        return wrapped

    return _wrapping(place, wrap)


def after(place: str, only: Only = _any) -> Install:
    """When a function has done everything, before its caller knows."""

    def wrap(turn: Turn, original: Function) -> Function:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if only(args):
                turn()
            return result

        return wrapped

    return _wrapping(place, wrap)


def sql(begin: str) -> Install:
    """In a transaction: when a statement that begins so is about to be carried out."""

    def wrap(turn: Turn, original: Function) -> Function:
        def trace(statement: str) -> None:
            if statement.startswith(begin):
                turn()

        def opened(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self._db.set_trace_callback(trace)

        return opened

    return _wrapping(f"{SENDING}.ledger.ledger:Ledger.__init__", wrap)


def body(length: Callable[[bytes], int]) -> Install:
    """In a write that holds an email's body: when so many bytes of it are on the wire."""

    def wrap(turn: Turn, original: Function) -> Function:
        def write_body(self: Any, mail: bytes, rest: bytes) -> None:
            data = mail + rest
            turn(lambda: self._socket.sendall(data[: length(data)]))
            original(self, mail, rest)

        return write_body

    return _wrapping(f"{TRANSPORTS}.session:Session.write_body", wrap)


def half_a_request() -> Install:
    """In a request to send: when half of it is on the wire."""

    def wrap(turn: Turn, original: Function) -> Function:
        def send(self: Any, data: Any) -> None:
            rest = data

            def send_half() -> None:
                nonlocal rest
                middle = len(data) // 2
                self.sock.sendall(data[:middle])
                rest = data[middle:]

            if isinstance(data, bytes) and b'"personalizations"' in data:
                turn(send_half)
            original(self, rest)

        return send

    return _wrapping("http.client:HTTPConnection.send", wrap)


def _target(pattern: str) -> Only:
    """Whether a file is put into a place of this name."""
    return lambda args: re.fullmatch(pattern, Path(args[1]).name) is not None


# By the steps of a send. Those of one list are reached by any transport of its name.
EVERY: dict[str, Install] = {
    "key: before": before("os:link", _target("key")),
    "key: after": after("os:link", _target("key")),
    "rendering: before": before("briefing.checks.check:check_and_render"),
    "rendering: after": after("briefing.checks.check:check_and_render"),
    "new ledger: before": before(f"{SENDING}.ledger.ledger_file:_create"),
    "new ledger: in the middle": before("os:link", _target(r".*\.sqlite")),
    "new ledger: after": after(f"{SENDING}.ledger.ledger_file:_create"),
    "lock: before": before("briefing.storage.folder_lock:_take"),
    "lock: after": after("briefing.storage.folder_lock:_take"),
    "what was under way: before": before(
        f"{SENDING}.ledger.ledger:Ledger.settle_interrupted"
    ),
    "what was under way: before its commit": sql(
        "UPDATE delivery SET state = 'uncertain', reason = 'interrupted"
    ),
    "what was under way: after": after(
        f"{SENDING}.ledger.ledger:Ledger.settle_interrupted"
    ),
    "freeze: before": before(f"{SENDING}.ledger.ledger:Ledger.freeze"),
    "freeze: in the middle": sql("INSERT INTO edition"),
    "freeze: editions are in": sql("INSERT INTO delivery"),
    "freeze: after": after(f"{SENDING}.ledger.ledger:Ledger.freeze"),
    "intent, outcome: before": before(f"{SENDING}.ledger.ledger:Ledger.commit"),
    "intent, outcome: in the middle": sql(
        "UPDATE delivery SET state = 'sending'"
    ),
    "intent, outcome: before its commit": sql("INSERT INTO day"),
    "intent, outcome: after": after(f"{SENDING}.ledger.ledger:Ledger.commit"),
    "any commit": sql("COMMIT"),
}
REAL: dict[str, Install] = {
    "receipt: before": before("briefing.issue.receipt:write"),
    "receipt: in the middle": before(
        "pathlib:Path.replace", _target(r"sent\.json")
    ),
    "receipt: after": after("briefing.issue.receipt:write"),
    "claims are counted: before": before(
        f"{SENDING}.ledger.claim_count:ClaimCount.write"
    ),
    "claims are counted: after": after(
        f"{SENDING}.ledger.claim_count:ClaimCount.write"
    ),
}
OF_CHANGES: dict[str, Install] = {
    "end: before": before(f"{SENDING}.ledger.ledger:Ledger.cancel_unsent"),
    "end: after": after(f"{SENDING}.ledger.ledger:Ledger.cancel_unsent"),
    "rehearsal: before it is cleared": before(f"{SENDING}.rehearsals:clear"),
    "rehearsal: its emails are deleted": before(
        f"{SENDING}.rehearsals:_remove_if_empty"
    ),
    "rehearsal: after it is cleared": after(f"{SENDING}.rehearsals:clear"),
    "refreeze: the receipt is gone": before(
        f"{SENDING}.ledger.ledger:Ledger.forget"
    ),
    "refreeze: in the middle": sql("DELETE FROM issue"),
    "refreeze: forgotten": after(f"{SENDING}.ledger.ledger:Ledger.forget"),
}
OF_SMTP: dict[str, Install] = {
    "connecting: before": before(f"{TRANSPORTS}.smtp:Smtp.open"),
    "connecting: after": after(f"{TRANSPORTS}.smtp:Smtp.open"),
    "closing: before": before(f"{TRANSPORTS}.smtp:Smtp.close"),
    "closing: after": after(f"{TRANSPORTS}.smtp:Smtp.close"),
    "envelope: before": before(f"{TRANSPORTS}.smtp:Courier._begin"),
    "envelope: after": after(f"{TRANSPORTS}.smtp:Courier._begin"),
    "claim is waited for: after": after(f"{TRANSPORTS}.smtp:Courier._may_send"),
    "body: before": body(lambda _data: 0),
    "body: half": body(lambda data: data.index(END) // 2),
    "body: all but the dot": body(lambda data: data.index(END) + 2),
    "body: up to the dot": body(lambda data: data.index(END) + 3),
    "body: with the dot": body(lambda data: data.index(END) + len(END)),
    "body: with the next envelope": body(len),
    "an answer: after": after(f"{TRANSPORTS}.session:Session.reply"),
    "outcome is noted: before": before(f"{TRANSPORTS}.smtp:Courier._conclude"),
    "outcome is noted: after": after(f"{TRANSPORTS}.smtp:Courier._conclude"),
}
OF_SENDGRID: dict[str, Install] = {
    "key is asked about: before": before(
        f"{TRANSPORTS}.sendgrid:SendGrid.open"
    ),
    "key is asked about: after": after(f"{TRANSPORTS}.sendgrid:SendGrid.open"),
    "request: before": before(f"{TRANSPORTS}.sendgrid:SendGrid.post"),
    "request: half": half_a_request(),
    "request: after its answer": after(f"{TRANSPORTS}.sendgrid:SendGrid.post"),
    "outcomes are noted: before": before(
        f"{TRANSPORTS}.sendgrid:_Courier._conclude_all"
    ),
    "outcomes are noted: after": after(
        f"{TRANSPORTS}.sendgrid:_Courier._conclude_all"
    ),
}
POINTS = {
    **EVERY,
    **REAL,
    **OF_CHANGES,
    **OF_SMTP,
    **OF_SENDGRID,
}
