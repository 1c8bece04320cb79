"""What the SendGrid server can be told to do wrong, and what it keeps of a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from tests.sending.servers.listener import Kill, Turns

Json = Any
OfAddress = Callable[[str], bool]


@dataclass(frozen=True)
class Answer:
    """Answers so; a mapping goes out as JSON."""

    status: int
    body: Mapping[str, Json] | list[Json] | bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BadReaders:
    """Refuses a request for the addresses that it names."""

    bad: OfAddress


@dataclass(frozen=True)
class UnnamedBad:
    """Refuses a request for an address, but doesn't say which."""

    bad: OfAddress


@dataclass(frozen=True)
class Reset:
    """Resets the connection: before anything counts as accepted, and within the request if the rule has no `when`."""

    before: bool = True


@dataclass(frozen=True)
class HalfAnswer:
    """Breaks off within the first line of the answer."""

    accepted: bool = True


@dataclass(frozen=True)
class NoAnswer:
    """Says nothing for so long, and ends the connection then."""

    seconds: float
    accepted: bool = True


@dataclass(frozen=True)
class Redirect:
    """Sends the client elsewhere."""

    location: str
    status: int = 302


@dataclass(frozen=True)
class TooMany:
    """Asks the client to wait until a point in time."""

    reset_in: int = 1


Action = Answer | BadReaders | UnnamedBad | Reset | HalfAnswer | NoAnswer | Redirect | TooMany | Kill


@dataclass
class SgRule(Turns):
    """One fault, for requests to `path` and below it; `when` is asked about the parsed body."""

    action: Action
    path: str = "/v3/mail/send"
    when: Callable[[Json], bool] | None = None

    @property
    def early(self) -> bool:
        """Whether it acts before the body is read."""
        return self.when is None and self.action == Reset(before=True)

    def leads_to(self, path: str) -> bool:
        return path == self.path or path.startswith(f"{self.path}/")

    def covers(self, body: Json) -> bool:
        if self.when and not self.when(body):
            return False
        if isinstance(self.action, BadReaders | UnnamedBad):
            return any(map(self.action.bad, addresses(body)))
        return True


@dataclass(frozen=True)
class Request:
    """One request as it arrived; names of headers are in small letters, `json` is None where there was none."""

    method: str
    path: str
    headers: dict[str, str]
    json: Json


@dataclass(frozen=True)
class Accepted:
    """One reader's mail that was taken over, and the place of its request in `requests`."""

    address: str
    personalization: Mapping[str, Json]
    request: int
    body: Mapping[str, Json] = field(repr=False)


class Rendered(TypedDict):
    """A mail as its reader would get it."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def addresses(body: Json) -> list[str]:
    """The addresses that a body names, in the order of its personalizations; '' where one names none."""
    named = body.get("personalizations") if isinstance(body, dict) else None
    return [address_of(one) for one in named] if isinstance(named, list) else []


def address_of(personalization: Json) -> str:
    try:
        return str(personalization["to"][0]["email"])
    except (TypeError, LookupError):
        return ""


def rendered(accepted: Accepted) -> Rendered:
    """What SendGrid makes of a personalization: each substitution replaced in the subject and both contents."""
    body, own = accepted.body, accepted.personalization
    contents = {content["type"]: content["value"] for content in body["content"]}
    contents["subject"] = own.get("subject") or body.get("subject", "")
    for name, value in own.get("substitutions", {}).items():
        contents = {kind: text.replace(name, value) for kind, text in contents.items()}
    return Rendered(
        subject=contents["subject"],
        text=contents["text/plain"],
        html=contents.get("text/html", ""),
        headers={**body.get("headers", {}), **own.get("headers", {})},
    )
