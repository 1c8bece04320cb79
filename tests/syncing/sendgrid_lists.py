"""A SendGrid account with lists of who bounced, complained and unsubscribed."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from tests.sending.servers.http import HttpServer
from tests.sending.servers.http_rules import Answer, HttpRule, Request

SECRET = "SG.secret"  # noqa: S105  # of this server only
MOST = 500
"""SendGrid refuses a larger page."""


class SendGridAccount(HttpServer):
    """Answers as SendGrid does (OpenAPI, suppression and asm/groups), for any key but another one."""

    def __init__(self, *rules: HttpRule, **lists: Sequence[Any]) -> None:
        super().__init__(rules)
        self.lists: Mapping[str, Sequence[Any]] = lists
        self.groups: dict[str, list[str]] = {}

    def route(self, request: Request, number: int) -> Answer:
        if request.headers.get("authorization") != f"Bearer {SECRET}":
            return refusal(401, "The provided authorization grant is invalid")
        if request.method != "GET":
            return refusal(405, "method not allowed")
        *_, kind, name = request.path.split("/")
        if name == "suppressions":
            return Answer(200, self.groups.get(kind, []))
        query = {
            key: int(value[-1])
            for key, value in parse_qs(request.query).items()
        }
        if not 1 <= query.get("limit", MOST) <= MOST:
            return refusal(400, "limit must be at most 500")
        entries = [
            entry
            for entry in self.lists.get(name, ())
            if entry["created"] >= query.get("start_time", 0)
        ]
        start = query.get("offset", 0)
        return Answer(200, entries[start : start + query.get("limit", MOST)])


def refusal(status: int, message: str) -> Answer:
    return Answer(status, {"errors": [{"field": None, "message": message}]})
