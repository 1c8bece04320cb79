"""What SendGrid refuses in a request to send, and what we don't allow ourselves."""

import re
from collections.abc import Collection, Iterator, Mapping

from tests.sending.servers.http_rules import Json
from tests.sending.servers.sendgrid_rules import address_of, addresses

MOST_BYTES = 30_000_000
MOST_PERSONALIZATIONS = 1000
MOST_SUBSTITUTIONS = 150
MOST_BYTES_OF_SUBSTITUTIONS = 10_000
PLAIN = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,}"
)
RESERVED = {
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
}
TRACKING = (
    "click_tracking",
    "open_tracking",
    "subscription_tracking",
    "ganalytics",
)
NO_ADDRESS = "Does not contain a valid address."

Complaint = tuple[str | None, str]


def refusals(body: Json) -> Iterator[Complaint]:
    """What SendGrid would answer 400 for, as field and message."""
    if not isinstance(body, dict):
        yield None, "Bad Request"
        return
    named = _personalizations(body)
    if not named:
        yield (
            "personalizations",
            "The personalizations field is required and must have at least one personalization.",
        )
        return
    if len(named) > MOST_PERSONALIZATIONS:
        yield (
            "personalizations",
            f"There is a limit of {MOST_PERSONALIZATIONS} personalizations.",
        )
    if not PLAIN.fullmatch(str(_within(body, "from", "email"))):
        yield "from.email", NO_ADDRESS
    if not all(
        _text(personalization.get("subject", body.get("subject")))
        for personalization in named
    ):
        yield "subject", "The subject is required."
    yield from _content(body.get("content"))
    yield from _common(body, "")
    yield from _of_readers(named)


def _personalizations(body: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Return those of a body; none if any of them isn't an object."""
    named = body.get("personalizations")
    if not isinstance(named, list):
        return []
    are_objects = all(isinstance(each, dict) for each in named)
    return named if are_objects else []


def _text(value: Json) -> bool:
    return isinstance(value, str) and value != ""


def _within(body: Mapping[str, Json], *names: str) -> Json:
    value: Json = body
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _content(content: Json) -> Iterator[Complaint]:
    if not isinstance(content, list) or not content:
        yield "content", "The content is required."
        return
    kinds = [
        part.get("type") if isinstance(part, dict) else None for part in content
    ]
    if kinds not in (["text/plain"], ["text/plain", "text/html"]):
        yield (
            "content",
            "The content must be text/plain, followed by text/html, each at most once.",
        )
    elif not all(_text(part.get("value")) for part in content):
        yield (
            "content.0.value",
            "The content value must be a string at least one character in length.",
        )


def _common(part: Mapping[str, Json], prefix: str) -> Iterator[Complaint]:
    """The fields allowed in a request and in a personalization."""
    headers = part.get("headers", {})
    if not isinstance(headers, dict) or not all(
        _text(value) for value in headers.values()
    ):
        yield f"{prefix}headers", "The headers must be an object of strings."
    elif RESERVED & {name.lower() for name in headers}:
        yield f"{prefix}headers", "A header is reserved."


def _of_readers(named: list[dict[str, Json]]) -> Iterator[Complaint]:
    seen: set[str] = set()
    for number, personalization in enumerate(named):
        prefix = f"personalizations.{number}."
        address = address_of(personalization)
        if not PLAIN.fullmatch(address):
            yield f"{prefix}to.0.email", NO_ADDRESS
        elif address.lower() in seen:
            yield f"{prefix}to.0.email", "Each email address must be unique."
        seen.add(address.lower())
        yield from _common(personalization, prefix)
        substitutions = personalization.get("substitutions", {})
        if not isinstance(substitutions, dict) or not all(
            isinstance(text, str) for text in substitutions.values()
        ):
            yield (
                f"{prefix}substitutions",
                "The substitutions must be an object of strings.",
            )
        elif len(substitutions) > MOST_SUBSTITUTIONS:
            yield (
                f"{prefix}substitutions",
                f"There is a limit of {MOST_SUBSTITUTIONS} substitutions.",
            )
        elif _size(substitutions) > MOST_BYTES_OF_SUBSTITUTIONS:
            yield (
                f"{prefix}substitutions",
                f"There is a limit of {MOST_BYTES_OF_SUBSTITUTIONS} bytes.",
            )


def _size(substitutions: Mapping[str, str]) -> int:
    pairs = substitutions.items()
    return sum(len(name.encode() + text.encode()) for name, text in pairs)


def violations(body: Mapping[str, Json]) -> Iterator[str]:
    """What SendGrid would do, and we don't want."""
    for number, personalization in enumerate(body["personalizations"]):
        if len(personalization["to"]) != 1:
            yield f"personalizations.{number} is for {len(personalization['to'])} readers"
        for copies in ("cc", "bcc"):
            if copies in personalization:
                yield f"personalizations.{number} has {copies}"
    for tracking in TRACKING:
        if _within(body, "tracking_settings", tracking, "enable") is not False:
            yield f"{tracking} isn't switched off"
    if (
        _within(body, "tracking_settings", "click_tracking", "enable_text")
        is not False
    ):
        yield "click_tracking isn't switched off in the text"


def named_as_bad(body: Json, bad: Collection[str]) -> list[Complaint]:
    """A complaint for each personalization that is for one of these addresses."""
    named = enumerate(addresses(body))
    return [
        (f"personalizations.{number}.to.0.email", NO_ADDRESS)
        for number, address in named
        if address in bad
    ]
