"""Parse Authentication-Results (RFC 8601), in which a mail server says whether an email proved who sent it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_DOMAIN_PROPERTIES = (
    "header.d",
    "header.i",
    "smtp.mailfrom",
    "smtp.helo",
    "header.from",
)


@dataclass(frozen=True, slots=True)
class AuthenticationVerdict:
    """One result of the inbox's server, such as `dkim=pass header.d=example.org`."""

    method: str
    result: str
    properties: Mapping[str, str]

    @property
    def passed(self) -> bool:
        return self.result == "pass"

    @property
    def domain(self) -> str:
        """The domain that was checked; empty if none is named."""
        for name in _DOMAIN_PROPERTIES:
            if name in self.properties:
                return self.properties[name].rpartition("@")[2].rstrip(".")
        return ""


def parse_verdicts(fields: Iterable[str]) -> list[AuthenticationVerdict]:
    """Return the verdicts of the last server, in lower case.

    Each server adds its field at the top. So the first field is trusted, and others only if they
    name the same server: anyone can forge such a field, but a server removes forgeries in its own
    name (RFC 8601 5).
    """
    found: list[AuthenticationVerdict] = []
    trusted: str | None = None
    for field in fields:
        server, verdicts = server_and_verdicts(field)
        if trusted is None:
            trusted = server
        elif server != trusted or not server:
            continue
        found += verdicts
    return found


def server_and_verdicts(field: str) -> tuple[str, list[AuthenticationVerdict]]:
    """Return the name of the server that added a field, which may be empty, and what it found; all in
    lower case.
    """
    server, results = _server_and_results(field)
    verdicts = map(_verdict, results.split(";"))
    return server, list(filter(None, verdicts))


def _server_and_results(field: str) -> tuple[str, str]:
    """Split a field into the name of its server, which may be empty, and the results after it."""
    bare = _without_comments(field).lower()
    server, _, results = bare.partition(";")
    if "=" in server:  # Outlook's servers don't name themselves
        return "", bare
    return " ".join(server.split()[:1]), results


def _verdict(text: str) -> AuthenticationVerdict | None:
    """Return the verdict in one result; None if it names no method."""
    pairs = re.findall(
        r"(?<![a-z0-9._-])([a-z0-9._-]++)(?:\s*+/\s*+\d++)?\s*+=\s*+(\S++)",
        text,
    )
    if not pairs:
        return None
    (method, result), *properties = pairs
    return AuthenticationVerdict(method, result, dict(properties))


def _without_comments(field: str) -> str:
    """Return a field without comments, which can nest (RFC 5322 3.2.2), and without quotes."""
    scanner = _CommentScanner()
    return "".join(filter(scanner.keeps, field))


class _CommentScanner:
    """Reads a field character by character, keeping track of comments and quotes."""

    def __init__(self) -> None:
        self._depth = 0
        """How many comments are open."""
        self._in_quotes = False
        self._escaped = False

    def keeps(self, character: str) -> bool:
        """Whether the next character belongs to the field without comments and quotes."""
        if self._escaped or character == "\\":
            self._escaped = not self._escaped
            return False
        if character == '"' and not self._depth:
            self._in_quotes = not self._in_quotes
            return False
        if self._opens_or_closes(character):
            return False
        return not self._depth and not (self._in_quotes and character in "; ")

    def _opens_or_closes(self, character: str) -> bool:
        if character == "(" and not self._in_quotes:
            self._depth += 1
            return True
        if character == ")" and self._depth:
            self._depth -= 1
            return True
        return False
