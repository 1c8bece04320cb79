"""What an address must be like before anything of ours links to it."""

import re
from urllib.parse import urlsplit

JOINERS = "[\u200c\u200d]"


def unsafe(address: str) -> str:
    """Why an address must not be linked, as the end of a sentence that begins with it; empty if it may be."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "is no web address"
    if parts.scheme.lower() not in {"http", "https"} or not host or not re.match(r"https?://", address, re.IGNORECASE):
        return "is no whole web address; it begins with https://"
    if "@" in parts.netloc:
        return "holds a user name, as traps do; take out what stands before the @"
    joined = re.sub(JOINERS, "", address)  # Persian addresses are written with them, hosts aren't
    if re.search(r"[\s<>\"\\]", address) or not joined.isprintable() or not parts.netloc.isprintable():
        return "holds a space or a character that no web address has"
    return ""
