"""Ask the server of [joining] whether readers can unsubscribe there: a page that changes nothing, a
button, and the one click of mail apps (RFC 8058).
"""

import secrets

from briefing.configuration.settings import Settings
from briefing.errors import FetchError
from briefing.network.fetch import fetch
from briefing.network.fetch_guard import Guard

from .answers import PageAnswer, UnsubscribeAnswers

_TOKEN_BYTES = 15
"""Those of a reader's token; see keys.Key.name."""


def ask(settings: Settings, guard: Guard) -> UnsubscribeAnswers | None:
    """Return what the server answers to made-up tokens, which no reader has; None if readers
    don't unsubscribe at a server of [joining].
    """
    server = settings.joining.url
    url = settings.unsubscribe.url
    if not server or not url.startswith(f"{server}/"):
        return None
    return ask_at(url, guard)


def ask_at(url: str, guard: Guard) -> UnsubscribeAnswers:
    """Return what is answered at `url`, which contains {token}."""
    first, second = (
        url.replace("{token}", secrets.token_hex(_TOKEN_BYTES))
        for _ in range(2)
    )
    return UnsubscribeAnswers(
        url=url,
        page=_ask("GET", first, guard),
        button=_ask("POST", first, guard),
        button_again=_ask("POST", first, guard),
        button_with_other_token=_ask("POST", second, guard),
    )


def _ask(method: str, address: str, guard: Guard) -> PageAnswer:
    try:
        response = fetch(address, guard=guard, method=method)
    except FetchError as error:
        return PageAnswer(error=error.message)
    return PageAnswer(
        status=response.status,
        body=response.body,
        is_redirected=response.url != address,
        sets_cookie="Set-Cookie" in response.headers,
    )
