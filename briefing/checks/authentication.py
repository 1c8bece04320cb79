"""What mail servers say of a mail in its header: Authentication-Results (RFC 8601) and DKIM-Signature (RFC 6376)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Domains below which others register theirs, as far as the second label tells: co.uk, org.tr, ac.jp.
_REGISTRIES = "ac asso co com edu gen go gob gouv gov govt gr id idv ltd mil ne net nom od or org plc sch"
_SHARED = frozenset(_REGISTRIES.split())


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the server of the inbox found: `dkim=pass header.d=example.org`."""

    method: str
    result: str
    properties: Mapping[str, str]

    @property
    def passed(self) -> bool:
        return self.result == "pass"

    @property
    def domain(self) -> str:
        """The domain that it is about, where it says one."""
        names = ("header.d", "header.i", "smtp.mailfrom", "smtp.helo", "header.from")
        found = next((self.properties[name] for name in names if name in self.properties), "")
        return found.rpartition("@")[2].rstrip(".")


def verdicts(fields: Iterable[str]) -> list[Verdict]:
    """The verdicts of the last hop, in small letters.

    It put its field above all others, so the first one is believed, and further ones only if they name the same server:
    anybody can write such a field, and a server removes those in its own name (RFC 8601 5).
    """
    found: list[Verdict] = []
    trusted: str | None = None
    for field in fields:
        server, _, rest = _without_comments(field).lower().partition(";")
        if "=" in server:  # Outlook's servers don't name themselves
            server, rest = "", f"{server};{rest}"
        name = " ".join(server.split()[:1])
        if trusted is None:
            trusted = name
        elif name != trusted or not name:
            continue
        found += [verdict for part in rest.split(";") if (verdict := _verdict(part))]
    return found


def signatures(fields: Iterable[str]) -> list[dict[str, str]]:
    """The tags of DKIM signatures: `d` the domain, `h` the names of the signed header fields, and others."""
    tags = ((tag.partition("=") for tag in re.sub(r"\s", "", field).split(";")) for field in fields)
    return [{name: value.lower() for name, _, value in one} for one in tags]


def aligned(domain: str, sender: str) -> bool:
    """Whether a domain vouches for the sender's one, as DMARC's relaxed alignment wants it (RFC 7489 3.1)."""
    return bool(domain) and organisational(domain) == organisational(sender)


def organisational(domain: str) -> str:
    """The domain that an organisation registered: its last two labels, or three below such as co.uk.

    Without the public suffix list this is a rule of thumb: it errs below rare suffixes and where one can register below
    a private domain (github.io). That is good enough for advice; what counts is the inbox's own DMARC verdict.
    """
    labels = domain.lower().rstrip(".").split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3:] if shared else labels[-2:])


def _verdict(text: str) -> Verdict | None:
    pairs = re.findall(r"([a-z0-9._-]+)(?:\s*/\s*\d+)?\s*=\s*(\S+)", text)
    if not pairs:
        return None
    (method, result), *properties = pairs
    return Verdict(method, result, dict(properties))


def _without_comments(field: str) -> str:
    """A field without its comments, which nest (RFC 5322 3.2.2), and its quoted strings bare."""
    kept, depth, quoted, escaped = [], 0, False, False
    for character in field:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
        elif not depth and not (quoted and character in "; "):
            kept.append(character)
    return "".join(kept)
