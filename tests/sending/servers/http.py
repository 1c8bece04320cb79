"""A server that speaks HTTP, keeps its requests, and fails on demand; subclasses give the answers."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from http.client import parse_headers
from typing import Any

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
from tests.sending.servers.listener import Connection, Kill, Listener


class HttpServer(Listener):
    """Listens at `url` while it is entered. `lean` keeps only the counts."""

    def __init__(
        self, rules: Sequence[HttpRule], *, lean: bool = False
    ) -> None:
        super().__init__()
        self.rules = list(rules)
        self.lean = lean
        self.received = 0
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def route(self, request: Request, number: int) -> Answer:
        """The answer to a request that no rule covers; it is the nth, counted from 0."""
        raise NotImplementedError

    def perform(self, action: Any, request: Request) -> Answer | None:
        """The answer to a request for which a rule has an action of this server's own; None if it
        isn't one.
        """
        del action, request
        return None

    def too_large(self, length: int) -> Answer | None:
        """The answer to a request whose body is too large."""
        del length
        return None

    def serve(self, connection: Connection) -> None:
        while True:
            head = _head(connection)
            due = self._due(head.path)
            if due and due[0].early:
                due[0].acted += 1
                self._receive(head)
                connection.reset()
            request = self._whole(connection, head)
            number = self._receive(request)
            answer = self.too_large(len(request.body)) or self._do(
                connection, self._chosen(due, request.json), request, number
            )
            is_last = head.headers.get("connection", "").lower() == "close"
            self._say(connection, answer, last=is_last)

    def _whole(self, connection: Connection, head: Request) -> Request:
        """Return the request with its body."""
        headers = head.headers
        if "content-length" not in headers and "transfer-encoding" in headers:
            self._say(connection, Answer(411), last=True)
        length = int(headers.get("content-length", 0))
        while len(connection.buffer) < length:
            connection.fill()
        body = connection.consume(length)
        return replace(head, body=body, json=_parsed(body))

    def _due(self, path: str) -> list[HttpRule]:
        with self.lock:
            here = [rule for rule in self.rules if rule.leads_to(path)]
            for rule in here:
                rule.reached += 1
            return [rule for rule in here if rule.due()]

    def _chosen(self, due: list[HttpRule], body: Json) -> Any:
        with self.lock:
            for rule in due:
                if not rule.is_used_up() and rule.covers(body):
                    rule.acted += 1
                    return rule.action
        return None

    def _receive(self, request: Request) -> int:
        """Note a request; its number, from 0."""
        with self.lock:
            self.received += 1
            if not self.lean:
                self.requests.append(request)
            return self.received - 1

    def _do(
        self, connection: Connection, action: Any, request: Request, number: int
    ) -> Answer:
        """The action of a rule, or else the usual answer."""
        match action:
            case Answer():
                return action
            case Redirect(location, status):
                return Answer(status, headers={"Location": location})
        if answer := self.perform(action, request):
            return answer
        accepted = action is None or action.accepted
        answer = self.route(request, number) if accepted else Answer(500)
        self._break_off(connection, action)
        if not accepted:
            raise ConnectionAbortedError("what isn't accepted isn't answered")
        return answer

    def _break_off(
        self,
        connection: Connection,
        action: Reset | HalfAnswer | NoAnswer | Kill | None,
    ) -> None:
        match action:
            case Kill():
                action.call()
            case Reset():
                connection.reset()
            case HalfAnswer():
                connection.say(b"HTTP/1.1 20")
                connection.hang_up()
            case NoAnswer():
                connection.pause(action.seconds)
                raise ConnectionAbortedError("a rule asks for no answer")

    def _say(
        self, connection: Connection, answer: Answer, *, last: bool
    ) -> None:
        content = _encoded(answer.body)
        headers = {
            "Content-Type": "application/json",
            "Connection": "close" if last else "keep-alive",
        }
        if answer.status != HTTPStatus.NO_CONTENT:
            headers["Content-Length"] = str(len(content))
        headers |= answer.headers
        phrase = HTTPStatus(answer.status).phrase
        lines = [
            f"HTTP/1.1 {answer.status} {phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        connection.say("\r\n".join([*lines, "", ""]).encode() + content)
        connection.flush()
        if last:
            connection.hang_up()


def _head(connection: Connection) -> Request:
    """Return the next request without its body."""
    seen = 0
    while (end := connection.buffer.find(b"\r\n\r\n", seen)) < 0:
        seen = max(0, len(connection.buffer) - 3)
        # A rule may act before the body is read.
        connection.fill(1 << 12)
    first, _, rest = connection.consume(end + 4).partition(b"\r\n")
    method, target, _ = first.decode("ascii").split(" ")
    headers = {
        name.lower(): str(value)
        for name, value in parse_headers(io.BytesIO(rest)).items()
    }
    path, _, query = target.partition("?")
    return Request(method, path, headers, None, query=query)


def _encoded(body: Json) -> bytes:
    """Return the bytes of an answer's body."""
    if body is None:
        return b""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _parsed(body: bytes) -> Json:
    """A body as JSON; None if it isn't."""
    try:
        return json.loads(body)
    except ValueError:
        return None
