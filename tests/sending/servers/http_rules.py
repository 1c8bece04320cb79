"""The faults that an HTTP server can be given, and what it keeps of a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.sending.servers.listener import Turns

Json = Any


@dataclass(frozen=True)
class Answer:
    """An answer; a mapping goes out as JSON."""

    status: int
    body: Mapping[str, Json] | list[Json] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reset:
    """Resets the connection: before anything counts as accepted, and within the request if the rule
    has no `when`.
    """

    before: bool = True

    @property
    def accepted(self) -> bool:
        return not self.before


@dataclass(frozen=True)
class HalfAnswer:
    """Breaks off within the first line of the answer."""

    accepted: bool = True


@dataclass(frozen=True)
class NoAnswer:
    """Says nothing for so long, and then ends the connection."""

    seconds: float
    accepted: bool = True


@dataclass(frozen=True)
class Redirect:
    """Sends the client elsewhere."""

    location: str
    status: int = 302


@dataclass
class HttpRule(Turns):
    """One fault, for requests to `path` and below it; `when` is asked about the parsed body."""

    action: Any
    path: str
    when: Callable[[Json], bool] | None = None

    @property
    def early(self) -> bool:
        """Whether it acts before the body is read."""
        return self.when is None and self.action == Reset(before=True)

    def leads_to(self, path: str) -> bool:
        return path == self.path or path.startswith(f"{self.path}/")

    def covers(self, body: Json) -> bool:
        return self.when is None or self.when(body)


@dataclass(frozen=True)
class Request:
    """One request as it arrived; names of headers are in small letters, `json` is None where there
    was none.
    """

    method: str
    path: str
    headers: dict[str, str]
    json: Json
    body: bytes = field(default=b"", repr=False)
    query: str = ""
