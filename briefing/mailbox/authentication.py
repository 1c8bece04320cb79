"""Decide whether an email proved who sent it, by what our own mail server found out. No I/O.

Anyone can write any sender and any Authentication-Results into an email. Our server adds its own field
above all others when the email arrives, so only the topmost field counts, and only in the name of the
server that the editor has set.
"""

from .authentication_results import server_and_verdicts
from .headers import Header


def passed_dmarc(header: Header, checked_by: str) -> bool:
    """Whether the server `checked_by` found that the domain of the only sender stands behind the
    email (DMARC, RFC 7489): then `header.sender` is who sent it.
    """
    fields = header.all("Authentication-Results")
    domain = header.sender.rpartition("@")[2]
    if not (fields and checked_by and domain):
        return False
    server, verdicts = server_and_verdicts(fields[0])
    if server != checked_by.lower():
        return False
    found = [verdict for verdict in verdicts if verdict.method == "dmarc"]
    # A second one could come from what a sender wrote into a comment or a name.
    return (
        len(found) == 1
        and found[0].passed
        and found[0].properties.get("header.from") == domain
    )
