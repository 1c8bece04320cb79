"""SendGrid's API (v3): requests through its library, with a time-out, without redirects, and silent; and what
its answers say about the readers of a request.

Only 202 means that emails were accepted, and only 4xx that they weren't. Everything else says
nothing: another 2xx (200 is the sandbox), a redirect, an error of its own. SendGrid documents every
5xx as an error while it processed a valid request (500) or as an API that isn't available (503),
and 502 and 504 not at all; none of them is said to mean that no email was taken.
"""

import logging
import re
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import python_http_client
from sendgrid import SendGridAPIClient

from briefing.configuration.settings import Settings
from briefing.errors import TransportError
from briefing.network import http_client
from briefing.network.http_client import Answer, RawResponse
from briefing.text.header_fields import read_moment

from .replies import Reply

HOSTS = {
    "global": "https://api.sendgrid.com",
    "eu": "https://api.eu.sendgrid.com",
}

# At DEBUG the library logs the key and every address. A filter stays in force whatever level or
# handler is set later.
logging.getLogger("python_http_client.client").addFilter(lambda _record: False)

SENDING = "mail.send"
"""What a key must be allowed (SendGrid, scopes)."""
_SECONDS = re.compile(r"\s*\d{1,12}\s*", re.ASCII)
_READER = re.compile(r"personalizations\.(\d{1,4})(?:\..*)?", re.DOTALL)

_ADVICE = {
    401: "doesn't accept the key; make a new one at SendGrid (Settings, API Keys), and check 'region' under [sendgrid]",
    403: "doesn't allow this key or this sender; give the key the access it lacks, and verify the sender's domain",
    404: "has no address for sending (mail/send) there; check 'host' and 'region' under [sendgrid] in briefing.toml",
    405: "doesn't accept requests of version 3; check 'host' under [sendgrid] in briefing.toml",
    413: "says that the request is too large; use fewer or smaller photos",
    415: "doesn't accept JSON; check 'host' under [sendgrid] in briefing.toml",
}
"""Refusals that stop the send, and what to do."""
_NO_CREDITS = "has no credits left for this account; wait until they are renewed, or buy more"
_REDIRECT = "redirects to another address, where the key must not go; check 'host' under [sendgrid] in briefing.toml"
_UNAVAILABLE = "isn't working at the moment; try again later"


class Meaning(Enum):
    """What an answer says about the readers of a request."""

    ACCEPTED = "all emails were accepted"
    NAMED = "some readers were refused by name, and nothing was accepted"
    UNNAMED = "something in the request was refused, and nothing was accepted"
    LATER = "too many requests, so nothing was accepted"
    NOT_SENT = "the request didn't go out completely, so nothing was accepted"
    UNKNOWN = "emails may have been accepted, or not"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer to a request to send means."""

    meaning: Meaning
    words: str = ""
    """The provider's, without addresses."""
    named: Mapping[int, str] = field(default_factory=dict)
    """The readers refused by name: their position in the request, and the words."""
    pause: float = 0.0
    """Seconds until the next request is allowed; 0 if unknown."""


def host(settings: Settings) -> str:
    """Return where the account's servers are, with the scheme."""
    return settings.sendgrid.host or HOSTS[settings.sendgrid.region]


class Api:
    """The library's client with a time-out, without redirects, and silent."""

    def __init__(self, host: str, api_key: str, timeout: float) -> None:
        if not http_client.is_key(api_key):
            # The library would put it into an exception, or look for another one in the
            # environment.
            raise TransportError(
                "the API key for SendGrid is empty, or has characters that no key has; copy it again"
            )
        self._host = host
        self._secret = api_key
        library = SendGridAPIClient(api_key, host=host)
        self._client = _Client(
            host=host,
            request_headers=library.client.request_headers,
            version=3,
            timeout=timeout,
        )
        self._client.opener = http_client.make_opener()

    def ask(self, call: Callable[[Any], Any]) -> Answer:
        """Return the answer to what `call` does with the client."""

        def request() -> RawResponse:
            response = call(self._client)
            return response.status_code, response.body, response.headers

        return http_client.ask(self._host, self._secret, request)


