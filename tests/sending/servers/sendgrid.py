"""A SendGrid that accepts what the real one would, notes what we don't want, and fails on demand.

As a process, with the port as its first line: python -m tests.sending.servers.sendgrid --log FILE
"""

import argparse
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

from tests.sending.servers.http import HttpServer
from tests.sending.servers.http_rules import (
    Answer,
    HalfAnswer,
    HttpRule,
    Json,
    NoAnswer,
    Redirect,
    Request,
    Reset,
)
from tests.sending.servers.listener import Kill, run
from tests.sending.servers.sendgrid_checks import (
    MOST_BYTES,
    Complaint,
    named_as_bad,
    refusals,
    violations,
)
from tests.sending.servers.sendgrid_rules import (
    Accepted,
    Action,
    BadReaders,
    Rendered,
    SgRule,
    TooMany,
    UnnamedBad,
    addresses,
    rendered,
)

__all__ = [
    "Accepted",
    "Action",
    "Answer",
    "BadReaders",
    "HalfAnswer",
    "Kill",
    "NoAnswer",
    "Redirect",
    "Rendered",
    "Request",
    "Reset",
    "SendGridServer",
    "SgRule",
    "TooMany",
    "UnnamedBad",
    "rendered",
]

SCOPES = ("mail.send",)
NEEDED = {("POST", "/v3/mail/send"): "mail.send"}


def _errors(status: int, complaints: Iterable[Complaint]) -> Answer:
    errors = [
        {"field": field, "message": message} for field, message in complaints
    ]
    return Answer(status, {"errors": errors})


class SendGridServer(HttpServer):
    """Listens at `url` while it is entered. `lean` keeps only the counts and checks only that a
    body is JSON.
    """

    def __init__(
        self,
        *rules: HttpRule,
        key: str = "SG.key",
        scopes: Sequence[str] = SCOPES,
        log: Path | None = None,
        durable: bool = False,
        lean: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(rules, lean=lean)
        self.key = key
        self.clock = clock
        self.scopes = list(scopes)
        self.log = log
        self.durable = durable
        self.count = 0
        self.accepted: list[Accepted] = []

    def too_large(self, length: int) -> Answer | None:
        if length < MOST_BYTES:
            return None
        return _errors(413, [(None, "The request is too large.")])

    def perform(self, action: Action | None, request: Request) -> Answer | None:
        match action:
            case TooMany(reset_in):
                now = int(self.clock())
                headers = {
                    "Date": formatdate(now, usegmt=True),
                    "X-RateLimit-Remaining": "0",
                    "X-RateLimit-Reset": str(now + reset_in),
                }
                answer = _errors(429, [(None, "too many requests")])
                return replace(answer, headers=headers)
            case BadReaders(bad):
                named = set(filter(bad, addresses(request.json)))
                return _errors(400, named_as_bad(request.json, named))
            case UnnamedBad():
                return _errors(400, [(None, "Bad Request")])
        return None

    def route(self, request: Request, number: int) -> Answer:
        place = (request.method, request.path)
        if refused := self._refused(request, place):
            return refused
        match place:
            case "GET", "/v3/scopes":
                return Answer(200, {"scopes": self.scopes})
            case "POST", "/v3/mail/send":
                return self._send(request.json, number)
        return _errors(404, [(None, "not found")])

    def _refused(
        self, request: Request, place: tuple[str, str]
    ) -> Answer | None:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return _errors(401, [(None, "authorization required")])
        if place in NEEDED and NEEDED[place] not in self.scopes:
            return _errors(403, [(None, "access forbidden")])
        return None

    def _send(self, body: Json, number: int) -> Answer:
        if not self.lean and (complaints := list(refusals(body))):
            return _errors(400, complaints)
        readers = addresses(body)
        if not readers:
            return _errors(400, [(None, "Bad Request")])
        with self.lock:
            lines = (f"{address}\t{number}\n" for address in readers)
            self.append("".join(lines))
            self.count += len(readers)
            if not self.lean:
                self.violations.extend(violations(body))
                pairs = zip(readers, body["personalizations"], strict=True)
                self.accepted.extend(
                    Accepted(address, own, number, body)
                    for address, own in pairs
                )
        return Answer(202, headers={"X-Message-Id": secrets.token_urlsafe(16)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--log",
        type=Path,
        help="a line an accepted address: it and the number of its request",
    )
    parser.add_argument(
        "--durable",
        action="store_true",
        help="the log is on the disk before a request is answered",
    )
    parser.add_argument(
        "--lean",
        action="store_true",
        help="keep nothing in memory, check only that a body is JSON",
    )
    parser.add_argument("--key", default="SG.key")
    options = parser.parse_args()
    run(
        SendGridServer(
            key=options.key,
            log=options.log,
            durable=options.durable,
            lean=options.lean,
        )
    )


if __name__ == "__main__":
    main()
