"""Turn the email addresses and telephone numbers of a contact into links that can be tapped."""

import re

from markupsafe import Markup, escape

from briefing.configuration.values import ADDRESS

FEWEST_DIGITS = 7
FEWEST_WITHOUT_PREFIX = 10
"""Digits of a number that begins with neither + nor 0: a shorter one may be a date or a file number."""

_UNBROKEN = str.maketrans(" -", "\u00a0\u2011")
"""Spaces and hyphens that keep a number on one line; Outlook doesn't know `white-space: nowrap`."""
# "+44 (0)20 7946 0018"
_NUMBER = r"\+?\(?[0-9][0-9 \u00a0()/.\u2011-]{5,30}[0-9]"
_MAIL = r"[^\s,;:<>()\u2066-\u2069\u060c\uff0c\u3001\uff08\uff09]{1,64}@[A-Za-z0-9.-]{1,250}"
_TAPPABLE = re.compile(rf"(?<![\w@+])({_NUMBER})(?![\w@])|{_MAIL}")


def tappable(text: str) -> Markup:
    """Return the words of a contact as HTML, with `tel:` and `mailto:` links."""
    html = Markup()
    end = 0
    for found in _TAPPABLE.finditer(text):
        words = found[0]
        link = _telephone(words) if found[1] else _mail(words)
        if link:
            html += escape(text[end : found.start()]) + link
            end = found.end()
    return html + escape(text[end:])


def _telephone(words: str) -> Markup:
    """Return the link that dials a number (RFC 3966); nothing if it isn't one."""
    number = words
    if number.startswith("+"):
        number = number.replace("(0)", "")  # only dialled within the country
    digits = re.sub(r"[^0-9]", "", number)
    has_prefix = number.lstrip("(").startswith(("+", "0"))
    fewest = FEWEST_DIGITS if has_prefix else FEWEST_WITHOUT_PREFIX
    if len(digits) < fewest:
        return Markup()
    plus = "+" if number.startswith("+") else ""
    return Markup('<a href="tel:{}{}">{}</a>').format(
        plus, digits, words.translate(_UNBROKEN)
    )


def _mail(address: str) -> Markup:
    if not ADDRESS.fullmatch(address):
        return Markup()
    return Markup('<a href="mailto:{0}">{0}</a>').format(address)
