"""A server that speaks HTTP, keeps its requests, and fails on demand; subclasses give the answers."""

import io
import json
from collections.abc import Sequence
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
            method, target, headers = _head(connection)
            path, _, query = target.partition("?")
            due = self._due(path)
            if due and due[0].early:
                due[0].acted += 1
                self._receive(Request(method, path, headers, None))
                connection.reset()
            if (
                "content-length" not in headers
                and "transfer-encoding" in headers
            ):
                self._say(connection, Answer(411), last=True)
            length = int(headers.get("content-length", 0))
            while len(connection.buffer) < length:
                connection.fill()
            content = connection.used(length)
            body = _parsed(content)
            request = Request(method, path, headers, body, content, query)
            number = self._receive(request)
            answer = self.too_large(length) or self._do(
                connection, self._chosen(due, body), request, number
            )
            self._say(
                connection,
                answer,
                last=headers.get("connection", "").lower() == "close",
            )

    def _due(self, path: str) -> list[HttpRule]:
        with self.lock:
            here = [rule for rule in self.rules if rule.leads_to(path)]
            for rule in here:
                rule.reached += 1
            return [rule for rule in here if rule.due()]

    def _chosen(self, due: list[HttpRule], body: Json) -> Any:
        with self.lock:
            for rule in due:
                if (
                    rule.times is None or rule.acted < rule.times
                ) and rule.covers(body):
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
        accepted = (
            not action.before
            if isinstance(action, Reset)
            else action is None or action.accepted
        )
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
                connection.leave()
            case NoAnswer():
                connection.pause(action.seconds)
                raise ConnectionAbortedError("a rule asks for no answer")

    def _say(
        self, connection: Connection, answer: Answer, *, last: bool
    ) -> None:
        body = answer.body
        content = (
            body
            if isinstance(body, bytes)
            else b""
            if body is None
            else json.dumps(body).encode()
        )
        headers = {
            "Content-Type": "application/json",
            **(
                {}
                if answer.status == 204
                else {"Content-Length": str(len(content))}
            ),
            "Connection": "close" if last else "keep-alive",
            **answer.headers,
        }
        phrase = HTTPStatus(answer.status).phrase
        lines = [
            f"HTTP/1.1 {answer.status} {phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        connection.say("\r\n".join([*lines, "", ""]).encode() + content)
        connection.flush()
        if last:
            connection.leave()


def _head(connection: Connection) -> tuple[str, str, dict[str, str]]:
    """Method, target and headers of the next request."""
    seen = 0
    while (end := connection.buffer.find(b"\r\n\r\n", seen)) < 0:
        seen = max(0, len(connection.buffer) - 3)
        connection.fill(1 << 12)  # a rule may act before the body is read
    first, _, rest = connection.used(end + 4).partition(b"\r\n")
    method, target, _ = first.decode("ascii").split(" ")
    headers = {
        name.lower(): str(value)
        for name, value in parse_headers(io.BytesIO(rest)).items()
    }
    return method, target, headers


def _parsed(body: bytes) -> Json:
    """A body as JSON; None if it isn't."""
    try:
        return json.loads(body)
    except ValueError:
        return None
