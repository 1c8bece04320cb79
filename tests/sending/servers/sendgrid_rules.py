"""The faults that the SendGrid server can be given, and what it keeps of a request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from tests.sending.servers.http_rules import (
    Answer,
    HalfAnswer,
    HttpRule,
    Json,
    NoAnswer,
    Redirect,
    Reset,
)
from tests.sending.servers.listener import Kill

OfAddress = Callable[[str], bool]


@dataclass(frozen=True)
class BadReaders:
    """Refuses a request for the addresses that it names."""

    bad: OfAddress


@dataclass(frozen=True)
class UnnamedBad:
    """Refuses a request for an address, but doesn't say which."""

    bad: OfAddress


@dataclass(frozen=True)
class TooMany:
    """Asks the client to wait until a point in time."""

    reset_in: int = 1


Action = (
    Answer
    | BadReaders
    | UnnamedBad
    | Reset
    | HalfAnswer
    | NoAnswer
    | Redirect
    | TooMany
    | Kill
)


@dataclass
class SgRule(HttpRule):
    """One fault of SendGrid's."""

    action: Action
    path: str = "/v3/mail/send"

    def covers(self, body: Json) -> bool:
        if not super().covers(body):
            return False
        if isinstance(self.action, BadReaders | UnnamedBad):
            return any(map(self.action.bad, addresses(body)))
        return True


@dataclass(frozen=True)
class Accepted:
    """One reader's email that was taken over, and the place of its request in `requests`."""

    address: str
    personalization: Mapping[str, Json]
    request: int
    body: Mapping[str, Json] = field(repr=False)


class Rendered(TypedDict):
    """An email as its reader would get it."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def addresses(body: Json) -> list[str]:
    """The addresses that a body names, in the order of its personalizations; '' where one names
    none.
    """
    named = body.get("personalizations") if isinstance(body, dict) else None
    return (
        [address_of(personalization) for personalization in named]
        if isinstance(named, list)
        else []
    )


def address_of(personalization: Json) -> str:
    try:
        return str(personalization["to"][0]["email"])
    except (TypeError, LookupError):
        return ""


def rendered(accepted: Accepted) -> Rendered:
    """What SendGrid makes of a personalization: each substitution replaced in the subject and both
    contents.
    """
    body, own = accepted.body, accepted.personalization
    contents = {
        content["type"]: content["value"] for content in body["content"]
    }
    contents["subject"] = own.get("subject") or body.get("subject", "")
    for name, value in own.get("substitutions", {}).items():
        contents = {
            kind: text.replace(name, value) for kind, text in contents.items()
        }
    return Rendered(
        subject=contents["subject"],
        text=contents["text/plain"],
        html=contents.get("text/html", ""),
        headers={**body.get("headers", {}), **own.get("headers", {})},
    )
