"""Recognise the parameters of web addresses that only track readers; the table is in
data/tracking.toml.
"""

import re
from urllib.parse import unquote_plus

from briefing.collecting.text.hosts import parents
from briefing.collecting.text.wordlists import load_data, words, words_by_name

_TABLE = load_data(__file__, "tracking")
_ANYWHERE = words(_TABLE["anywhere"])
_PREFIXES = tuple(words(_TABLE["prefixes"]))
_SITE = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,18}", re.IGNORECASE)
_ON_HOSTS = words_by_name(_TABLE["hosts"])


def is_tracking(parameter: str, host: str) -> bool:
    """Whether a parameter (`name=value`, still encoded) of an address on `host` is a tracker."""
    name, _, value = parameter.partition("=")
    name = unquote_plus(name).casefold()
    name = name.removeprefix("amp;")
    if name in _ANYWHERE or name.startswith(_PREFIXES):
        return True
    if name == "ref" and _SITE.fullmatch(value):
        # Ghost adds the newsletter's host to the links in it.
        return True
    return any(name in _ON_HOSTS.get(parent, ()) for parent in parents(host))