class _Client(python_http_client.Client):  # type: ignore[misc]  # the library ships no types
    """The library's client, with an opener of ours: its own follows redirects, and takes the key
    along.
    """

    opener: urllib.request.OpenerDirector | None = None
    _body: bytes | None = None

    def post_json(self, body: bytes) -> Any:
        """Post JSON that is encoded already; the library would encode it again, and format it for
        a log.
        """
        self._body = body
        return self.post(request_headers={"Content-Type": "application/json"})

    def _build_client(self, name: str | None = None) -> "_Client":
        client = _Client(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            timeout=self.timeout,
        )
        client.opener = self.opener
        return client

    def _make_request(
        self,
        _opener: object,
        request: urllib.request.Request,
        timeout: float | None = None,
    ) -> Any:
        assert self.opener
        if self._body is not None:
            request.data = self._body
        return self.opener.open(request, timeout=timeout or self.timeout)


# What answers mean


def judge(answer: Answer, addresses: Sequence[str]) -> Verdict:
    """Return what an answer says about the readers of a request, given by address in its order.

    Raises TransportError, saying what to do, for a refusal that isn't about readers; then nothing
    was accepted.
    """
    words = describe(answer)
    if answer.status == 202:
        return Verdict(Meaning.ACCEPTED)
    if answer.status == 429:
        return Verdict(Meaning.LATER, words, pause=_pause(answer))
    if answer.status // 100 != 4:
        return Verdict(Meaning.UNKNOWN, words)
    if answer.status != 400:
        raise TransportError(describe_refusal(answer))
    named = _readers_named(answer, addresses)
    return Verdict(Meaning.NAMED if named else Meaning.UNNAMED, words, named)


def _readers_named(answer: Answer, addresses: Sequence[str]) -> dict[int, str]:
    """Return the readers refused by name, by position, each with the words. Raises TransportError
    for another field.
    """
    named: dict[int, str] = {}
    for place, message in parse_errors(answer):
        reader = _READER.fullmatch(place)
        if place and not reader:
            words = describe(answer)
            raise TransportError(
                f"SendGrid rejects something in the issue or the settings, not a reader: {words}"
            )
        position = int(reader[1]) if reader else len(addresses)
        if position < len(addresses):
            named.setdefault(position, Reply(400, message).words)
    return named


def parse_errors(answer: Answer) -> list[tuple[str, str]]:
    """Return an answer's errors as field (may be empty) and message; none if it isn't in SendGrid's
    form.
    """
    errors = answer.fields().get("errors")
    parsed = []
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            parsed.append(
                (str(error.get("field") or ""), str(error.get("message") or ""))
            )
    return parsed


def describe(answer: Answer) -> str:
    """Return status and messages on one line, in their usual words only."""
    if not answer.status:
        return answer.failure
    messages = [
        f"{place}: {message}" if place else message
        for place, message in parse_errors(answer)
    ]
    return Reply(answer.status, "; ".join(messages)).words


def _pause(answer: Answer) -> float:
    """Return the seconds until another request is allowed; 0 if the answer doesn't say.

    Both of its times are SendGrid's, so it doesn't matter what this computer's clock shows.
    """
    reset = answer.headers.get("X-RateLimit-Reset", "")
    now = read_moment(answer.headers.get("Date", ""))
    if now is None or not now.tzinfo or not _SECONDS.fullmatch(reset):
        return 0.0
    return float(reset) - now.timestamp()


def describe_refusal(answer: Answer) -> str:
    """Return one line about an answer that refuses, with what to do."""
    words = describe(answer)
    return f"SendGrid {_advice(answer)} ({words})" if answer.status else words


def _advice(answer: Answer) -> str:
    kind = answer.status // 100
    if kind == 3:
        return _REDIRECT
    if kind == 5 or answer.status == 429:
        return _UNAVAILABLE
    if answer.status == 401 and any(
        "credit" in message.lower() for _, message in parse_errors(answer)
    ):
        return _NO_CREDITS
    return _ADVICE.get(answer.status, "refuses")


def check_key(answer: Answer) -> None:
    """Check what a key is allowed (GET /v3/scopes). Raises TransportError unless it may send."""
    if answer.status != 200:
        raise TransportError(f"{describe_refusal(answer)}; nothing was sent")
    scopes = answer.fields().get("scopes")
    if not isinstance(scopes, list):
        raise TransportError(
            "the server isn't SendGrid; check 'host' under [sendgrid]; nothing was sent"
        )
    if SENDING not in scopes:
        raise TransportError(
            f"the API key for SendGrid lacks {SENDING}; make one with this access (at SendGrid: Settings, API Keys); "
            "nothing was sent"
        )
