"""What to check before a release: `python -m tests.release`, or `make release-check`.

Collecting sends the User-Agent of Firefox ESR. Once Mozilla has a newer one, ours stands out.
"""

import json
import sys
from collections.abc import Mapping

from briefing.network.fetch import USER_AGENT, fetch

VERSIONS = "https://product-details.mozilla.org/1.0/firefox_versions.json"


def outdated(versions: Mapping[str, str]) -> str:
    """Return what to change in briefing/network/fetch.py, or "" if the User-Agent is that of an ESR."""
    sent = USER_AGENT.rpartition("/")[2].partition(".")[0]
    names = ("FIREFOX_ESR", "FIREFOX_ESR_NEXT")
    supported = [versions.get(name, "").partition(".")[0] for name in names]
    if sent in supported:
        return ""
    newest = max(filter(None, supported), key=int)
    return f"briefing/network/fetch.py: the User-Agent is that of Firefox {sent}; make it {newest}"


if __name__ == "__main__":
    sys.exit(outdated(json.loads(fetch(VERSIONS).body)) or None)
