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
_PIECES = re.compile(r'\\.?|["()]|[^\\"()]++', re.DOTALL)
_PAIR = re.compile(
    r"(?<![a-z0-9._-])([a-z0-9._-]++)(?:\s*+/\s*+\d++)?\s*+=\s*+(\S++)"
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
    bare = _without_comments(field).lower()
    server, _, results = bare.partition(";")
    if "=" in server:  # Outlook's servers don't name themselves
        server, results = "", bare
    verdicts = []
    for result in results.split(";"):
        if pairs := _PAIR.findall(result):
            (method, value), *properties = pairs
            verdicts.append(
                AuthenticationVerdict(method, value, dict(properties))
            )
    return " ".join(server.split()[:1]), verdicts


def _without_comments(field: str) -> str:
    """Return a field without comments, which can nest (RFC 5322 3.2.2), and without quotes."""
    kept: list[str] = []
    depth = 0
    quoted = False
    for piece in _PIECES.findall(field):
        if piece == '"' and not depth:
            quoted = not quoted
        elif piece == "(" and not quoted:
            depth += 1
        elif piece == ")" and depth:
            depth -= 1
        elif not depth and piece[0] != "\\":
            kept.append(re.sub("[; ]", "", piece) if quoted else piece)
    return "".join(kept)
